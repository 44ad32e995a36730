import type { ReceivedSpan } from '../decode/received-span.ts';
import type { StoredTrace } from '../store/trace-store.ts';

/** What Jaeger's search page shows of a trace: 64-bit times as decimal text, the id always 32 digits. */
export interface TraceSummary {
  readonly traceId: string;
  readonly rootServiceName: string;
  readonly rootOperationName: string;
  readonly minStartTimeUnixNano: string;
  readonly maxEndTimeUnixNano: string;
  readonly spanCount: number;
  readonly errorSpanCount: number;
  readonly orphanSpanCount: number;
  readonly services: readonly {
    readonly name: string;
    readonly spanCount: number;
    readonly errorSpanCount: number;
  }[];
}

/** An orphan names a parent that the trace does not hold. */
export function summariseTrace({ traceId, spans }: StoredTrace): TraceSummary {
  const ids = new Set(spans.map((span) => span.spanId));
  const root = spans[0] as ReceivedSpan;
  const isOrphan = ({ parentSpanId }: ReceivedSpan) =>
    parentSpanId !== undefined && !ids.has(parentSpanId);
  return {
    traceId,
    rootServiceName: root.resource.service,
    rootOperationName: root.name,
    minStartTimeUnixNano: nanos(Math.min(...spans.map((span) => span.startMicros))),
    maxEndTimeUnixNano: nanos(Math.max(...spans.map(endOf))),
    spanCount: spans.length,
    errorSpanCount: errorsOf(spans),
    orphanSpanCount: spans.filter(isOrphan).length,
    services: servicesOf(spans),
  };
}

function endOf(span: ReceivedSpan): number {
  return Math.round(span.startMicros + span.durationMicros);
}

function nanos(micros: number): string {
  return `${micros}000`;
}

function errorsOf(spans: readonly ReceivedSpan[]): number {
  return spans.filter((span) => span.status === 'error').length;
}

function servicesOf(spans: readonly ReceivedSpan[]): TraceSummary['services'] {
  const byService = new Map<string, ReceivedSpan[]>();
  for (const span of spans) {
    const { service } = span.resource;
    const own = byService.get(service);
    if (own === undefined) byService.set(service, [span]);
    else own.push(span);
  }
  return [...byService].map(([name, own]) => ({
    name,
    spanCount: own.length,
    errorSpanCount: errorsOf(own),
  }));
}
