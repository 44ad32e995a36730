import { ProtobufReader } from '../decode/protobuf-reader.ts';

/** OpenTelemetry's AnyValue with the type its sender gave it, which plain attributes no longer know. */
export type TypedValue =
  | { readonly kind: 'empty' }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  /** A bigint where a number would not be exact. */
  | { readonly kind: 'int'; readonly value: number | bigint }
  | { readonly kind: 'double'; readonly value: number }
  /** Base64. */
  | { readonly kind: 'bytes'; readonly value: string }
  | { readonly kind: 'array'; readonly values: readonly TypedValue[] }
  | { readonly kind: 'map'; readonly entries: TypedAttributes };

/** In the order sent; of a key that comes twice the last value counts. */
export type TypedAttributes = ReadonlyMap<string, TypedValue>;

const empty: TypedValue = { kind: 'empty' };

/** All KeyValues in one field of a message that was checked when it came in. */
export function readTypedAttributes(message: Buffer, field: number): TypedAttributes {
  const attributes = new Map<string, TypedValue>();
  const reader = new ProtobufReader(message);
  while (reader.next()) {
    if (reader.field === field && reader.wire === 2) addTypedAttribute(reader, attributes);
    else reader.skip();
  }
  return attributes;
}

/** Adds the KeyValue at the cursor. */
export function addTypedAttribute(reader: ProtobufReader, into: Map<string, TypedValue>): void {
  let key = '';
  let value = empty;
  within(reader, () => {
    if (reader.field === 1 && reader.wire === 2) key = reader.string();
    else if (reader.field === 2 && reader.wire === 2) value = readValue(reader);
    else reader.skip();
  });
  into.set(key, value);
}

/** Reads the message at the cursor field by field and leaves the cursor behind it. */
function within(reader: ProtobufReader, readField: () => void): void {
  const outer = reader.end;
  reader.end = reader.lengthEnd();
  while (reader.next()) readField();
  reader.end = outer;
}

function readValue(reader: ProtobufReader): TypedValue {
  let value = empty;
  within(reader, () => {
    value = readOneOf(reader, value);
  });
  return value;
}

function readOneOf(reader: ProtobufReader, otherwise: TypedValue): TypedValue {
  switch (reader.field * 8 + reader.wire) {
    case 10:
      return { kind: 'string', value: reader.string() };
    case 16:
      return { kind: 'bool', value: reader.varint() !== 0 };
    case 24:
      return { kind: 'int', value: reader.int64() };
    case 33:
      return { kind: 'double', value: reader.double() };
    case 42:
      return { kind: 'array', values: readValues(reader) };
    case 50:
      return { kind: 'map', entries: readEntries(reader) };
    case 58:
      return { kind: 'bytes', value: reader.view().toString('base64') };
    default:
      reader.skip();
      return otherwise;
  }
}

function readValues(reader: ProtobufReader): readonly TypedValue[] {
  const values: TypedValue[] = [];
  within(reader, () => {
    if (reader.field === 1 && reader.wire === 2) values.push(readValue(reader));
    else reader.skip();
  });
  return values;
}

function readEntries(reader: ProtobufReader): TypedAttributes {
  const entries = new Map<string, TypedValue>();
  within(reader, () => {
    if (reader.field === 1 && reader.wire === 2) addTypedAttribute(reader, entries);
    else reader.skip();
  });
  return entries;
}

/** How a value that is no text reads as text: JSON, with every digit of a whole number. */
export function jsonOf(value: TypedValue): string {
  switch (value.kind) {
    case 'empty':
      return 'null';
    case 'int':
      return String(value.value);
    case 'array':
      return `[${value.values.map(jsonOf).join(',')}]`;
    case 'map':
      return `{${[...value.entries].map(([key, inner]) => `${JSON.stringify(key)}:${jsonOf(inner)}`).join(',')}}`;
    default:
      return JSON.stringify(value.value);
  }
}
