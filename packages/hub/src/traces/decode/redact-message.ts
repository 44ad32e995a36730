import { attributeKeys, readAnyValue } from './decode-value.ts';
import { encodeKeyValue, ProtobufWriter } from './encode-otlp.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { redactAttribute } from './redact-attribute.ts';

/** Where a message keeps attributes: a field of its own, and fields of messages inside it. */
export interface AttributePlaces {
  readonly own: number;
  readonly nested: Readonly<Record<number, number>>;
}

export const resourcePlaces: AttributePlaces = { own: 1, nested: {} };
export const scopePlaces: AttributePlaces = { own: 3, nested: {} };

/** A field to be replaced. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  /** The field with its tag, or nothing. */
  readonly bytes: Uint8Array;
}

/**
 * The message without its secrets: the same bytes when it has none, else a copy with only the affected attributes
 * replaced, so that everything else stays as the sender wrote it.
 */
export function redactMessage(message: Buffer, places: AttributePlaces): Buffer {
  const edits: Edit[] = [];
  const reader = new ProtobufReader(message);
  for (let start = 0; reader.next(); start = reader.at) {
    const { field, wire } = reader;
    const inner = places.nested[field];
    if (wire !== 2 || (field !== places.own && inner === undefined)) {
      reader.skip();
      continue;
    }
    const edit = redactField(reader, start, inner);
    if (edit !== undefined) edits.push(edit);
  }
  return withEdits(message, edits);
}

/** Of the field at the cursor, whose tag begins at `start`: an attribute, or a message that holds them as its field `inner`. */
export function redactField(
  reader: ProtobufReader,
  start: number,
  inner: number | undefined,
): Edit | undefined {
  const { field } = reader;
  const end = reader.lengthEnd();
  const bytes =
    inner === undefined
      ? redactKeyValue(reader, end, field)
      : redactNested(reader.bytes.subarray(reader.at, end), field, inner);
  reader.at = end;
  return bytes === undefined ? undefined : { start, end, bytes };
}

/** The same bytes when there is nothing to replace. */
export function withEdits(message: Buffer, edits: readonly Edit[]): Buffer {
  return edits.length === 0 ? message : splice(message, edits);
}

const nothing = new Uint8Array(0);

function redactKeyValue(
  reader: ProtobufReader,
  end: number,
  field: number,
): Uint8Array | undefined {
  const outer = reader.end;
  const start = reader.at;
  reader.end = end;
  let key = '';
  let isCandidate = false;
  while (reader.next()) {
    if (reader.wire !== 2 || reader.field > 2) reader.skip();
    else if (reader.field === 2) skimValue(reader);
    else {
      const keyEnd = reader.lengthEnd();
      const found = attributeKeys.find(reader.bytes, reader.at, keyEnd);
      key = found.text;
      isCandidate = found.mayHoldSecret;
      reader.at = keyEnd;
    }
  }
  reader.end = outer;
  return isCandidate ? redactValue(reader.bytes.subarray(start, end), key, field) : undefined;
}

/** Finds what is broken now, so that whoever decodes the value later cannot stumble. */
function skimValue(reader: ProtobufReader): void {
  const outer = reader.end;
  const start = reader.at;
  const end = reader.lengthEnd();
  reader.end = end;
  let isNested = false;
  while (reader.next()) {
    isNested ||= reader.field === 5 || reader.field === 6;
    reader.skip();
  }
  reader.end = outer;
  if (!isNested) return;
  reader.at = start;
  readAnyValue(reader, 0);
}

function redactValue(keyValue: Buffer, key: string, field: number): Uint8Array | undefined {
  const reader = new ProtobufReader(keyValue);
  let value: ReturnType<typeof readAnyValue> = null;
  while (reader.next()) {
    if (reader.field === 2 && reader.wire === 2) value = readAnyValue(reader, 0);
    else reader.skip();
  }
  const kept = redactAttribute(key, value);
  if (kept === value) return undefined;
  if (kept === undefined) return nothing;
  return new ProtobufWriter().bytes(field, encodeKeyValue(key, kept)).finish();
}

function redactNested(inner: Buffer, field: number, own: number): Uint8Array | undefined {
  const kept = redactMessage(inner, { own, nested: {} });
  return kept === inner ? undefined : new ProtobufWriter().bytes(field, kept).finish();
}

function splice(message: Buffer, edits: readonly Edit[]): Buffer {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const edit of edits) {
    parts.push(message.subarray(at, edit.start), edit.bytes);
    at = edit.end;
  }
  parts.push(message.subarray(at));
  return Buffer.concat(parts);
}
