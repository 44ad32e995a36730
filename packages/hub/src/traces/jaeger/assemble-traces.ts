import type { ReceivedSpan } from '../decode/received-span.ts';
import type { StoredTrace } from '../store/trace-reader.ts';

/** Traces of loose spans: without repeats, the root of each first, in the order in which their first spans came. */
export function assembleTraces(spans: readonly ReceivedSpan[]): StoredTrace[] {
  const traces = new Map<string, Map<string, ReceivedSpan>>();
  for (const span of spans) {
    const trace = traces.get(span.traceId) ?? new Map<string, ReceivedSpan>();
    traces.set(span.traceId, trace);
    const key = `${span.spanId} ${span.kind}`;
    const known = trace.get(key);
    if (known === undefined || endOf(span) > endOf(known)) trace.set(key, span);
  }
  return [...traces].map(([traceId, trace]) => ({
    traceId,
    spans: rootFirst([...trace.values()]),
  }));
}

function endOf(span: ReceivedSpan): number {
  return span.startMicros + span.durationMicros;
}

/** Whole trees first and then by start: some readers take the first span for the root. */
function rootFirst(spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
  const ids = new Set(spans.map((span) => span.spanId));
  const rank = ({ parentSpanId }: ReceivedSpan): number => {
    if (parentSpanId === undefined) return 0;
    return ids.has(parentSpanId) ? 2 : 1;
  };
  return spans
    .map((span) => ({ span, rank: rank(span) }))
    .sort((a, b) => a.rank - b.rank || a.span.startMicros - b.span.startMicros)
    .map(({ span }) => span);
}
