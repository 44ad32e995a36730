import { DecodeError } from './decode-error.ts';
import { thriftTypes as binary } from './thrift-reader.ts';

/** Thrift's compact protocol numbers types its own way, and knows two for booleans. */
const compact = {
  stop: 0,
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
} as const;

/** The binary protocol's type by the compact one's. */
const binaryTypes: readonly (number | undefined)[] = [
  undefined,
  binary.bool,
  binary.bool,
  binary.byte,
  binary.i16,
  binary.i32,
  binary.i64,
  binary.double,
  binary.string,
  binary.list,
  binary.set,
  binary.map,
  binary.struct,
];

const maxDepth = 32;
const maxVarintBytes = 10;

/**
 * Reads Thrift's compact protocol and writes what it reads in the binary one, whatever the structs mean: both protocols name
 * every field and type, so that one decoder of batches is enough. Throws `DecodeError` for anything else.
 */
export class ThriftCompactReader {
  readonly #bytes: Buffer;
  #at: number;
  #out: Buffer;
  #outAt = 0;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
    this.#out = Buffer.allocUnsafe(4 * bytes.length + 64);
  }

  byte(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  varint(): number {
    return Number(this.#varint());
  }

  text(): string {
    const length = this.varint();
    const at = this.#take(length);
    return this.#bytes.toString('utf8', at, at + length);
  }

  /** The struct that starts here, in the binary protocol. */
  struct(): Buffer {
    this.#struct(0);
    return this.#out.subarray(0, this.#outAt);
  }

  error(what: string): DecodeError {
    return new DecodeError(`Not valid compact Thrift at byte ${this.#at}: ${what}.`);
  }

  #struct(depth: number): void {
    let id = 0;
    for (let head = this.byte(); head !== compact.stop; head = this.byte()) {
      const type = head & 0x0f;
      const step = head >> 4;
      id = step === 0 ? Number(this.#zigzag()) : id + step;
      if (id < -32_768 || id > 32_767) throw this.error(`the field id ${id}`);
      const at = this.#room(3);
      this.#out[at] = this.#binaryType(type);
      this.#out.writeInt16BE(id, at + 1);
      if (type === compact.true || type === compact.false) this.#writeByte(Number(type === 1));
      else this.#value(type, depth + 1);
    }
    this.#writeByte(binary.stop);
  }

  #value(type: number, depth: number): void {
    if (depth > maxDepth) throw this.error(`values nested deeper than ${maxDepth}`);
    if (type === compact.true || type === compact.false)
      this.#writeByte(Number(this.byte() === compact.true));
    else if (type === compact.byte) this.#writeByte(this.byte());
    else if (type <= compact.i64) this.#integer(type);
    else if (type === compact.double) this.#double();
    else if (type === compact.binary) this.#binary();
    else if (type === compact.struct) this.#struct(depth);
    else if (type === compact.map) this.#map(depth);
    else this.#list(depth);
  }

  #integer(type: number): void {
    const value = this.#zigzag();
    if (type === compact.i64) {
      const at = this.#room(8);
      this.#out.writeBigInt64BE(BigInt.asIntN(64, value), at);
    } else if (type === compact.i32) {
      const at = this.#room(4);
      this.#out.writeInt32BE(Number(BigInt.asIntN(32, value)), at);
    } else {
      const at = this.#room(2);
      this.#out.writeInt16BE(Number(BigInt.asIntN(16, value)), at);
    }
  }

  /** Little-endian here, big-endian there. */
  #double(): void {
    const value = this.#bytes.readDoubleLE(this.#take(8));
    const at = this.#room(8);
    this.#out.writeDoubleBE(value, at);
  }

  #binary(): void {
    const length = this.varint();
    const from = this.#take(length);
    const at = this.#room(4 + length);
    this.#out.writeInt32BE(length, at);
    this.#bytes.copy(this.#out, at + 4, from, from + length);
  }

  #list(depth: number): void {
    const head = this.byte();
    const type = head & 0x0f;
    const count = this.#count(head >> 4 === 15 ? this.varint() : head >> 4);
    this.#writeByte(this.#binaryType(type));
    this.#writeCount(count);
    for (let index = 0; index < count; index += 1) this.#value(type, depth + 1);
  }

  #map(depth: number): void {
    const count = this.#count(this.varint());
    const types = count === 0 ? 0x33 : this.byte();
    const [keys, values] = [types >> 4, types & 0x0f];
    this.#writeByte(this.#binaryType(keys));
    this.#writeByte(this.#binaryType(values));
    this.#writeCount(count);
    for (let index = 0; index < count; index += 1) {
      this.#value(keys, depth + 1);
      this.#value(values, depth + 1);
    }
  }

  #binaryType(type: number): number {
    const found = binaryTypes[type];
    if (found === undefined) throw this.error(`the unknown type ${type}`);
    return found;
  }

  /** Every item takes a byte at least. */
  #count(count: number): number {
    if (count > this.#bytes.length - this.#at) throw this.error(`a list of ${count} items`);
    return count;
  }

  #zigzag(): bigint {
    const value = this.#varint();
    return (value >> 1n) ^ -(value & 1n);
  }

  #varint(): bigint {
    let value = 0n;
    for (let index = 0; index < maxVarintBytes; index += 1) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return value;
    }
    throw this.error('a number of more than ten bytes');
  }

  #writeByte(byte: number): void {
    const at = this.#room(1);
    this.#out[at] = byte;
  }

  #writeCount(count: number): void {
    const at = this.#room(4);
    this.#out.writeInt32BE(count, at);
  }

  #take(count: number): number {
    const at = this.#at;
    if (this.#bytes.length - at < count) throw this.error('a value that is cut off');
    this.#at = at + count;
    return at;
  }

  /** Where the next `count` bytes are to be written. */
  #room(count: number): number {
    const at = this.#outAt;
    if (at + count > this.#out.length) {
      const larger = Buffer.allocUnsafe(2 * (at + count));
      this.#out.copy(larger, 0, 0, at);
      this.#out = larger;
    }
    this.#outAt = at + count;
    return at;
  }
}
