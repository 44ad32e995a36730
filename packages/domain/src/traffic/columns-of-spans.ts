import { type CallValues, callPlaceOf } from './call-attributes.ts';
import { spanKinds } from './half.ts';
import type { Resource, Span } from './span.ts';
import type { SpanColumns } from './span-columns.ts';

const statuses = { unset: 0, ok: 1, error: 2 } as const;

/** Columns of spans that are objects already. */
export function columnsOf(spans: readonly Span[]): SpanColumns {
  const resources = [...new Set(spans.map((span) => span.resource))];
  const places = new Map<Resource, number>(resources.map((resource, at) => [resource, at]));
  return {
    length: spans.length,
    ids: Uint32Array.from(spans.flatMap(wordsOf)),
    kinds: Uint8Array.from(spans.map((span) => spanKinds[span.kind])),
    statuses: Uint8Array.from(spans.map((span) => statuses[span.status])),
    flags: Uint32Array.from(spans.map((span) => span.flags)),
    startMicros: Float64Array.from(spans.map((span) => span.startMicros)),
    durationMicros: Float64Array.from(spans.map((span) => span.durationMicros)),
    resourceOf: Uint32Array.from(spans.map((span) => places.get(span.resource) as number)),
    resources,
    names: spans.map((span) => span.name),
    traceState: (at) => spanAt(spans, at).traceState,
    readCallValues: (at, into) => readCallValues(spanAt(spans, at), into),
    links: (at) => spanAt(spans, at).links,
  };
}

function spanAt(spans: readonly Span[], at: number): Span {
  return spans[at] as Span;
}

function wordsOf({ traceId, spanId, parentSpanId = '0'.repeat(16) }: Span): readonly number[] {
  return (`${traceId}${spanId}${parentSpanId}`.match(/.{8}/g) as readonly string[]).map((word) =>
    Number.parseInt(word, 16),
  );
}

function readCallValues({ attributes }: Span, into: CallValues): void {
  for (const [name, value] of Object.entries(attributes)) {
    const place = callPlaceOf(name);
    if (place >= 0) into[place] = value;
  }
}
