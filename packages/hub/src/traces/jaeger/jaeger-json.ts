import type { Origin } from '../decode/received-span.ts';
import { dottedAddresses } from './dotted-addresses.ts';
import {
  contentOf,
  type EventContent,
  type LinkContent,
  type SpanContent,
} from './span-content.ts';
import type { ToldSpan, ToldTrace } from './told-span.ts';
import {
  jsonOf,
  readTypedAttributes,
  type TypedAttributes,
  type TypedValue,
} from './typed-value.ts';

/** What Jaeger's query API v1 calls a span; its readers demand whole numbers and lists that are never null. */
interface JaegerSpan {
  readonly traceID: string;
  readonly spanID: string;
  readonly flags?: number;
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
  readonly type: 'string' | 'bool' | 'int64' | 'float64' | 'binary';
  readonly value: string | number | boolean;
}

/** A trace of Jaeger's API v1 as JSON text, span by span: a large one is never converted at once. */
export function* jaegerTracePieces(trace: ToldTrace): Generator<string> {
  const processes = new ProcessTable(trace.isRaw);
  const traceID = jaegerTraceId(trace.traceId);
  yield `{"traceID":"${traceID}","spans":[`;
  let separator = '';
  for (const told of trace.spans) {
    const span = toSpan(told, contentOf(told, trace.isRaw), processes.idOf(told));
    yield separator + JSON.stringify(span);
    separator = ',';
  }
  const rest = JSON.stringify({ processes: processes.all(), warnings: orNull(trace.warnings) });
  yield `],${rest.slice(1)}`;
}

/** Ids whose upper half is zero are written short, as Jaeger does. */
export function jaegerTraceId(traceId: string): string {
  return traceId.startsWith('0000000000000000') ? traceId.slice(16) : traceId;
}

/** Processes of the same content are one. */
class ProcessTable {
  readonly #isRaw: boolean;
  readonly #byContent = new Map<string, { readonly id: string; readonly process: JaegerProcess }>();
  readonly #byOrigin = new Map<Origin, Map<ToldSpan['library'], string>>();

  constructor(isRaw: boolean) {
    this.#isRaw = isRaw;
  }

  idOf({ span: { origin }, library }: ToldSpan): string {
    const known = this.#byOrigin.get(origin)?.get(library);
    if (known !== undefined) return known;
    const process = this.#processOf(origin, library);
    const content = JSON.stringify(process);
    const { id } = this.#byContent.get(content) ?? { id: `p${this.#byContent.size + 1}` };
    this.#byContent.set(content, { id, process });
    const ofOrigin = this.#byOrigin.get(origin) ?? new Map<ToldSpan['library'], string>();
    this.#byOrigin.set(origin, ofOrigin.set(library, id));
    return id;
  }

  all(): Readonly<Record<string, JaegerProcess>> {
    return Object.fromEntries([...this.#byContent.values()].map((one) => [one.id, one.process]));
  }

  #processOf(origin: Origin, library: ToldSpan['library']): JaegerProcess {
    const sent = readTypedAttributes(origin.resourceBytes, 1);
    const tags = toTags(this.#isRaw ? sent : dottedAddresses(sent));
    const added = Object.entries(library ?? {}).filter(([key]) => !sent.has(key));
    return {
      serviceName: origin.resource.service,
      tags: [
        ...tags.filter((tag) => tag.key !== 'service.name'),
        ...added.map(([key, value]) => textTag(key, String(value))),
      ],
    };
  }
}

function toSpan(told: ToldSpan, content: SpanContent, processID: string): JaegerSpan {
  const { span } = told;
  // The upper bits are OpenTelemetry's own; the lower ones are the flags that travelled with the request.
  const flags = span.flags & 0xff;
  return {
    traceID: jaegerTraceId(span.traceId),
    spanID: told.spanId,
    ...(flags === 0 ? {} : { flags }),
    operationName: span.name,
    references: referencesOf(told, content.links),
    startTime: microsOf(content.startNanos),
    duration: microsOf(content.endNanos - content.startNanos),
    tags: [...toTags(content.attributes), ...ownTags(told, content.attributes)],
    logs: content.events.map(toLog),
    processID,
    warnings: orNull(content.warnings),
  };
}

function orNull(warnings: readonly string[]): readonly string[] | null {
  return warnings.length === 0 ? null : warnings;
}

function microsOf(nanos: bigint): number {
  return Number(nanos / 1000n);
}

function referencesOf(told: ToldSpan, links: readonly LinkContent[]): readonly JaegerReference[] {
  const { parentSpanId: spanID, span } = told;
  const traceID = jaegerTraceId(span.traceId);
  const parent: JaegerReference[] =
    spanID === undefined ? [] : [{ refType: 'CHILD_OF', traceID, spanID }];
  return [...parent, ...links.map(toReference)];
}

function toReference({ traceId, spanId, attributes }: LinkContent): JaegerReference {
  const type = attributes.get('opentracing.ref_type');
  const isChild = type?.kind === 'string' && type.value === 'child_of';
  return {
    refType: isChild ? 'CHILD_OF' : 'FOLLOWS_FROM',
    traceID: jaegerTraceId(traceId),
    spanID: spanId,
  };
}

/** What OpenTelemetry keeps in fields of its own and Jaeger in tags. */
function ownTags({ span }: ToldSpan, sent: TypedAttributes): readonly JaegerTag[] {
  const { scope, statusMessage } = span;
  const tags: JaegerTag[] = [];
  if (span.kind !== 'unspecified') tags.push(textTag('span.kind', span.kind));
  if (span.status !== 'unset') tags.push(textTag('otel.status_code', span.status.toUpperCase()));
  if (span.status === 'error') tags.push({ key: 'error', type: 'bool', value: true });
  if (statusMessage !== '') tags.push(textTag('otel.status_description', statusMessage));
  if (scope.name !== '') tags.push(textTag('otel.scope.name', scope.name));
  if (scope.version !== '') tags.push(textTag('otel.scope.version', scope.version));
  tags.push(...toTags(readTypedAttributes(span.origin.scopeBytes, 3)));
  if (span.traceState !== '') tags.push(textTag('w3c.tracestate', span.traceState));
  return tags.filter((tag) => !sent.has(tag.key));
}

function toLog({ timeNanos, name, attributes }: EventContent): JaegerSpan['logs'][number] {
  const fields = toTags(attributes);
  const isNamed = attributes.has('event') || name === '';
  return {
    timestamp: microsOf(timeNanos),
    fields: isNamed ? fields : [textTag('event', name), ...fields],
  };
}

function textTag(key: string, value: string): JaegerTag {
  return { key, type: 'string', value };
}

function toTags(attributes: TypedAttributes): JaegerTag[] {
  const tags: JaegerTag[] = [];
  for (const [key, value] of attributes) tags.push({ key, ...typed(value) });
  return tags;
}

function typed(value: TypedValue): Omit<JaegerTag, 'key'> {
  switch (value.kind) {
    case 'string':
      return { type: 'string', value: value.value };
    case 'bool':
      return { type: 'bool', value: value.value };
    case 'int':
      // Beyond 2^53 as text: a number would lose digits in a browser.
      return {
        type: 'int64',
        value: typeof value.value === 'number' ? value.value : String(value.value),
      };
    case 'double':
      // JSON has no NaN and no infinity.
      return {
        type: 'float64',
        value: Number.isFinite(value.value) ? value.value : String(value.value),
      };
    case 'bytes':
      return { type: 'binary', value: value.value };
    case 'empty':
      return { type: 'string', value: '' };
    case 'array':
    case 'map':
      return { type: 'string', value: jsonOf(value) };
  }
}
