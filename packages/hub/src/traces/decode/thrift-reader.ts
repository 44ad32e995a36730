import { DecodeError } from './decode-error.ts';

export const thriftTypes = {
  stop: 0,
  bool: 2,
  byte: 3,
  double: 4,
  i16: 6,
  i32: 8,
  i64: 10,
  string: 11,
  struct: 12,
  map: 13,
  set: 14,
  list: 15,
} as const;

/** By field id: the type it must have and what reads it. */
export type FieldReaders = Readonly<Record<number, readonly [type: number, read: () => unknown]>>;

const maxSkipDepth = 32;

/** Bytes each value takes at least, so that a list cannot announce more items than the body could hold. */
const leastSizes: Readonly<Record<number, number>> = {
  2: 1,
  3: 1,
  4: 8,
  6: 2,
  8: 4,
  10: 8,
  11: 4,
  12: 1,
  13: 6,
  14: 5,
  15: 5,
};

/** A cursor over Thrift's binary protocol (big-endian); reads beyond the end throw `DecodeError`. */
export class ThriftReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Reads a struct's known fields to its end and skips the others; a known field of another type is refused. */
  struct(fields: FieldReaders): void {
    for (let type = this.#byte(); type !== thriftTypes.stop; type = this.#byte()) {
      const id = this.#bytes.readInt16BE(this.#take(2));
      const known = fields[id];
      if (known === undefined) this.skip(type, 0);
      else if (known[0] !== type) throw this.error(`field ${id} has type ${type}, not ${known[0]}`);
      else known[1]();
    }
  }

  /** Calls `onItem` once an item; the list must hold `itemType`. */
  list(itemType: number, onItem: () => void): void {
    const type = this.#byte();
    const count = this.#count(type);
    if (count > 0 && type !== itemType) throw this.error(`a list of type ${type}`);
    for (let index = 0; index < count; index += 1) onItem();
  }

  bool(): boolean {
    return this.#byte() !== 0;
  }

  i32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  i64(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  double(): number {
    return this.#bytes.readDoubleBE(this.#take(8));
  }

  binary(): Buffer {
    const length = this.i32();
    if (length < 0) throw this.error(`a length of ${length}`);
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  string(): string {
    return this.binary().toString('utf8');
  }

  skip(type: number, depth: number): void {
    if (depth > maxSkipDepth) throw this.error(`values nested deeper than ${maxSkipDepth}`);
    const least = leastSizes[type];
    if (least === undefined) throw this.error(`the unknown type ${type}`);
    if (type === thriftTypes.string) this.binary();
    else if (type === thriftTypes.struct) this.#skipStruct(depth);
    else if (type === thriftTypes.map) this.#skipMap(depth);
    else if (type === thriftTypes.list || type === thriftTypes.set) this.#skipList(depth);
    else this.#take(least);
  }

  error(what: string): DecodeError {
    return new DecodeError(`Not a valid Thrift batch at byte ${this.#at}: ${what}.`);
  }

  #skipStruct(depth: number): void {
    for (let type = this.#byte(); type !== thriftTypes.stop; type = this.#byte()) {
      this.#take(2);
      this.skip(type, depth + 1);
    }
  }

  #skipMap(depth: number): void {
    const keys = this.#byte();
    const values = this.#byte();
    const count = this.#count(keys);
    for (let index = 0; index < count; index += 1) {
      this.skip(keys, depth + 1);
      this.skip(values, depth + 1);
    }
  }

  #skipList(depth: number): void {
    const type = this.#byte();
    const count = this.#count(type);
    for (let index = 0; index < count; index += 1) this.skip(type, depth + 1);
  }

  #count(type: number): number {
    const count = this.i32();
    const most = (this.#bytes.length - this.#at) / (leastSizes[type] ?? 1);
    if (count < 0 || count > most) throw this.error(`a list of ${count} items`);
    return count;
  }

  #byte(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  #take(count: number): number {
    const at = this.#at;
    if (this.#bytes.length - at < count) throw this.error('a value that is cut off');
    this.#at = at + count;
    return at;
  }
}
