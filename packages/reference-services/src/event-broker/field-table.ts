import { AmqpError } from './amqp-error.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

/**
 * A value of a field table. Kinds the server never looks into keep their bytes, so that a header goes out exactly as it
 * came in, whatever its type.
 */
export type Field =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'integer'; readonly value: bigint; readonly tag: string }
  | { readonly kind: 'timestamp'; readonly value: bigint }
  | { readonly kind: 'list'; readonly value: readonly Field[] }
  | { readonly kind: 'table'; readonly value: FieldTable }
  | { readonly kind: 'raw'; readonly value: Buffer; readonly tag: string };

export type FieldTable = ReadonlyMap<string, Field>;

const maxDepth = 32;

/** Bytes and signedness of the integer kinds, by type octet (RabbitMQ's reading of the specification). */
const integers: Readonly<Record<string, { readonly bytes: number; readonly signed: boolean }>> = {
  b: { bytes: 1, signed: true },
  B: { bytes: 1, signed: false },
  s: { bytes: 2, signed: true },
  u: { bytes: 2, signed: false },
  I: { bytes: 4, signed: true },
  i: { bytes: 4, signed: false },
  l: { bytes: 8, signed: true },
};

const rawLengths: Readonly<Record<string, number>> = { t: 1, f: 4, d: 8, D: 5, V: 0 };

/** Reads a table with its length in front; nested deeper than 32 it is refused. */
export function readTable(reader: WireReader, depth = 0): FieldTable {
  if (depth > maxDepth) throw new AmqpError('SYNTAX_ERROR', 'tables are nested too deep');
  const entries = new WireReader(reader.longstr());
  const table = new Map<string, Field>();
  while (!entries.done) table.set(entries.shortstr(), readField(entries, depth));
  return table;
}

function readField(reader: WireReader, depth: number): Field {
  const tag = String.fromCharCode(reader.octet());
  const integer = integers[tag];
  if (integer !== undefined) {
    return { kind: 'integer', tag, value: readInteger(reader, integer) };
  }
  const rawLength = rawLengths[tag];
  if (rawLength !== undefined) {
    return { kind: 'raw', tag, value: Buffer.from(reader.bytes(rawLength)) };
  }
  return readStructure(reader, tag, depth);
}

function readStructure(reader: WireReader, tag: string, depth: number): Field {
  switch (tag) {
    case 'S':
      return { kind: 'text', value: reader.longstr().toString('utf8') };
    case 'x':
      return { kind: 'raw', tag, value: Buffer.from(reader.longstr()) };
    case 'T':
      return { kind: 'timestamp', value: reader.longlong() };
    case 'F':
      return { kind: 'table', value: readTable(reader, depth + 1) };
    case 'A':
      return { kind: 'list', value: readList(reader, depth + 1) };
    default:
      throw new AmqpError('SYNTAX_ERROR', `there is no field type '${tag}'`);
  }
}

function readList(reader: WireReader, depth: number): readonly Field[] {
  if (depth > maxDepth) throw new AmqpError('SYNTAX_ERROR', 'lists are nested too deep');
  const items = new WireReader(reader.longstr());
  const list: Field[] = [];
  while (!items.done) list.push(readField(items, depth));
  return list;
}

function readInteger(
  reader: WireReader,
  kind: { readonly bytes: number; readonly signed: boolean },
): bigint {
  const value = BigInt(`0x${reader.bytes(kind.bytes).toString('hex')}`);
  return kind.signed ? BigInt.asIntN(kind.bytes * 8, value) : value;
}

/** Writes a table with its length in front. */
export function writeTable(writer: WireWriter, table: FieldTable): WireWriter {
  const entries = new WireWriter();
  for (const [name, field] of table) writeField(entries.shortstr(name), field);
  return writer.longstr(entries.build());
}

function writeField(writer: WireWriter, field: Field): void {
  switch (field.kind) {
    case 'text':
      tagged(writer, 'S').longstr(Buffer.from(field.value, 'utf8'));
      return;
    case 'integer':
      tagged(writer, field.tag).bytes(integerBytes(field.value, integers[field.tag]?.bytes ?? 8));
      return;
    case 'timestamp':
      tagged(writer, 'T').longlong(field.value);
      return;
    case 'list': {
      const items = new WireWriter();
      for (const item of field.value) writeField(items, item);
      tagged(writer, 'A').longstr(items.build());
      return;
    }
    case 'table':
      writeTable(tagged(writer, 'F'), field.value);
      return;
    case 'raw':
      if (field.tag === 'x') tagged(writer, 'x').longstr(field.value);
      else tagged(writer, field.tag).bytes(field.value);
  }
}

function tagged(writer: WireWriter, tag: string): WireWriter {
  return writer.octet(tag.charCodeAt(0));
}

function integerBytes(value: bigint, bytes: number): Buffer {
  const unsigned = BigInt.asUintN(bytes * 8, value);
  return Buffer.from(unsigned.toString(16).padStart(bytes * 2, '0'), 'hex');
}

export function textField(value: string): Field {
  return { kind: 'text', value };
}

/** A signed 64-bit integer. */
export function longField(value: bigint): Field {
  return { kind: 'integer', tag: 'l', value };
}

/** The text of a field; undefined when it is absent or of another kind. */
export function textOf(field: Field | undefined): string | undefined {
  return field?.kind === 'text' ? field.value : undefined;
}
