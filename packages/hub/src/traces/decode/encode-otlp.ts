import type { AttributeValue } from '@concordat/domain';

/** Protobuf bytes of one message, written front to back. */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];

  varint(field: number, value: number | bigint): this {
    this.#parts.push(varintBytes(field * 8), varintBytes(value));
    return this;
  }

  fixed64(field: number, value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
    this.#parts.push(varintBytes(field * 8 + 1), bytes);
    return this;
  }

  fixed32(field: number, value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value >>> 0);
    this.#parts.push(varintBytes(field * 8 + 5), bytes);
    return this;
  }

  double(field: number, value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    this.#parts.push(varintBytes(field * 8 + 1), bytes);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#parts.push(varintBytes(field * 8 + 2), varintBytes(value.length), value);
    return this;
  }

  /** Empty text is proto3's default and is left out. */
  string(field: number, value: string): this {
    return value === '' ? this : this.bytes(field, Buffer.from(value, 'utf8'));
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function varintBytes(value: number | bigint): Uint8Array {
  if (typeof value === 'number' && value >= 0 && value < 128) return Uint8Array.of(value);
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** An attribute list entry; bytes values are told apart from text by their type. */
export type Encodable =
  | AttributeValue
  | Uint8Array
  | readonly Encodable[]
  | { readonly [key: string]: Encodable };

export function encodeKeyValue(key: string, value: Encodable): Buffer {
  return new ProtobufWriter().string(1, key).bytes(2, encodeAnyValue(value)).finish();
}

/** Whole numbers become int64, others double: what a Thrift or JSON sender lost of the type is decided here. */
function encodeAnyValue(value: Encodable): Buffer {
  const writer = new ProtobufWriter();
  if (value === null) return writer.finish();
  if (typeof value === 'string') return writer.bytes(1, Buffer.from(value, 'utf8')).finish();
  if (typeof value === 'boolean') return writer.varint(2, value ? 1 : 0).finish();
  if (typeof value === 'bigint') return writer.varint(3, value).finish();
  if (typeof value === 'number') return encodeNumber(writer, value);
  if (value instanceof Uint8Array) return writer.bytes(7, value).finish();
  const inner = new ProtobufWriter();
  if (Array.isArray(value)) {
    for (const item of value as readonly Encodable[]) inner.bytes(1, encodeAnyValue(item));
    return writer.bytes(5, inner.finish()).finish();
  }
  for (const [key, item] of Object.entries(value)) inner.bytes(1, encodeKeyValue(key, item));
  return writer.bytes(6, inner.finish()).finish();
}

function encodeNumber(writer: ProtobufWriter, value: number): Buffer {
  const isWhole = Number.isSafeInteger(value) && !Object.is(value, -0);
  return (isWhole ? writer.varint(3, value) : writer.double(4, value)).finish();
}

export function writeAttributes(
  writer: ProtobufWriter,
  field: number,
  attributes: Readonly<Record<string, Encodable>>,
): ProtobufWriter {
  for (const [key, value] of Object.entries(attributes))
    writer.bytes(field, encodeKeyValue(key, value));
  return writer;
}

/** A span as a sender of another format gives it; ids are hex and are judged by the OTLP decoder. */
export interface EncodableSpan {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly parentSpanId: Uint8Array;
  readonly traceState: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  readonly attributes: Readonly<Record<string, Encodable>>;
  readonly events: readonly EncodableEvent[];
  readonly links: readonly EncodableLink[];
  readonly statusCode: number;
  readonly statusMessage: string;
}

export interface EncodableEvent {
  readonly timeNanos: bigint;
  readonly name: string;
  readonly attributes: Readonly<Record<string, Encodable>>;
}

export interface EncodableLink {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly attributes: Readonly<Record<string, Encodable>>;
}

export function encodeSpan(span: EncodableSpan): Buffer {
  const writer = new ProtobufWriter()
    .bytes(1, span.traceId)
    .bytes(2, span.spanId)
    .string(3, span.traceState);
  if (span.parentSpanId.length > 0) writer.bytes(4, span.parentSpanId);
  writer.string(5, span.name).varint(6, span.kind);
  writer.fixed64(7, span.startNanos).fixed64(8, span.endNanos);
  writeAttributes(writer, 9, span.attributes);
  for (const event of span.events) writer.bytes(11, encodeEvent(event));
  for (const link of span.links) writer.bytes(13, encodeLink(link));
  const status = new ProtobufWriter().string(2, span.statusMessage);
  if (span.statusCode !== 0) status.varint(3, span.statusCode);
  writer.bytes(15, status.finish());
  if (span.flags !== 0) writer.fixed32(16, span.flags);
  return writer.finish();
}

function encodeEvent(event: EncodableEvent): Buffer {
  const writer = new ProtobufWriter().fixed64(1, event.timeNanos).string(2, event.name);
  return writeAttributes(writer, 3, event.attributes).finish();
}

function encodeLink(link: EncodableLink): Buffer {
  const writer = new ProtobufWriter().bytes(1, link.traceId).bytes(2, link.spanId);
  return writeAttributes(writer, 4, link.attributes).finish();
}

/** Spans of one resource and scope, all parts as protobuf messages. */
export interface EncodedGroup {
  readonly resource: Uint8Array;
  readonly scope: Uint8Array;
  readonly spans: readonly Uint8Array[];
}

/** An ExportTraceServiceRequest (and a TracesData, which is the same bytes). */
export function encodeRequest(groups: readonly EncodedGroup[]): Buffer {
  const request = new ProtobufWriter();
  for (const group of groups) {
    const scopeSpans = new ProtobufWriter().bytes(1, group.scope);
    for (const span of group.spans) scopeSpans.bytes(2, span);
    const resourceSpans = new ProtobufWriter().bytes(1, group.resource);
    request.bytes(1, resourceSpans.bytes(2, scopeSpans.finish()).finish());
  }
  return request.finish();
}
