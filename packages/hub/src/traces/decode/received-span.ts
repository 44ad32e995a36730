// Hot path: most spans are only counted and stored, so attributes, events and links are decoded when asked for.
import {
  type Attributes,
  normaliseAttributes,
  type Resource,
  type Span,
  type SpanEvent,
  type SpanKind,
  type SpanLink,
  type SpanStatus,
} from '@concordat/domain';
import { readAttributes, readKeyValue } from './decode-value.ts';
import { microsOf, type ProtobufReader, ProtobufReader as Reader } from './protobuf-reader.ts';

/** Where a span comes from: its resource and scope, decoded and as the sender wrote them (less secrets). */
export interface Origin {
  readonly resource: Resource;
  readonly scope: { readonly name: string; readonly version: string };
  readonly resourceBytes: Buffer;
  readonly scopeBytes: Buffer;
}

/** The parts of a span that every batch needs. */
export interface SpanHead {
  /** The Span message, without secrets. */
  readonly raw: Buffer;
  readonly name: string;
  readonly traceState: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly kind: SpanKind;
  readonly flags: number;
  readonly startMicros: number;
  readonly durationMicros: number;
  readonly status: SpanStatus;
}

/** A span over its own protobuf bytes, which were checked when they came in: no getter throws. */
export class ReceivedSpan implements Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly traceState: string;
  readonly kind: SpanKind;
  readonly flags: number;
  readonly startMicros: number;
  readonly durationMicros: number;
  readonly status: SpanStatus;
  readonly origin: Origin;
  /** The Span message, without secrets. */
  readonly raw: Buffer;
  #sent: Attributes | undefined;
  #normalised: Attributes | undefined;

  constructor(head: SpanHead, origin: Origin) {
    this.name = head.name;
    this.traceState = head.traceState;
    this.traceId = head.traceId;
    this.spanId = head.spanId;
    this.parentSpanId = head.parentSpanId;
    this.kind = head.kind;
    this.flags = head.flags;
    this.startMicros = head.startMicros;
    this.durationMicros = head.durationMicros;
    this.status = head.status;
    this.origin = origin;
    this.raw = head.raw;
  }

  get statusMessage(): string {
    const bytes = this.#last(15);
    return bytes === undefined ? '' : lastText(new Reader(bytes), 2);
  }

  get resource(): Resource {
    return this.origin.resource;
  }

  get scope(): { readonly name: string; readonly version: string } {
    return this.origin.scope;
  }

  /** Attributes under the names the sender used. */
  get sentAttributes(): Attributes {
    this.#sent ??= readAttributes(new Reader(this.raw), 9);
    return this.#sent;
  }

  get attributes(): Attributes {
    this.#normalised ??= normaliseAttributes(this.sentAttributes, this.kind);
    return this.#normalised;
  }

  get events(): readonly SpanEvent[] {
    return this.#all(11).map(readEvent);
  }

  get links(): readonly SpanLink[] {
    return readLinks(this.raw);
  }

  #last(field: number): Buffer | undefined {
    return this.#all(field).at(-1);
  }

  #all(field: number): Buffer[] {
    return fieldsOf(this.raw, field);
  }
}

/** The links of a Span message. */
export function readLinks(raw: Buffer): readonly SpanLink[] {
  return fieldsOf(raw, 13).map(readLink);
}

function fieldsOf(message: Buffer, field: number): Buffer[] {
  const found: Buffer[] = [];
  const reader = new Reader(message);
  while (reader.next()) {
    if (reader.field === field && reader.wire === 2) found.push(reader.view());
    else reader.skip();
  }
  return found;
}

function lastText(reader: ProtobufReader, field: number): string {
  let text = '';
  while (reader.next()) {
    if (reader.field === field && reader.wire === 2) text = reader.string();
    else reader.skip();
  }
  return text;
}

function readEvent(bytes: Buffer): SpanEvent {
  const reader = new Reader(bytes);
  const attributes = {};
  let timeMicros = 0;
  let name = '';
  while (reader.next()) {
    if (reader.field === 1 && reader.wire === 1) timeMicros = microsOf(reader.fixed64());
    else if (reader.field === 2 && reader.wire === 2) name = reader.string();
    else if (reader.field === 3 && reader.wire === 2) readKeyValue(reader, attributes);
    else reader.skip();
  }
  return { name, timeMicros, attributes };
}

function readLink(bytes: Buffer): SpanLink {
  const reader = new Reader(bytes);
  const attributes = {};
  let traceId = '';
  let spanId = '';
  while (reader.next()) {
    if (reader.field === 1 && reader.wire === 2) traceId = reader.view().toString('hex');
    else if (reader.field === 2 && reader.wire === 2) spanId = reader.view().toString('hex');
    else if (reader.field === 4 && reader.wire === 2) readKeyValue(reader, attributes);
    else reader.skip();
  }
  return { traceId, spanId, attributes };
}
