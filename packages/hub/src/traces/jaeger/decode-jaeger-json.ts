import { spansOf } from '../decode/column-batch.ts';
import { DecodeError } from '../decode/decode-error.ts';
import { decodeOtlp } from '../decode/decode-otlp.ts';
import {
  type Encodable,
  type EncodableEvent,
  type EncodableLink,
  type EncodableSpan,
  type EncodedGroup,
  encodeRequest,
  encodeSpan,
  ProtobufWriter,
  writeAttributes,
} from '../decode/encode-otlp.ts';
import type { ReceivedSpan } from '../decode/received-span.ts';
import { isObject, type JsonObject } from './jaeger-client.ts';

type Tags = Readonly<Record<string, Encodable>>;

interface Reference {
  readonly isChild: boolean;
  readonly traceId: Buffer;
  readonly spanId: Buffer;
}

/** Below what the decoder takes at once. */
const maxSpansAtOnce = 10_000;

/**
 * The spans of traces in the JSON of Jaeger's query API v1, judged and redacted as if they had been sent to the hub. What
 * Jaeger keeps in tags goes back to fields of its own: kind, status, scope, trace state, the name of an event. Lost for
 * good are attributes of links, nanoseconds, and the kinds of values that are neither text, number nor boolean.
 */
export function decodeJaegerTraces(traces: readonly unknown[]): readonly ReceivedSpan[] {
  const spans: ReceivedSpan[] = [];
  for (const groups of traces.flatMap((trace) => requestsOf(objectOf(trace, 'A trace'))))
    for (const span of spansOf(decodeOtlp(encodeRequest(groups)))) spans.push(span);
  return spans;
}

interface Group extends EncodedGroup {
  readonly spans: Buffer[];
}

/** The spans of one trace, a list of groups a request. */
function requestsOf(trace: JsonObject): EncodedGroup[][] {
  const processes = objectOf(trace.processes ?? {}, "'processes'");
  const spans = listOf(trace, 'spans');
  const requests: EncodedGroup[][] = [];
  for (let at = 0; at < spans.length; at += maxSpansAtOnce)
    requests.push(groupByOrigin(processes, spans.slice(at, at + maxSpansAtOnce)));
  return requests;
}

function groupByOrigin(processes: JsonObject, spans: readonly JsonObject[]): EncodedGroup[] {
  const groups = new Map<string, Group>();
  const resources = new Map<string, Buffer>();
  for (const span of spans) {
    const tags = tagsOf(span, 'tags');
    const processId = textOf(span, 'processID');
    const resource = resources.get(processId) ?? encodeProcess(processes[processId]);
    resources.set(processId, resource);
    const scope = encodeScope(tags);
    const key = `${processId}\0${scope.toString('latin1')}`;
    const group: Group = groups.get(key) ?? { resource, scope, spans: [] };
    groups.set(key, group);
    group.spans.push(encodeSpan(toOtlp(span, tags)));
  }
  return [...groups.values()];
}

function encodeProcess(process: unknown): Buffer {
  const known = objectOf(process ?? {}, 'A process');
  const attributes = { ...tagsOf(known, 'tags'), 'service.name': textOf(known, 'serviceName') };
  return writeAttributes(new ProtobufWriter(), 1, attributes).finish();
}

function encodeScope(tags: Tags): Buffer {
  return new ProtobufWriter()
    .string(1, firstText(tags, ['otel.scope.name', 'otel.library.name']))
    .string(2, firstText(tags, ['otel.scope.version', 'otel.library.version']))
    .finish();
}

const consumed: ReadonlySet<string> = new Set([
  'otel.scope.name',
  'otel.scope.version',
  'otel.library.name',
  'otel.library.version',
  'otel.status_code',
  'otel.status_description',
  'span.kind',
  'w3c.tracestate',
]);
const kinds = ['', 'internal', 'server', 'client', 'producer', 'consumer'];

function toOtlp(span: JsonObject, tags: Tags): EncodableSpan {
  const traceId = idOf(span, 'traceID', 16);
  const references = listOf(span, 'references').map(referenceOf);
  const parent = references.find((one) => one.isChild && one.traceId.equals(traceId));
  const startMicros = microsOf(span, 'startTime');
  const statusCode = statusOf(tags);
  // Jaeger adds this one to a failed span; a span that has another value there had it from its sender.
  const isOwn = (key: string): boolean =>
    !consumed.has(key) && !(key === 'error' && tags.error === true && statusCode === 2);
  return {
    traceId,
    spanId: idOf(span, 'spanID', 8),
    parentSpanId: parent?.spanId ?? idOf(span, 'parentSpanID', 8),
    traceState: firstText(tags, ['w3c.tracestate']),
    flags: typeof span.flags === 'number' ? span.flags & 0xff : 0,
    name: textOf(span, 'operationName'),
    kind: Math.max(0, kinds.indexOf(firstText(tags, ['span.kind']))),
    startNanos: startMicros * 1000n,
    endNanos: (startMicros + microsOf(span, 'duration')) * 1000n,
    attributes: Object.fromEntries(Object.entries(tags).filter(([key]) => isOwn(key))),
    events: listOf(span, 'logs').map(toEvent),
    links: references.filter((one) => one !== parent).map(toLink),
    statusCode,
    statusMessage: firstText(tags, ['otel.status_description']),
  };
}

/** `error` wins over what OpenTelemetry's own tag says. */
function statusOf(tags: Tags): number {
  if (tags.error === true || tags.error === 'true') return 2;
  return Math.max(0, ['', 'OK', 'ERROR'].indexOf(firstText(tags, ['otel.status_code'])));
}

function referenceOf(reference: JsonObject): Reference {
  return {
    isChild: textOf(reference, 'refType') === 'CHILD_OF',
    traceId: idOf(reference, 'traceID', 16),
    spanId: idOf(reference, 'spanID', 8),
  };
}

function toLink({ isChild, traceId, spanId }: Reference): EncodableLink {
  return { traceId, spanId, attributes: isChild ? { 'opentracing.ref_type': 'child_of' } : {} };
}

function toEvent(log: JsonObject): EncodableEvent {
  const { event, ...fields } = tagsOf(log, 'fields');
  const isName = typeof event === 'string';
  return {
    timeNanos: microsOf(log, 'timestamp') * 1000n,
    name: isName ? event : firstText(fields, ['message']),
    attributes: isName || event === undefined ? fields : { ...fields, event },
  };
}

function tagsOf(from: JsonObject, name: string): Tags {
  const entries = listOf(from, name).map((tag) => [textOf(tag, 'key'), tagValueOf(tag)] as const);
  return Object.fromEntries(entries);
}

/** A number as large as no JavaScript number can be, or one that JSON has no word for, comes as text. */
function tagValueOf({ type, value }: JsonObject): Encodable {
  switch (type) {
    case 'int64':
      return isInt64(value) ? BigInt(value) : numberOf(value);
    case 'float64':
      return numberOf(value);
    case 'bool':
      return value === true || value === 'true';
    case 'binary':
      return Buffer.from(plainText(value), 'base64');
    default:
      return plainText(value);
  }
}

function isInt64(value: unknown): value is string {
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value);
}

function numberOf(value: unknown): number | string {
  if (typeof value === 'number') return value;
  const text = plainText(value);
  const number = Number(text);
  return text !== '' && (!Number.isNaN(number) || text === 'NaN') ? number : text;
}

/** Jaeger writes lists and objects as text; whatever else stands there is left out. */
function plainText(value: unknown): string {
  return typeof value === 'object' || value === undefined ? '' : String(value);
}

function firstText(tags: Tags, names: readonly string[]): string {
  const found = names.map((name) => tags[name]).find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : '';
}

function objectOf(value: unknown, what: string): JsonObject {
  if (isObject(value)) return value;
  throw new DecodeError(`${what} must be a JSON object.`);
}

function listOf(from: JsonObject, name: string): readonly JsonObject[] {
  const list = from[name] ?? [];
  if (Array.isArray(list) && list.every(isObject)) return list;
  throw new DecodeError(`'${name}' must be a list of objects.`);
}

function textOf(from: JsonObject, name: string): string {
  const value = from[name] ?? '';
  if (typeof value === 'string') return value;
  throw new DecodeError(`'${name}' must be text.`);
}

function microsOf(from: JsonObject, name: string): bigint {
  const value = from[name] ?? 0;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
  throw new DecodeError(`'${name}' must be whole microseconds.`);
}

/** Ids are written without leading zeros by some; what is no id is left for the decoder to refuse, span by span. */
function idOf(from: JsonObject, name: string, bytes: number): Buffer {
  const text = textOf(from, name);
  if (text === '') return Buffer.alloc(0);
  if (!/^[0-9a-f]+$/i.test(text) || text.length > 2 * bytes) return Buffer.alloc(1);
  return Buffer.from(text.padStart(2 * bytes, '0'), 'hex');
}
