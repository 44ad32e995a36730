import type { SpanBatch } from '../span-batch.ts';
import { DecodeError } from './decode-error.ts';
import { decodeOtlp } from './decode-otlp.ts';
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
} from './encode-otlp.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const maxDepth = 32;

/**
 * Decodes OTLP/JSON by writing it as protobuf first, so that there is one form to judge, redact and store. Both spellings
 * of field names, of 64-bit numbers (text or number) and of enums (number or name) are read; unknown fields are ignored.
 */
export function decodeOtlpJson(body: Buffer): SpanBatch {
  return decodeTracesData(parse(body));
}

/** The same of JSON that was parsed already. */
export function decodeTracesData(value: unknown): SpanBatch {
  const request = objectOf(value, 'The body');
  const groups: EncodedGroup[] = [];
  for (const resourceSpans of listOf(request, 'resourceSpans')) {
    const resource = encodeResource(memberOf(resourceSpans, 'resource'));
    for (const scopeSpans of listOf(resourceSpans, 'scopeSpans')) {
      const scope = encodeScope(memberOf(scopeSpans, 'scope'));
      const spans = listOf(scopeSpans, 'spans').map((span) => encodeSpan(spanOf(span)));
      groups.push({ resource, scope, spans });
    }
  }
  return decodeOtlp(encodeRequest(groups));
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new DecodeError(`The body is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

function encodeResource(resource: JsonObject): Buffer {
  return writeAttributes(new ProtobufWriter(), 1, attributesOf(resource)).finish();
}

function encodeScope(scope: JsonObject): Buffer {
  const writer = new ProtobufWriter()
    .string(1, textOf(scope, 'name'))
    .string(2, textOf(scope, 'version'));
  return writeAttributes(writer, 3, attributesOf(scope)).finish();
}

function spanOf(span: JsonObject): EncodableSpan {
  const status = memberOf(span, 'status');
  return {
    traceId: idOf(span, 'traceId'),
    spanId: idOf(span, 'spanId'),
    parentSpanId: idOf(span, 'parentSpanId'),
    traceState: textOf(span, 'traceState'),
    flags: Number(BigInt.asUintN(32, integerOf(span, 'flags'))),
    name: textOf(span, 'name'),
    kind: enumOf(span, 'kind', kinds),
    startNanos: integerOf(span, 'startTimeUnixNano'),
    endNanos: integerOf(span, 'endTimeUnixNano'),
    attributes: attributesOf(span),
    events: listOf(span, 'events').map(eventOf),
    links: listOf(span, 'links').map(linkOf),
    statusCode: enumOf(status, 'code', statusCodes),
    statusMessage: textOf(status, 'message'),
  };
}

const kinds = [
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
];
const statusCodes = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'];

function eventOf(event: JsonObject): EncodableEvent {
  return {
    timeNanos: integerOf(event, 'timeUnixNano'),
    name: textOf(event, 'name'),
    attributes: attributesOf(event),
  };
}

function linkOf(link: JsonObject): EncodableLink {
  return {
    traceId: idOf(link, 'traceId'),
    spanId: idOf(link, 'spanId'),
    attributes: attributesOf(link),
  };
}

/** A member by its lowerCamelCase name, or in snake_case as some collectors write it; null means absent. */
function read(from: JsonObject, name: string): unknown {
  const value = from[name] ?? from[name.replace(/[A-Z]/g, (upper) => `_${upper.toLowerCase()}`)];
  return value ?? undefined;
}

function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as JsonObject;
  throw new DecodeError(`${what} must be a JSON object.`);
}

function memberOf(from: JsonObject, name: string): JsonObject {
  const value = read(from, name);
  return value === undefined ? {} : objectOf(value, `'${name}'`);
}

function listOf(from: JsonObject, name: string): readonly JsonObject[] {
  const value = read(from, name);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new DecodeError(`'${name}' must be a list.`);
  return value.map((item) => objectOf(item, `An item of '${name}'`));
}

function textOf(from: JsonObject, name: string): string {
  const value = read(from, name) ?? '';
  if (typeof value === 'string') return value;
  throw new DecodeError(`'${name}' must be text.`);
}

/** Hex in any case. What is no id is left for the decoder to refuse, span by span. */
function idOf(from: JsonObject, name: string): Uint8Array {
  const text = textOf(from, name);
  return /^([0-9a-f]{2})*$/i.test(text) && text.length <= 64
    ? Buffer.from(text, 'hex')
    : Buffer.alloc(1);
}

function integerOf(from: JsonObject, name: string): bigint {
  const value = read(from, name) ?? 0;
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value);
  throw new DecodeError(`'${name}' must be a whole number, as text or number.`);
}

function enumOf(from: JsonObject, name: string, names: readonly string[]): number {
  const value = read(from, name) ?? 0;
  if (typeof value === 'string') return Math.max(0, names.indexOf(value));
  return Number(BigInt.asUintN(31, integerOf(from, name)));
}

function attributesOf(from: JsonObject): Record<string, Encodable> {
  return keyValuesOf(from, 'attributes', 0);
}

function keyValuesOf(from: JsonObject, name: string, depth: number): Record<string, Encodable> {
  const result = new Map<string, Encodable>();
  for (const item of listOf(from, name)) {
    result.set(textOf(item, 'key'), anyValueOf(memberOf(item, 'value'), depth));
  }
  return Object.fromEntries(result);
}

function anyValueOf(value: JsonObject, depth: number): Encodable {
  if (depth > maxDepth)
    throw new DecodeError(`An attribute value is nested deeper than ${maxDepth}.`);
  for (const name of Object.keys(readers)) {
    const read = readers[name as keyof typeof readers];
    if (value[name] !== undefined && value[name] !== null) return read(value, depth);
  }
  return null;
}

const readers = {
  stringValue: (value: JsonObject) => textOf(value, 'stringValue'),
  boolValue: (value: JsonObject) => value.boolValue === true || value.boolValue === 'true',
  intValue: (value: JsonObject) => integerOf(value, 'intValue'),
  doubleValue: (value: JsonObject) => doubleOf(value.doubleValue),
  arrayValue: (value: JsonObject, depth: number) =>
    listOf(memberOf(value, 'arrayValue'), 'values').map((item) => anyValueOf(item, depth + 1)),
  kvlistValue: (value: JsonObject, depth: number) =>
    keyValuesOf(memberOf(value, 'kvlistValue'), 'values', depth + 1),
  bytesValue: (value: JsonObject) => Buffer.from(textOf(value, 'bytesValue'), 'base64'),
} satisfies Record<string, (value: JsonObject, depth: number) => Encodable>;

function doubleOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^(NaN|-?Infinity|-?[\d.]+(e[+-]?\d+)?)$/i.test(value))
    return Number(value);
  throw new DecodeError("'doubleValue' must be a number.");
}
