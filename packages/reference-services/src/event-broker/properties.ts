import { type FieldTable, readTable, writeTable } from './field-table.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

/** The properties of a message that the server has to understand; the others travel as bytes. */
export interface Properties {
  readonly headers: FieldTable | undefined;
  /** Milliseconds as text, as the publisher wrote it. */
  readonly expiration: string | undefined;
  /** All other properties by bit number, encoded. */
  readonly others: ReadonlyMap<number, Buffer>;
}

const headersBit = 13;
const expirationBit = 8;
const lowestBit = 2;
const octetBits = new Set([12, 11]);
const timestampBit = 6;

/** Reads the property part of a content header: flags, then the properties whose flag is set, highest bit first. */
export function readProperties(bytes: Buffer): Properties {
  const reader = new WireReader(bytes);
  const flags = reader.short();
  const others = new Map<number, Buffer>();
  let headers: FieldTable | undefined;
  let expiration: string | undefined;
  for (let bit = 15; bit >= lowestBit; bit -= 1) {
    if ((flags & (1 << bit)) === 0) continue;
    if (bit === headersBit) headers = readTable(reader);
    else if (bit === expirationBit) expiration = reader.shortstr();
    else others.set(bit, readOther(reader, bit));
  }
  return { headers, expiration, others };
}

function readOther(reader: WireReader, bit: number): Buffer {
  if (octetBits.has(bit)) return Buffer.from(reader.bytes(1));
  if (bit === timestampBit) return Buffer.from(reader.bytes(8));
  const length = reader.octet();
  return Buffer.concat([Buffer.of(length), reader.bytes(length)]);
}

/** The reverse of `readProperties`. */
export function writeProperties(properties: Properties): Buffer {
  const writer = new WireWriter();
  let flags = 0;
  for (let bit = 15; bit >= lowestBit; bit -= 1) {
    const encoded = encodedProperty(properties, bit);
    if (encoded === undefined) continue;
    flags |= 1 << bit;
    writer.bytes(encoded);
  }
  return Buffer.concat([new WireWriter().short(flags).build(), writer.build()]);
}

function encodedProperty(properties: Properties, bit: number): Buffer | undefined {
  const { headers, expiration, others } = properties;
  if (bit === headersBit) return headers && writeTable(new WireWriter(), headers).build();
  if (bit !== expirationBit) return others.get(bit);
  return expiration === undefined ? undefined : new WireWriter().shortstr(expiration).build();
}
