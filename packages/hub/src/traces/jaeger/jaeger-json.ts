import type { Attributes, AttributeValue, SpanEvent } from '@concordat/domain';
import type { ReceivedSpan } from '../decode/received-span.ts';
import { asText } from '../store/match-span.ts';
import type { StoredTrace } from '../store/trace-store.ts';

/** What Jaeger's query API v1 answers; its readers demand whole numbers and lists that are never null. */
export interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly JaegerSpan[];
  readonly processes: Readonly<Record<string, JaegerProcess>>;
  readonly warnings: null;
}

interface JaegerSpan {
  readonly traceID: string;
  readonly spanID: string;
  readonly operationName: string;
  readonly references: readonly JaegerReference[];
  readonly startTime: number;
  readonly duration: number;
  readonly tags: readonly JaegerTag[];
  readonly logs: readonly { readonly timestamp: number; readonly fields: readonly JaegerTag[] }[];
  readonly processID: string;
  readonly warnings: readonly string[] | null;
}

interface JaegerReference {
  readonly refType: 'CHILD_OF' | 'FOLLOWS_FROM';
  readonly traceID: string;
  readonly spanID: string;
}

interface JaegerProcess {
  readonly serviceName: string;
  readonly tags: readonly JaegerTag[];
}

interface JaegerTag {
  readonly key: string;
  readonly type: 'string' | 'bool' | 'int64' | 'float64';
  readonly value: string | number | boolean;
}

/** Ids whose upper half is zero are written short, as Jaeger does. */
export function toJaegerTrace(trace: StoredTrace): JaegerTrace {
  const processes = new Map<string, { id: string; process: JaegerProcess }>();
  const spans = trace.spans.map((span) => {
    const process = toProcess(span);
    const key = JSON.stringify(process);
    const known = processes.get(key) ?? { id: `p${processes.size + 1}`, process };
    processes.set(key, known);
    return toSpan(span, known.id);
  });
  return {
    traceID: jaegerTraceId(trace.traceId),
    spans,
    processes: Object.fromEntries([...processes.values()].map(({ id, process }) => [id, process])),
    warnings: null,
  };
}

export function jaegerTraceId(traceId: string): string {
  return traceId.startsWith('0000000000000000') ? traceId.slice(16) : traceId;
}

function toProcess(span: ReceivedSpan): JaegerProcess {
  const { 'service.name': _service, ...rest } = span.resource.attributes;
  return { serviceName: span.resource.service, tags: toTags(rest) };
}

function toSpan(span: ReceivedSpan, processID: string): JaegerSpan {
  return {
    traceID: jaegerTraceId(span.traceId),
    spanID: span.spanId,
    operationName: span.name,
    references: referencesOf(span),
    startTime: span.startMicros,
    duration: Math.round(span.durationMicros),
    tags: [...toTags(span.sentAttributes), ...ownTags(span)],
    logs: span.events.map(toLog),
    processID,
    warnings: null,
  };
}

function referencesOf(span: ReceivedSpan): readonly JaegerReference[] {
  const parent: JaegerReference[] =
    span.parentSpanId === undefined
      ? []
      : [{ refType: 'CHILD_OF', traceID: jaegerTraceId(span.traceId), spanID: span.parentSpanId }];
  const links = span.links.map((link): JaegerReference => {
    const isChild = link.attributes['opentracing.ref_type'] === 'child_of';
    return {
      refType: isChild ? 'CHILD_OF' : 'FOLLOWS_FROM',
      traceID: jaegerTraceId(link.traceId),
      spanID: link.spanId,
    };
  });
  return [...parent, ...links];
}

/** What OpenTelemetry keeps in fields of its own and Jaeger in tags. */
function ownTags(span: ReceivedSpan): readonly JaegerTag[] {
  const tags: Record<string, AttributeValue> = {};
  if (span.kind !== 'unspecified') tags['span.kind'] = span.kind;
  if (span.status !== 'unset') tags['otel.status_code'] = span.status.toUpperCase();
  if (span.status === 'error') tags.error = true;
  if (span.statusMessage !== '') tags['otel.status_description'] = span.statusMessage;
  if (span.scope.name !== '') tags['otel.scope.name'] = span.scope.name;
  if (span.scope.version !== '') tags['otel.scope.version'] = span.scope.version;
  if (span.traceState !== '') tags['w3c.tracestate'] = span.traceState;
  for (const key of Object.keys(tags)) {
    if (Object.hasOwn(span.sentAttributes, key)) delete tags[key];
  }
  return toTags(tags);
}

function toLog(event: SpanEvent): JaegerSpan['logs'][number] {
  const fields = toTags(event.attributes);
  const named = Object.hasOwn(event.attributes, 'event') || event.name === '';
  const name: JaegerTag = { key: 'event', type: 'string', value: event.name };
  return { timestamp: event.timeMicros, fields: named ? fields : [name, ...fields] };
}

function toTags(attributes: Attributes): JaegerTag[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, ...typed(value) }));
}

function typed(value: AttributeValue): Omit<JaegerTag, 'key'> {
  switch (typeof value) {
    case 'boolean':
      return { type: 'bool', value };
    case 'bigint':
      return { type: 'int64', value: String(value) };
    case 'number':
      return typedNumber(value);
    default:
      return { type: 'string', value: value === null ? '' : asText(value) };
  }
}

/** JSON has no NaN and no infinity: those go as text, which readers of a float64 accept. */
function typedNumber(value: number): Omit<JaegerTag, 'key'> {
  if (Number.isSafeInteger(value)) return { type: 'int64', value };
  return { type: 'float64', value: Number.isFinite(value) ? value : String(value) };
}
