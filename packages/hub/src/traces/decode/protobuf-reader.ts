// Hot path: one reader walks a whole request without allocating anything but what it returns.
import { DecodeError } from './decode-error.ts';

export type WireType = 0 | 1 | 2 | 5;

export interface Fixed64 {
  readonly low: number;
  readonly high: number;
}

/** A cursor over protobuf bytes; every read is bounded by `end` and throws `DecodeError` beyond it. */
export class ProtobufReader {
  readonly bytes: Buffer;
  at: number;
  end: number;
  /** Of the tag that `next` read last. */
  field = 0;
  wire: WireType = 0;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** Reads the next tag; false at the end. */
  next(): boolean {
    if (this.at >= this.end) return false;
    const tag = this.varint();
    const wire = tag & 7;
    // A shift would cut what has more than 32 bits, and Math.floor costs more than the shift.
    this.field = tag < 0x80 ? tag >> 3 : Math.floor(tag / 8);
    if (this.field === 0 || this.field > 536_870_911)
      throw this.error(`field number ${this.field}`);
    if (wire !== 0 && wire !== 1 && wire !== 2 && wire !== 5)
      throw this.error(`wire type ${wire} of field ${this.field}`);
    this.wire = wire;
    return true;
  }

  /** An unsigned varint as a number; what lies above 2^53 loses its low bits (only sizes and enums are read so). */
  varint(): number {
    const first = this.bytes[this.at] as number;
    if (first < 0x80 && this.at < this.end) {
      this.at += 1;
      return first;
    }
    let result = 0;
    let scale = 1;
    for (let count = 0; count < 10; count += 1) {
      if (this.at >= this.end) throw this.error('a number that is cut off');
      const byte = this.bytes[this.at++] as number;
      result += (byte & 0x7f) * scale;
      if (byte < 0x80) return result;
      scale *= 128;
    }
    throw this.error('a number of more than ten bytes');
  }

  /** A signed 64-bit varint; a number while that is exact. */
  int64(): number | bigint {
    const start = this.at;
    const value = this.varint();
    if (value <= Number.MAX_SAFE_INTEGER) return value;
    return exact(BigInt.asIntN(64, this.#bigVarint(start)));
  }

  #bigVarint(start: number): bigint {
    let result = 0n;
    for (let at = start; at < this.at; at += 1) {
      result |= BigInt((this.bytes[at] as number) & 0x7f) << BigInt(7 * (at - start));
    }
    return result;
  }

  fixed32(): number {
    const at = this.#take(4);
    return this.bytes.readUInt32LE(at);
  }

  /** A fixed64 as its halves, because no JavaScript number holds nanoseconds exactly. */
  fixed64(): Fixed64 {
    const at = this.#take(8);
    return { low: this.bytes.readUInt32LE(at), high: this.bytes.readUInt32LE(at + 4) };
  }

  double(): number {
    return this.bytes.readDoubleLE(this.#take(8));
  }

  /** The end of a length-delimited value; the cursor stands at its start. */
  lengthEnd(): number {
    const length = this.varint();
    if (length > this.end - this.at)
      throw this.error(
        `field ${this.field} announces ${length} bytes, ${this.end - this.at} are left`,
      );
    return this.at + length;
  }

  /** Invalid UTF-8 becomes replacement characters: names of services are data, not a reason to lose a batch. */
  string(): string {
    const end = this.lengthEnd();
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end;
    return text;
  }

  /** Bytes as lower-case hex. */
  hex(): string {
    const end = this.lengthEnd();
    const text = this.bytes.toString('hex', this.at, end);
    this.at = end;
    return text;
  }

  /** A view, not a copy. */
  view(): Buffer {
    const end = this.lengthEnd();
    const view = this.bytes.subarray(this.at, end);
    this.at = end;
    return view;
  }

  skip(): void {
    switch (this.wire) {
      case 0:
        this.varint();
        return;
      case 1:
        this.#take(8);
        return;
      case 2:
        this.at = this.lengthEnd();
        return;
      case 5:
        this.#take(4);
        return;
    }
  }

  error(what: string): DecodeError {
    return new DecodeError(`Not valid protobuf at byte ${this.at}: ${what}.`);
  }

  #take(count: number): number {
    const at = this.at;
    if (this.end - at < count) throw this.error('a value that is cut off');
    this.at = at + count;
    return at;
  }
}

/** Whole microseconds of nanoseconds, exact for every time before the year 2255. */
export function microsOf({ low, high }: Fixed64): number {
  return microsOfHalves(low, high);
}

export function microsOfHalves(low: number, high: number): number {
  return high * 4_294_967 + Math.floor((high * 296 + low) / 1000);
}

/** A number when that is exact, else the bigint. */
function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
