import type { Origin, ReceivedSpan } from '../decode/received-span.ts';
import type { SpanBatch } from '../span-batch.ts';

/** Spans as the part of a batch that a forwarder reads. */
export function forwardableSpans(
  spans: readonly ReceivedSpan[],
): Pick<SpanBatch, 'length' | 'origins' | 'resourceOf' | 'raw'> {
  const origins = [...new Set(spans.map((span) => span.origin))];
  const places = new Map<Origin, number>(origins.map((origin, at) => [origin, at]));
  return {
    length: spans.length,
    origins,
    resourceOf: Uint32Array.from(spans, (span) => places.get(span.origin) ?? 0),
    raw: (at) => spans[at]?.raw ?? Buffer.alloc(0),
  };
}
