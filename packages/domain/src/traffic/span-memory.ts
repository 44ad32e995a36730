import type { Sender } from './sender.ts';
import type { SpanColumns } from './span-columns.ts';
import { type RememberedSpan, SpanGeneration } from './span-generation.ts';
import { keyWords, type SpanKey } from './span-ids.ts';

/** What remembering a span tells: it was here before, it is new, or it is new and a span of another kind has its id. */
export type Seen = 0 | 1 | 2;
export const seenBefore: Seen = 0;
export const newSpan: Seen = 1;
export const newOfSharedId: Seen = 2;

export interface SpanMemoryOptions {
  readonly windowMicros: number;
  readonly max: number;
  readonly seed: number;
}

/** A table grows by moving all its rows, so many small tables grow where a large one would stand still. */
const manyShards = 64;
/** Below this a table is small by itself. */
const largeMemory = 100_000;
/** Of the trace id's last word, which is random where any of it is. */
const shardWord = 3;

/**
 * The spans of the last one to two windows, by id and kind, at most `max` of them, give or take what chance makes of how traces
 * spread over the tables.
 */
export class SpanMemory {
  readonly #shards: readonly SpanShard[];

  constructor({ windowMicros, max, seed }: SpanMemoryOptions) {
    const shards = max < largeMemory ? 1 : manyShards;
    const options = { windowMicros, seed, max: Math.ceil(max / shards) };
    this.#shards = Array.from({ length: shards }, () => new SpanShard(options));
  }

  /** Spans that came again with a later end. */
  get lengthened(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.lengthened, 0);
  }

  /** To be told the time before spans are remembered. */
  turn(nowMicros: number): void {
    for (const shard of this.#shards) shard.turn(nowMicros);
  }

  remember(columns: SpanColumns, index: number, sender: Sender): Seen {
    return this.#shardOf(columns.ids[8 * index + shardWord]).remember(columns, index, sender);
  }

  /** The span with this id, of this service if several have it; valid until the next question. */
  find(key: SpanKey, service: string): RememberedSpan | undefined {
    return this.#shardOf(key[shardWord]).find(key, service);
  }

  #shardOf(word = 0): SpanShard {
    return this.#shards[word & (this.#shards.length - 1)] as SpanShard;
  }
}

/** Two generations instead of a queue: an insert writes one row and forgetting is free. */
class SpanShard {
  readonly #windowMicros: number;
  readonly #maxGeneration: number;
  readonly #key: SpanKey = new Uint32Array(keyWords);
  readonly #found: RememberedSpan = {
    sender: { peer: { service: '', version: undefined, virtual: true }, environment: undefined },
    kind: 0,
    name: '',
    span0: 0,
    span1: 0,
    parent0: 0,
    parent1: 0,
  };
  #young: SpanGeneration;
  #old: SpanGeneration;
  #turnedAt = 0;
  #lengthened = 0;

  constructor({ windowMicros, max, seed }: SpanMemoryOptions) {
    this.#windowMicros = windowMicros;
    this.#maxGeneration = Math.max(1, Math.floor(max / 2));
    this.#young = new SpanGeneration(seed);
    this.#old = new SpanGeneration(seed);
  }

  /** Spans that came again with a later end. */
  get lengthened(): number {
    return this.#lengthened;
  }

  /** To be told the time before spans are remembered. */
  turn(nowMicros: number): void {
    if (nowMicros - this.#turnedAt < this.#windowMicros) return;
    this.#turnedAt = nowMicros;
    this.#next();
  }

  remember(columns: SpanColumns, index: number, sender: Sender): Seen {
    if (this.#young.size >= this.#maxGeneration) this.#next();
    const key = this.#key;
    const word = 8 * index;
    for (let offset = 0; offset < keyWords; offset += 1)
      key[offset] = columns.ids[word + offset] as number;
    const kind = columns.kinds[index] as number;
    const old = this.#old;
    const young = this.#young;
    const inOld = old.find(key, kind);
    const inYoung = young.find(key, kind);
    if (inYoung >= 0 || inOld >= 0) {
      const isLonger =
        inYoung >= 0
          ? young.lengthen(inYoung, columns, index)
          : old.lengthen(inOld, columns, index);
      if (isLonger) this.#lengthened += 1;
      return seenBefore;
    }
    young.insert(columns, index, sender);
    return young.isShared || old.isShared ? newOfSharedId : newSpan;
  }

  /** The span with this id, of this service if several have it; valid until the next question. */
  find(key: SpanKey, service: string): RememberedSpan | undefined {
    const young = this.#young.findId(key, service);
    const generation = young >= 0 ? this.#young : this.#old;
    const at = young >= 0 ? young : this.#old.findId(key, service);
    if (at < 0) return undefined;
    generation.read(at, this.#found);
    return this.#found;
  }

  #next(): void {
    const emptied = this.#old;
    emptied.clear();
    this.#old = this.#young;
    this.#young = emptied;
  }
}
