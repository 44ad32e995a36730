import type { CompiledPact } from '@concordat/conformance';
import type { CallCountStore } from './call-count-store.ts';
import { type CompiledInForce, type PactsByPair, pairKey } from './promise-book.ts';
import type { PromiseStart, PromiseStore, WatchedPromise } from './promise-store.ts';

/** Starts watching promises; what it has seen once it does not ask the database about again. */
export class PromiseWatch {
  readonly #counts: CallCountStore;
  readonly #promises: PromiseStore;
  readonly #pairsSeen = new WeakMap<CompiledPact, Set<string>>();
  #watched: Set<string> | undefined;

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
