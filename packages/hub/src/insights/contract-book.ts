import type { CompiledPact } from '@concordat/conformance';
import type { CallCountStore } from './call-count-store.ts';
import type { ContractSources, ProviderContractInForce } from './contract-facts.ts';
import type { FindingStore } from './finding-store.ts';
import type { FindingLifeStore } from './findings/finding-life-store.ts';
import { stillHolds } from './findings/still-holds.ts';
import { compileInForce, type PactsByPair, PromiseBook } from './promise-book.ts';
import type { PromiseStore } from './promise-store.ts';
import { PromiseWatch } from './promise-watch.ts';
import { ProviderContractsInForce } from './provider-contracts-in-force.ts';

/** A hub that shares its database hears nothing of what the others write, so a book is never older than this. */
const OLDEST_BOOK_MS = 30_000;

export interface ContractBookDeps {
  readonly sources: ContractSources;
  readonly counts: CallCountStore;
  readonly findings: FindingStore;
  readonly lives: FindingLifeStore;
  readonly promises: PromiseStore;
  readonly now: () => Date;
}

/**
 * Keeps the promise book up to date; with every new book findings that no longer hold are resolved. Only what changed is read and
 * compiled, one consumer at a time, and other work has its turn between two of them.
 */
export class ContractBook {
  readonly #deps: ContractBookDeps;
  readonly #compiled = new Map<string, CompiledPact>();
  readonly #watch: PromiseWatch;
  #consumers = new Map<string, PactsByPair>();
  #providers = new ProviderContractsInForce([]);
  #book: { readonly book: PromiseBook; readonly edition: number } | undefined;
  #edition = 0;
  #fullyReadAt = Number.NEGATIVE_INFINITY;
  #changed: Set<string> | 'all' = 'all';
  #loading: Promise<void> | undefined;
  #isStopped = false;

  constructor(deps: ContractBookDeps) {
    this.#deps = deps;
    this.#watch = new PromiseWatch(deps);
  }

  /** Contracts have changed, of these pacticipants or anyone's: the next `current` reads them anew. */
  invalidate(pacticipants?: readonly string[]): void {
    this.#edition += 1;
    this.#add(pacticipants ?? 'all');
  }

  /** Nobody waits for a book any more: reading ends with the consumer it is at, and `current` may reject. */
  stop(): void {
    this.#isStopped = true;
  }

  /** A book with everything that had changed when it was asked for. */
  async current(): Promise<PromiseBook> {
    const edition = this.#edition;
    let book = this.#fresh(edition);
    while (book === undefined) {
      this.#loading ??= this.#load().finally(() => {
        this.#loading = undefined;
      });
      await this.#loading;
      book = this.#fresh(edition);
    }
    return book;
  }

  /** The book if it is up to date as it is, without reading anything. */
  peek(): PromiseBook | undefined {
    return this.#fresh(this.#edition);
  }

  #fresh(edition: number): PromiseBook | undefined {
    const isFresh = this.#book !== undefined && this.#book.edition >= edition && !this.#isOld();
    return isFresh ? this.#book?.book : undefined;
  }

  #isOld(): boolean {
    return this.#deps.now().getTime() - this.#fullyReadAt >= OLDEST_BOOK_MS;
  }

  #add(pacticipants: Iterable<string> | 'all'): void {
    if (pacticipants === 'all' || this.#changed === 'all') {
      this.#changed = 'all';
      return;
    }
    for (const name of pacticipants) this.#changed.add(name);
  }

  async #load(): Promise<void> {
    const changed = this.#isOld() ? 'all' : this.#changed;
    this.#changed = new Set();
    try {
      await this.#read(changed);
    } catch (error) {
      this.#add(changed);
      throw error;
    }
  }

  async #read(changed: ReadonlySet<string> | 'all'): Promise<void> {
    const { sources, now } = this.#deps;
    const edition = this.#edition;
    const at = now();
    const consumers = await this.#readConsumers(changed);
    const providerContracts = await this.#readProviders(changed);
    const [recorded, environments, pacticipants] = await Promise.all([
      sources.recordedVersions(),
      sources.environments(),
      sources.pacticipants(),
    ]);
    const pairs = new Map([...consumers.values()].flatMap((pacts) => [...pacts]));
    const book = new PromiseBook({
      pairs,
      recorded,
      environments,
      pacticipants,
      providerContracts,
      asOf: Math.max(0, (changed === 'all' ? at.getTime() : this.#fullyReadAt) * 1000),
    });
    await this.#watch.watch(changed === 'all' ? pairs : pairsOf(changed, consumers), at);
    await this.#watch.watchDeclared(providerContracts, at);
    await this.#resolveFindings(book, at);
    this.#consumers = consumers;
    this.#providers = providerContracts;
    if (changed === 'all') {
      this.#forgetUnused();
      this.#fullyReadAt = at.getTime();
    }
    this.#book = { book, edition };
  }

  async #readConsumers(changed: ReadonlySet<string> | 'all'): Promise<Map<string, PactsByPair>> {
    const { sources } = this.#deps;
    const names = changed === 'all' ? await sources.consumers() : changed;
    const consumers = changed === 'all' ? new Map<string, PactsByPair>() : new Map(this.#consumers);
    for (const name of names) {
      if (this.#isStopped) throw new Error('The hub is closing; contracts are read no more.');
      const pacts = await sources.contractsInForce(name, this.#compiled);
      consumers.set(name, compileInForce(pacts, this.#compiled));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return consumers;
  }

  async #readProviders(changed: ReadonlySet<string> | 'all'): Promise<ProviderContractsInForce> {
    const { sources } = this.#deps;
    const known = this.#providers.operationsBySha;
    if (changed === 'all') {
      return this.#providers.replaced(await sources.providerContractsInForce(undefined, known));
    }
    const contracts: ProviderContractInForce[] = [];
    for (const name of changed) {
      contracts.push(...(await sources.providerContractsInForce(name, known)));
    }
    return this.#providers.changed(changed, contracts);
  }

  /** Lets go of compiled pacts that are in force no more. */
  #forgetUnused(): void {
    const pairs = [...this.#consumers.values()].flatMap((pacts) => [...pacts.values()]);
    const used = new Set(pairs.flatMap((pacts) => pacts.map(({ sha }) => sha)));
    for (const sha of this.#compiled.keys()) {
      if (!used.has(sha)) {
        this.#compiled.delete(sha);
      }
    }
  }

  async #resolveFindings(book: PromiseBook, at: Date): Promise<void> {
    const { findings, lives } = this.#deps;
    const open = await findings.open();
    const solved = open.filter((finding) => !stillHolds(finding, book)).map(({ id }) => id);
    await lives.resolve(solved, { at: at.getTime() * 1000, resolution: 'agrees' });
  }
}

function pairsOf(
  names: ReadonlySet<string>,
  consumers: ReadonlyMap<string, PactsByPair>,
): PactsByPair {
  return new Map([...names].flatMap((name) => [...(consumers.get(name) ?? [])]));
}
