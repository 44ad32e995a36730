import { isSpanContextValid, type SpanContext } from '@opentelemetry/api';

/** W3C `traceparent` as the context of the span that sent it; undefined when it is none. */
export function readTraceParent(header: unknown): SpanContext | undefined {
  const parts = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})/.exec(String(header));
  if (parts === null) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = parts;
  const found = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1 };
  return isSpanContextValid(found) ? found : undefined;
}
