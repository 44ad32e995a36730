import { decodeSpan } from '../decode/decode-otlp.ts';
import type { Origin, ReceivedSpan } from '../decode/received-span.ts';
import type { StoredTrace } from '../store/trace-reader.ts';

/** A trace that can be copied from thread to thread, which objects with methods cannot. */
export interface PackedTrace {
  readonly traceId: string;
  readonly omittedSpans: number | undefined;
  readonly origins: readonly Origin[];
  /** Index into `origins`, and length of the message, a span. */
  readonly originOf: Uint32Array;
  readonly lengths: Uint32Array;
  /** The spans' own messages, one after the other. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export function packTrace({ traceId, spans, omittedSpans }: StoredTrace): PackedTrace {
  const indexes = new Map<Origin, number>();
  const originOf = new Uint32Array(spans.length);
  const lengths = new Uint32Array(spans.length);
  spans.forEach((span, at) => {
    if (!indexes.has(span.origin)) indexes.set(span.origin, indexes.size);
    originOf[at] = indexes.get(span.origin) ?? 0;
    lengths[at] = span.raw.length;
  });
  const bytes = joined(spans);
  return { traceId, omittedSpans, origins: [...indexes.keys()], originOf, lengths, bytes };
}

export function unpackTrace(packed: PackedTrace): StoredTrace {
  const { traceId, omittedSpans } = packed;
  const origins = packed.origins.map((origin) => ({
    ...origin,
    resourceBytes: bufferOf(origin.resourceBytes),
    scopeBytes: bufferOf(origin.scopeBytes),
  }));
  const bytes = bufferOf(packed.bytes);
  const spans: ReceivedSpan[] = [];
  let start = 0;
  packed.lengths.forEach((length, at) => {
    const origin = origins[packed.originOf[at] ?? 0] as Origin;
    const span = decodeSpan(bytes.subarray(start, start + length), origin);
    if (span !== undefined) spans.push(span);
    start += length;
  });
  return omittedSpans === undefined ? { traceId, spans } : { traceId, spans, omittedSpans };
}

function joined(spans: readonly ReceivedSpan[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(spans.reduce((sum, { raw }) => sum + raw.length, 0));
  let at = 0;
  for (const { raw } of spans) {
    bytes.set(raw, at);
    at += raw.length;
  }
  return bytes;
}

/** A Buffer arrives as a plain Uint8Array on the other side. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
