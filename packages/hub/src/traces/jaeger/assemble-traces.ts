import type { ReceivedSpan } from '../decode/received-span.ts';
import { arrangeSpans } from '../store/arrange-spans.ts';
import type { StoredTrace } from '../store/trace-reader.ts';

/** Traces of loose spans: without repeats, the root of each first, in the order in which their first spans came. */
export function assembleTraces(spans: readonly ReceivedSpan[]): StoredTrace[] {
  const traces = new Map<string, ReceivedSpan[]>();
  for (const span of spans) {
    const trace = traces.get(span.traceId);
    if (trace === undefined) traces.set(span.traceId, [span]);
    else trace.push(span);
  }
  return [...traces].map(([traceId, own]) => ({ traceId, spans: arrangeSpans(own) }));
}
