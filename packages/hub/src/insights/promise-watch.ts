import type { CompiledPact } from '@concordat/conformance';
import type { CallCountStore } from './call-count-store.ts';
import { declarationShape, sentEvents } from './findings/event-declaration.ts';
import { type CompiledInForce, type PactsByPair, pairKey } from './promise-book.ts';
import type { PromiseStart, PromiseStore, WatchedPromise } from './promise-store.ts';
import type { ProviderContractsInForce } from './provider-contracts-in-force.ts';

/** Starts watching promises; what it has seen once it does not ask the database about again. */
export class PromiseWatch {
  readonly #counts: CallCountStore;
  readonly #promises: PromiseStore;
  readonly #pairsSeen = new WeakMap<CompiledPact, Set<string>>();
  #watched: Set<string> | undefined;
  #declared: ProviderContractsInForce | undefined;

  constructor(stores: { readonly counts: CallCountStore; readonly promises: PromiseStore }) {
    this.#counts = stores.counts;
    this.#promises = stores.promises;
  }

  /** A promise that is new starts being watched now. */
  async watch(pairs: PactsByPair, at: Date): Promise<void> {
    const unseen = [...pairs].flatMap(([pair, pacts]) => this.#unseen(pair, pacts));
    if (unseen.length === 0) {
      return;
    }
    this.#watched ??= new Set((await this.#promises.all()).map(promiseKey));
    const missing = new Map<string, WatchedPromise>();
    for (const pact of unseen) {
      for (const promise of promisesOf(pact)) {
        const key = promiseKey(promise);
        if (!this.#watched.has(key)) {
          missing.set(key, promise);
        }
      }
    }
    if (missing.size > 0) {
      await this.#promises.watch(await this.#starts([...missing.values()], at));
    }
    this.#remember(missing.keys(), unseen);
  }

  /** A declaration of an event that is new starts being watched now; who receives it does not matter. */
  async watchDeclared(contracts: ProviderContractsInForce, at: Date): Promise<void> {
    if (contracts === this.#declared) return;
    this.#watched ??= new Set((await this.#promises.all()).map(promiseKey));
    const watched = this.#watched;
    const missing = declarationsOf(contracts).filter((one) => !watched.has(promiseKey(one)));
    if (missing.length > 0) {
      const sent = await this.#messagesSent();
      await this.#promises.watch(
        missing.map((one) => ({
          ...one,
          since: at.getTime() * 1000,
          callsBefore: sent.get(one.provider) ?? 0,
        })),
      );
    }
    this.#remember(missing.map(promiseKey), []);
    this.#declared = contracts;
  }

  async #messagesSent(): Promise<ReadonlyMap<string, number>> {
    const sent = new Map<string, number>();
    for (const { provider, transport, sampled } of await this.#counts.edges({})) {
      if (transport === 'message') sent.set(provider, (sent.get(provider) ?? 0) + sampled);
    }
    return sent;
  }

  #unseen(pair: string, pacts: readonly CompiledInForce[]): readonly CompiledInForce[] {
    const byContent = new Map(pacts.map((pact) => [pact.compiled, pact]));
    return [...byContent.values()].filter(
      ({ compiled }) => this.#pairsSeen.get(compiled)?.has(pair) !== true,
    );
  }

  async #starts(missing: readonly WatchedPromise[], at: Date): Promise<readonly PromiseStart[]> {
    const totals = new Map(
      (await this.#counts.edges({})).map((edge) => [edgeKey(edge), edge.decided]),
    );
    return missing.map((promise) => ({
      ...promise,
      since: at.getTime() * 1000,
      callsBefore: totals.get(edgeKey(promise)) ?? 0,
    }));
  }

  #remember(keys: Iterable<string>, pacts: readonly CompiledInForce[]): void {
    for (const key of keys) {
      this.#watched?.add(key);
    }
    for (const { compiled, consumer, provider } of pacts) {
      const pairs = this.#pairsSeen.get(compiled) ?? new Set();
      this.#pairsSeen.set(compiled, pairs.add(pairKey(consumer, provider)));
    }
  }
}

function declarationsOf(contracts: ProviderContractsInForce): readonly WatchedPromise[] {
  return contracts.providers().flatMap((provider) =>
    sentEvents(contracts.ofProvider(provider)).map((operation) => ({
      consumer: '',
      provider,
      transport: 'message' as const,
      shape: declarationShape(operation),
    })),
  );
}

function promisesOf({ consumer, provider, compiled }: CompiledInForce): readonly WatchedPromise[] {
  return compiled.interactions.map(({ transport, shape }) => ({
    consumer,
    provider,
    transport,
    shape,
  }));
}

function edgeKey(edge: {
  readonly consumer: string;
  readonly provider: string;
  readonly transport: string;
}): string {
  return `${pairKey(edge.consumer, edge.provider)}\n${edge.transport}`;
}

function promiseKey(promise: WatchedPromise): string {
  return `${edgeKey(promise)}\n${promise.shape}`;
}
