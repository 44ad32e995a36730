// Hot path: one object and a few arrays a request; what only some spans need is read again from their bytes.
import type { CallValues, Resource, SpanKind, SpanLink, SpanStatus } from '@concordat/domain';
import type { SpanBatch } from '../span-batch.ts';
import { readCallValues } from './read-call-values.ts';
import { type Origin, ReceivedSpan, readLinks, type SpanHead } from './received-span.ts';
import type { SpanScratch } from './walk-span.ts';

/** What a batch is made of beside its scratch. */
export interface BatchParts {
  readonly length: number;
  readonly body: Buffer;
  /** Start and end of each span in the body. */
  readonly bounds: Uint32Array;
  /** By index: spans that are no longer as they were sent. */
  readonly rewritten: ReadonlyMap<number, Buffer>;
  readonly traceStates: ReadonlyMap<number, string>;
  readonly linked: ReadonlySet<number>;
  readonly resourceOf: Uint32Array;
  readonly origins: readonly Origin[];
  readonly names: readonly string[];
  readonly rejected: number;
  readonly reasons: readonly string[];
}

const kinds: readonly SpanKind[] = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];
const statuses: readonly SpanStatus[] = ['unset', 'ok', 'error'];
const noLinks: readonly SpanLink[] = [];

/** Columns over the body they were decoded from, of which it holds on to all while it lives. */
export class ColumnBatch implements SpanBatch {
  readonly length: number;
  readonly ids: Uint32Array;
  readonly kinds: Uint8Array;
  readonly statuses: Uint8Array;
  readonly flags: Uint32Array;
  readonly startMicros: Float64Array;
  readonly durationMicros: Float64Array;
  readonly resourceOf: Uint32Array;
  readonly resources: readonly Resource[];
  readonly origins: readonly Origin[];
  readonly names: readonly string[];
  readonly rawBytes: number;
  readonly rejected: number;
  readonly reasons: readonly string[];
  readonly #parts: BatchParts;

  /** Takes copies of what the scratch holds, which is used again for the next request. */
  constructor(scratch: SpanScratch, parts: BatchParts) {
    const { length, origins } = parts;
    this.length = length;
    this.ids = scratch.ids.slice(0, 8 * length);
    this.kinds = scratch.kinds.slice(0, length);
    this.statuses = scratch.statuses.slice(0, length);
    this.flags = scratch.flags.slice(0, length);
    this.startMicros = scratch.startMicros.slice(0, length);
    this.durationMicros = scratch.durationMicros.slice(0, length);
    this.resourceOf = parts.resourceOf.slice(0, length);
    this.origins = origins;
    this.resources = origins.map((origin) => origin.resource);
    this.names = parts.names;
    this.rejected = parts.rejected;
    this.reasons = parts.reasons;
    this.#parts = { ...parts, bounds: parts.bounds.slice(0, 2 * length) };
    this.rawBytes = this.#sumBytes();
  }

  raw(at: number): Buffer {
    const { body, bounds, rewritten } = this.#parts;
    return rewritten.get(at) ?? body.subarray(bounds[2 * at], bounds[2 * at + 1]);
  }

  traceState(at: number): string {
    return this.#parts.traceStates.get(at) ?? '';
  }

  links(at: number): readonly SpanLink[] {
    return this.#parts.linked.has(at) ? readLinks(this.raw(at)) : noLinks;
  }

  readCallValues(at: number, into: CallValues): void {
    const { body, bounds, rewritten } = this.#parts;
    const own = rewritten.get(at);
    if (own !== undefined) readCallValues(own, { start: 0, end: own.length }, into);
    else
      readCallValues(
        body,
        { start: bounds[2 * at] as number, end: bounds[2 * at + 1] as number },
        into,
      );
  }

  #sumBytes(): number {
    const { bounds, rewritten, length } = this.#parts;
    let sum = 0;
    for (let at = 0; at < length; at += 1)
      sum += (bounds[2 * at + 1] as number) - (bounds[2 * at] as number);
    for (const [at, bytes] of rewritten)
      sum += bytes.length - ((bounds[2 * at + 1] as number) - (bounds[2 * at] as number));
    return sum;
  }
}

/** Each span as an object of its own, for those who read whole spans. */
export function spansOf(batch: SpanBatch): ReceivedSpan[] {
  return Array.from({ length: batch.length }, (_, at) => {
    const texts = {
      raw: batch.raw(at),
      name: batch.names[at] as string,
      traceState: batch.traceState(at),
    };
    const origin = batch.origins[batch.resourceOf[at] as number] as Origin;
    return new ReceivedSpan(headAt(batch, at, texts), origin);
  });
}

type HeadColumns = Pick<
  SpanBatch,
  'ids' | 'kinds' | 'flags' | 'statuses' | 'startMicros' | 'durationMicros'
>;

/** What an object of the span at `at` starts with. */
export function headAt(
  columns: HeadColumns,
  at: number,
  texts: Pick<SpanHead, 'raw' | 'name' | 'traceState'>,
): SpanHead {
  const parentSpanId = hexOf(columns.ids, 8 * at + 6, 2);
  return {
    ...texts,
    traceId: hexOf(columns.ids, 8 * at, 4),
    spanId: hexOf(columns.ids, 8 * at + 4, 2),
    parentSpanId: parentSpanId === '0000000000000000' ? undefined : parentSpanId,
    kind: kinds[columns.kinds[at] as number] as SpanKind,
    flags: columns.flags[at] as number,
    startMicros: columns.startMicros[at] as number,
    durationMicros: columns.durationMicros[at] as number,
    status: statuses[columns.statuses[at] as number] as SpanStatus,
  };
}

function hexOf(words: Uint32Array, from: number, count: number): string {
  let hex = '';
  for (let at = from; at < from + count; at += 1)
    hex += (words[at] as number).toString(16).padStart(8, '0');
  return hex;
}
