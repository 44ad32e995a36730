import { type Fixed64, ProtobufReader } from '../decode/protobuf-reader.ts';
import { dottedAddresses } from './dotted-addresses.ts';
import type { ToldSpan } from './told-span.ts';
import { addTypedAttribute, type TypedAttributes, type TypedValue } from './typed-value.ts';

/** All that a span message holds beyond its head, with the corrections that concern no other span. */
export interface SpanContent {
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  readonly attributes: TypedAttributes;
  readonly droppedAttributes: number;
  readonly events: readonly EventContent[];
  readonly droppedEvents: number;
  readonly links: readonly LinkContent[];
  readonly droppedLinks: number;
  readonly warnings: readonly string[];
}

export interface EventContent {
  readonly timeNanos: bigint;
  readonly name: string;
  readonly attributes: TypedAttributes;
  readonly dropped: number;
}

export interface LinkContent {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly attributes: TypedAttributes;
  readonly dropped: number;
  readonly flags: number;
}

interface Reading {
  start: bigint;
  end: bigint;
  readonly attributes: Map<string, TypedValue>;
  readonly events: EventContent[];
  readonly links: LinkContent[];
  /** Counts of what the sender dropped, by the field they stand in. */
  readonly dropped: Record<10 | 12 | 14, number>;
}

/** Reads the span's bytes, to the nanosecond; `isRaw` leaves everything as it is stored. */
export function contentOf(told: ToldSpan, isRaw: boolean): SpanContent {
  const shift = BigInt(told.shiftMicros) * 1000n;
  const reading: Reading = {
    start: 0n,
    end: 0n,
    attributes: new Map(),
    events: [],
    links: [],
    dropped: { 10: 0, 12: 0, 14: 0 },
  };
  const reader = new ProtobufReader(told.span.raw);
  while (reader.next()) readField(reader, reading, shift);
  if (told.library !== undefined)
    for (const key of Object.keys(told.library)) reading.attributes.delete(key);
  const links = isRaw ? reading.links : reading.links.filter(hasContext);
  const removed = reading.links.length - links.length;
  return {
    startNanos: reading.start + shift,
    // Ends before starts are clocks that were set: such a span lasts no time.
    endNanos: (reading.end > reading.start ? reading.end : reading.start) + shift,
    attributes: isRaw ? reading.attributes : dottedAddresses(reading.attributes),
    droppedAttributes: reading.dropped[10],
    events: reading.events,
    droppedEvents: reading.dropped[12],
    links,
    droppedLinks: reading.dropped[14],
    warnings:
      removed === 0
        ? told.warnings
        : [...told.warnings, `${removed} links of this span lead to no trace and are left out.`],
  };
}

function readField(reader: ProtobufReader, reading: Reading, shift: bigint): void {
  switch (reader.field * 8 + reader.wire) {
    case 57:
      reading.start = nanosOf(reader.fixed64());
      return;
    case 65:
      reading.end = nanosOf(reader.fixed64());
      return;
    case 74:
      addTypedAttribute(reader, reading.attributes);
      return;
    case 90:
      reading.events.push(readEvent(reader.view(), shift));
      return;
    case 106:
      reading.links.push(readLink(reader.view()));
      return;
    case 80:
    case 96:
    case 112:
      reading.dropped[reader.field as 10 | 12 | 14] = reader.varint();
      return;
    default:
      reader.skip();
  }
}

function readEvent(message: Buffer, shift: bigint): EventContent {
  const attributes = new Map<string, TypedValue>();
  const event = { timeNanos: 0n, name: '', attributes, dropped: 0 };
  const reader = new ProtobufReader(message);
  while (reader.next()) {
    switch (reader.field * 8 + reader.wire) {
      case 9:
        event.timeNanos = atLeastZero(nanosOf(reader.fixed64()) + shift);
        break;
      case 18:
        event.name = reader.string();
        break;
      case 26:
        addTypedAttribute(reader, attributes);
        break;
      case 32:
        event.dropped = reader.varint();
        break;
      default:
        reader.skip();
    }
  }
  return event;
}

function readLink(message: Buffer): LinkContent {
  const attributes = new Map<string, TypedValue>();
  const link = { traceId: '', spanId: '', traceState: '', attributes, dropped: 0, flags: 0 };
  const reader = new ProtobufReader(message);
  while (reader.next()) {
    switch (reader.field * 8 + reader.wire) {
      case 10:
        link.traceId = reader.hex();
        break;
      case 18:
        link.spanId = reader.hex();
        break;
      case 26:
        link.traceState = reader.string();
        break;
      case 34:
        addTypedAttribute(reader, attributes);
        break;
      case 40:
        link.dropped = reader.varint();
        break;
      case 53:
        link.flags = reader.fixed32();
        break;
      default:
        reader.skip();
    }
  }
  return link;
}

/** Ids of the right length that are not all zero; readers refuse a whole trace for one link without. */
function hasContext({ traceId, spanId }: LinkContent): boolean {
  return isId(traceId, 32) && isId(spanId, 16);
}

function isId(hex: string, length: number): boolean {
  return hex.length === length && !/^0+$/.test(hex);
}

function nanosOf({ low, high }: Fixed64): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

function atLeastZero(nanos: bigint): bigint {
  return nanos < 0n ? 0n : nanos;
}
