import { endOf, startOf, type ToldSpan, type ToldTrace } from './told-span.ts';

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
  readonly services: readonly ServiceSummary[];
}

interface ServiceSummary {
  readonly name: string;
  readonly spanCount: number;
  readonly errorSpanCount: number;
}

/** The root is the first span without a parent, else the earliest. */
export function summariseTrace({ traceId, spans, orphans }: ToldTrace): TraceSummary {
  const { span: root } = rootOf(spans);
  let start = Number.POSITIVE_INFINITY;
  let end = 0;
  for (const told of spans) {
    start = Math.min(start, startOf(told));
    end = Math.max(end, Math.round(endOf(told)));
  }
  const services = servicesOf(spans);
  return {
    traceId,
    rootServiceName: root.resource.service,
    rootOperationName: root.name,
    minStartTimeUnixNano: nanos(start),
    maxEndTimeUnixNano: nanos(end),
    spanCount: spans.length,
    errorSpanCount: services.reduce((sum, service) => sum + service.errorSpanCount, 0),
    orphanSpanCount: orphans,
    services,
  };
}

function rootOf(spans: readonly ToldSpan[]): ToldSpan {
  const [first] = spans as readonly [ToldSpan, ...ToldSpan[]];
  if (first.parentSpanId === undefined) return first;
  return spans.reduce((earliest, told) => (startOf(told) < startOf(earliest) ? told : earliest));
}

function nanos(micros: number): string {
  return `${micros}000`;
}

function servicesOf(spans: readonly ToldSpan[]): readonly ServiceSummary[] {
  const services = new Map<string, { name: string; spanCount: number; errorSpanCount: number }>();
  for (const { span } of spans) {
    const name = span.resource.service;
    const service = services.get(name) ?? { name, spanCount: 0, errorSpanCount: 0 };
    service.spanCount += 1;
    if (span.status === 'error') service.errorSpanCount += 1;
    services.set(name, service);
  }
  return [...services.values()];
}
