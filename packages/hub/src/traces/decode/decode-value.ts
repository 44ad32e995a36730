import { type Attributes, type AttributeValue, callPlaceOf } from '@concordat/domain';
import type { ProtobufReader } from './protobuf-reader.ts';
import { type SecretPlace, secretPlaceOf } from './redact-attribute.ts';
import { TextTable } from './text-table.ts';

const maxDepth = 32;

export interface AttributeKey {
  readonly text: string;
  readonly secret: SecretPlace;
  /** Its place in `CallValues`; -1 when it has none. */
  readonly callPlace: number;
}

/** One table for the process: keys are the same whoever sends them, and the table is bounded. */
export const attributeKeys = new TextTable<AttributeKey>((text) => ({
  text,
  secret: secretPlaceOf(text),
  callPlace: callPlaceOf(text),
}));

/** Names of spans and values of attributes: hosts, methods, routes come again and again. */
const texts = new TextTable<string>((text) => text);

/** Adds the KeyValue at the cursor to `into`; the last one of a key wins. */
export function readKeyValue(reader: ProtobufReader, into: Record<string, AttributeValue>): void {
  const outer = reader.end;
  const end = reader.lengthEnd();
  reader.end = end;
  let key = '';
  let value: AttributeValue = null;
  while (reader.next()) {
    if (reader.field === 1 && reader.wire === 2) key = readKey(reader).text;
    else if (reader.field === 2 && reader.wire === 2) value = readAnyValue(reader, 0);
    else reader.skip();
  }
  reader.end = outer;
  setOwn(into, key, value);
}

function readKey(reader: ProtobufReader): AttributeKey {
  const end = reader.lengthEnd();
  const key = attributeKeys.find(reader.bytes, reader.at, end);
  reader.at = end;
  return key;
}

/** A plain assignment to `__proto__` would set the prototype and not a property. */
function setOwn(into: Record<string, AttributeValue>, key: string, value: AttributeValue): void {
  if (key === '__proto__') {
    Object.defineProperty(into, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else into[key] = value;
}

/** The text between the bounds; the same object for the same text, mostly. */
export function readText(bytes: Buffer, start: number, end: number): string {
  return texts.find(bytes, start, end);
}

function readString(reader: ProtobufReader): string {
  const end = reader.lengthEnd();
  const text = texts.find(reader.bytes, reader.at, end);
  reader.at = end;
  return text;
}

/** The AnyValue at the cursor. Bytes become base64 text. */
export function readAnyValue(reader: ProtobufReader, depth: number): AttributeValue {
  if (depth > maxDepth) throw reader.error(`a value nested deeper than ${maxDepth}`);
  const outer = reader.end;
  const end = reader.lengthEnd();
  reader.end = end;
  let value: AttributeValue = null;
  while (reader.next()) value = readOneOf(reader, depth, value);
  reader.end = outer;
  return value;
}

function readOneOf(
  reader: ProtobufReader,
  depth: number,
  otherwise: AttributeValue,
): AttributeValue {
  switch (reader.field * 8 + reader.wire) {
    case 10:
      return readString(reader);
    case 16:
      return reader.varint() !== 0;
    case 24:
      return reader.int64();
    case 33:
      return reader.double();
    case 42:
      return readArray(reader, depth);
    case 50:
      return readMap(reader, depth);
    case 58:
      return reader.view().toString('base64');
    default:
      reader.skip();
      return otherwise;
  }
}

function readArray(reader: ProtobufReader, depth: number): AttributeValue {
  const outer = reader.end;
  reader.end = reader.lengthEnd();
  const values: AttributeValue[] = [];
  while (reader.next()) {
    if (reader.field === 1 && reader.wire === 2) values.push(readAnyValue(reader, depth + 1));
    else reader.skip();
  }
  reader.end = outer;
  return values;
}

function readMap(reader: ProtobufReader, depth: number): AttributeValue {
  const outer = reader.end;
  reader.end = reader.lengthEnd();
  const map: Record<string, AttributeValue> = {};
  while (reader.next()) {
    if (reader.field === 1 && reader.wire === 2) readMapEntry(reader, map, depth);
    else reader.skip();
  }
  reader.end = outer;
  return map;
}

function readMapEntry(
  reader: ProtobufReader,
  into: Record<string, AttributeValue>,
  depth: number,
): void {
  const outer = reader.end;
  reader.end = reader.lengthEnd();
  let key = '';
  let value: AttributeValue = null;
  while (reader.next()) {
    if (reader.field === 1 && reader.wire === 2) key = reader.string();
    else if (reader.field === 2 && reader.wire === 2) value = readAnyValue(reader, depth + 1);
    else reader.skip();
  }
  reader.end = outer;
  setOwn(into, key, value);
}

/** All KeyValues of one field of the message between the bounds. */
export function readAttributes(reader: ProtobufReader, field: number): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  while (reader.next()) {
    if (reader.field === field && reader.wire === 2) readKeyValue(reader, attributes);
    else reader.skip();
  }
  return attributes;
}
