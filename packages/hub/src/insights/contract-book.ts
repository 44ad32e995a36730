import type { CompiledPact } from '@concordat/conformance';
import type { Call } from '@concordat/domain';
import { judgeCall } from '@concordat/domain';
import type { CallCountStore } from './call-count-store.ts';
import type { ContractSources } from './contract-facts.ts';
import type { FindingSighting, FindingStore } from './finding-store.ts';
import { type CompiledInForce, PromiseBook, pairKey } from './promise-book.ts';
import type { PromiseStart, PromiseStore } from './promise-store.ts';

/** A hub that shares its database hears nothing of what the others write, so a book is never older than this. */
const OLDEST_BOOK_MS = 30_000;

export interface ContractBookDeps {
  readonly sources: ContractSources;
  readonly counts: CallCountStore;
  readonly findings: FindingStore;
  readonly promises: PromiseStore;
  readonly now: () => Date;
}

/** Keeps the promise book up to date; with every new book findings that no longer hold are resolved. */
export class ContractBook {
  readonly #deps: ContractBookDeps;
  readonly #compiled = new Map<string, CompiledPact>();
  #book: { readonly book: PromiseBook; readonly at: number; readonly edition: number } | undefined;
  #edition = 0;
  #loading: Promise<void> | undefined;

  constructor(deps: ContractBookDeps) {
    this.#deps = deps;
  }

  /** Contracts have changed: the next `current` reads them anew. */
  invalidate(): void {
    this.#edition += 1;
  }

  async current(): Promise<PromiseBook> {
    let book = this.#fresh();
    while (book === undefined) {
      this.#loading ??= this.#load().finally(() => {
        this.#loading = undefined;
      });
      await this.#loading;
      book = this.#fresh();
    }
    return book;
  }

  #fresh(): PromiseBook | undefined {
    const age = this.#deps.now().getTime() - (this.#book?.at ?? 0);
    return this.#book?.edition === this.#edition && age < OLDEST_BOOK_MS
      ? this.#book.book
      : undefined;
  }

  async #load(): Promise<void> {
    const { sources, now } = this.#deps;
    const edition = this.#edition;
    const at = now();
    const [pacts, recorded, environments, pacticipants, providerContracts] = await Promise.all([
      sources.contractsInForce(new Set(this.#compiled.keys())),
      sources.recordedVersions(),
      sources.environments(),
      sources.pacticipants(),
      sources.providerContracts(),
    ]);
    const book = new PromiseBook(
      { pacts, recorded, environments, pacticipants, providerContracts },
      this.#compiled,
    );
    await this.#watchPromises(book, at);
    await this.#resolveFindings(book, at);
    this.#book = { book, at: at.getTime(), edition };
  }

  /** A promise that is new starts being watched now. */
  async #watchPromises(book: PromiseBook, at: Date): Promise<void> {
    const { promises, counts } = this.#deps;
    const watched = new Set((await promises.all()).map(promiseKey));
    const missing = book
      .pairs()
      .flatMap((pair) => promisesOf(pair, book.pactsBetween(pair, undefined)))
      .filter((promise) => !watched.has(promiseKey(promise)));
    if (missing.length === 0) {
      return;
    }
    const totals = new Map(
      (await counts.edges({})).map((edge) => [
        `${pairKey(edge.consumer, edge.provider)}\n${edge.transport}`,
        edge.decided,
      ]),
    );
    await promises.watch(
      missing.map((promise) => ({
        ...promise,
        since: at.getTime() * 1000,
        callsBefore:
          totals.get(`${pairKey(promise.consumer, promise.provider)}\n${promise.transport}`) ?? 0,
      })),
    );
  }

  async #resolveFindings(book: PromiseBook, at: Date): Promise<void> {
    const open = await this.#deps.findings.open();
    const solved = open.filter((finding) => !stillHolds(finding, book)).map(({ id }) => id);
    if (solved.length > 0) {
      await this.#deps.findings.resolve(solved, at.getTime() * 1000);
    }
  }
}

type NewPromise = Omit<PromiseStart, 'since' | 'callsBefore'>;

function promisesOf(
  { consumer, provider }: { readonly consumer: string; readonly provider: string },
  pacts: readonly CompiledInForce[],
): readonly NewPromise[] {
  const promises = new Map<string, NewPromise>();
  for (const { compiled } of pacts) {
    for (const { transport, shape } of compiled.interactions) {
      const promise = { consumer, provider, transport, shape };
      promises.set(promiseKey(promise), promise);
    }
  }
  return [...promises.values()];
}

function promiseKey({ consumer, provider, transport, shape }: NewPromise): string {
  return `${pairKey(consumer, provider)}\n${transport}\n${shape}`;
}

/**
 * A finding holds while it would be found again: by a consumer version that showed it and is still recorded as running, else by a
 * version with the pacts that now speak for the environment.
 */
function stillHolds(finding: FindingSighting, book: PromiseBook): boolean {
  const call = JSON.parse(finding.exemplarCall) as Call;
  const running = finding.details
    .filter(({ name }) => name === 'consumer-version')
    .map(({ value }) => value)
    .filter((version) =>
      book.isRecorded({
        pacticipant: finding.consumer,
        version,
        environment: finding.environment,
      }),
    );
  if (running.length === 0) {
    return isFinding(call, book.judgeForEnvironment(call).facts);
  }
  return running.some((version) => {
    const again = { ...call, consumer: { ...call.consumer, version } };
    return isFinding(again, book.judge(again).facts);
  });
}

function isFinding(call: Call, facts: Parameters<typeof judgeCall>[1]): boolean {
  return judgeCall(call, facts) !== undefined;
}
