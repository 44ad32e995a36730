// Hot path: every span that is stored goes through `add`. Its message is copied into the block at once, so that the body it
// came in is free, and what the index has to know is gathered a trace and an operation, not a span.
import type { SpanBatch } from '../span-batch.ts';
import {
  blockRawBytes,
  blockSpans,
  columnBytes,
  finishBlock,
  headerBytes,
  padded,
} from './block-layout.ts';
import { traceHash } from './trace-hash.ts';

/** What a search has to know of the spans of one operation in a block before it reads the block. */
export interface OperationRange {
  readonly operation: number;
  oldestMicros: number;
  newestMicros: number;
  shortestMicros: number;
  longestMicros: number;
  hasFailed: boolean;
}

/** A block that is full, not packed yet. The content is valid until the builder is reset. */
export interface BuiltBlock {
  readonly content: Buffer;
  readonly spans: number;
  readonly rawBytes: number;
  /** When the last span of it came in. */
  readonly receivedMicros: number;
  readonly traceHashes: Uint32Array;
  readonly operations: readonly OperationRange[];
}

const maxColumnBytes = columnBytes(blockSpans, blockSpans);
const usualBytes = headerBytes + blockRawBytes + maxColumnBytes;

/** Gathers spans until the block is full. */
export class BlockBuilder {
  readonly #origins = new Uint32Array(blockSpans);
  readonly #operations = new Uint32Array(blockSpans);
  readonly #ends = new Uint32Array(blockSpans);
  readonly #traceOf = new Uint16Array(blockSpans);
  readonly #traceIds = new Uint32Array(4 * blockSpans);
  readonly #hashes = new Uint32Array(blockSpans);
  readonly #traceSlots = new Map<number, number>();
  #ranges = new Map<number, OperationRange>();
  #content = Buffer.allocUnsafeSlow(usualBytes);
  #spans = 0;
  #traces = 0;
  #lastTrace = 0;
  #rawBytes = 0;
  #receivedMicros = 0;

  get spans(): number {
    return this.#spans;
  }

  get rawBytes(): number {
    return this.#rawBytes;
  }

  get isFull(): boolean {
    return this.#spans === blockSpans || this.#rawBytes >= blockRawBytes;
  }

  /** Adds span `at` of the batch; only while the block is not full. */
  add(
    batch: SpanBatch,
    at: number,
    known: { readonly origin: number; readonly operation: number; readonly receivedMicros: number },
  ): void {
    const span = this.#spans;
    this.#append(batch.raw(at));
    this.#origins[span] = known.origin;
    this.#operations[span] = known.operation;
    this.#ends[span] = this.#rawBytes;
    this.#traceOf[span] = this.#traceOfSpan(batch.ids, 8 * at);
    this.#widen(batch, at, known.operation);
    if (known.receivedMicros > this.#receivedMicros) this.#receivedMicros = known.receivedMicros;
    this.#spans = span + 1;
  }

  build(): BuiltBlock {
    const columns = {
      spans: this.#spans,
      traces: this.#traces,
      traceIds: this.#traceIds,
      origins: this.#origins,
      operations: this.#operations,
      ends: this.#ends,
      traceOf: this.#traceOf,
    };
    const end = finishBlock(this.#content, this.#rawBytes, columns);
    return {
      content: this.#content.subarray(0, end),
      spans: this.#spans,
      rawBytes: this.#rawBytes,
      receivedMicros: this.#receivedMicros,
      traceHashes: this.#hashes.slice(0, this.#traces),
      operations: [...this.#ranges.values()],
    };
  }

  /** Itself, empty again. A message of unusual size is not made room for ever after. */
  reset(): this {
    this.#traceSlots.clear();
    this.#ranges = new Map();
    this.#spans = 0;
    this.#traces = 0;
    this.#rawBytes = 0;
    this.#receivedMicros = 0;
    if (this.#content.length > 2 * usualBytes) this.#content = Buffer.allocUnsafeSlow(usualBytes);
    return this;
  }

  #append(raw: Buffer): void {
    const at = headerBytes + this.#rawBytes;
    const needed = padded(at + raw.length) + maxColumnBytes;
    if (needed > this.#content.length) {
      const larger = Buffer.allocUnsafeSlow(needed);
      larger.set(this.#content.subarray(0, at));
      this.#content = larger;
    }
    this.#content.set(raw, at);
    this.#rawBytes += raw.length;
  }

  /** The spans of a trace mostly come together. */
  #traceOfSpan(ids: Uint32Array, at: number): number {
    if (this.#spans > 0 && this.#isTrace(this.#lastTrace, ids, at)) return this.#lastTrace;
    const hash = traceHash(ids, at);
    let key = hash | 0;
    let trace = this.#traceSlots.get(key);
    while (trace !== undefined && !this.#isTrace(trace, ids, at)) {
      key = (key + 1) | 0;
      trace = this.#traceSlots.get(key);
    }
    if (trace === undefined) {
      trace = this.#traces;
      this.#traces += 1;
      this.#traceSlots.set(key, trace);
      this.#hashes[trace] = hash;
      for (let word = 0; word < 4; word += 1)
        this.#traceIds[4 * trace + word] = ids[at + word] as number;
    }
    this.#lastTrace = trace;
    return trace;
  }

  #isTrace(trace: number, ids: Uint32Array, at: number): boolean {
    const known = this.#traceIds;
    const first = 4 * trace;
    return (
      known[first + 3] === ids[at + 3] &&
      known[first + 2] === ids[at + 2] &&
      known[first + 1] === ids[at + 1] &&
      known[first] === ids[at]
    );
  }

  #widen(batch: SpanBatch, at: number, operation: number): void {
    const start = batch.startMicros[at] as number;
    const duration = batch.durationMicros[at] as number;
    const hasFailed = batch.statuses[at] === 2;
    const range = this.#ranges.get(operation);
    if (range === undefined) {
      this.#ranges.set(operation, {
        operation,
        oldestMicros: start,
        newestMicros: start,
        shortestMicros: duration,
        longestMicros: duration,
        hasFailed,
      });
      return;
    }
    if (start < range.oldestMicros) range.oldestMicros = start;
    if (start > range.newestMicros) range.newestMicros = start;
    if (duration < range.shortestMicros) range.shortestMicros = duration;
    if (duration > range.longestMicros) range.longestMicros = duration;
    if (hasFailed) range.hasFailed = true;
  }
}
