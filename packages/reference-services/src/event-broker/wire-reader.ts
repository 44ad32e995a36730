import { AmqpError } from './amqp-error.ts';

/** Reads AMQP's primitive types from bytes; reading beyond the end is a SYNTAX_ERROR. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  octet(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }

  short(): number {
    return this.#bytes.readUInt16BE(this.#take(2));
  }

  long(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  longlong(): bigint {
    return this.#bytes.readBigUInt64BE(this.#take(8));
  }

  shortstr(): string {
    return this.bytes(this.octet()).toString('utf8');
  }

  longstr(): Buffer {
    return this.bytes(this.long());
  }

  /** A copy-free view of the next bytes. */
  bytes(length: number): Buffer {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  #take(length: number): number {
    const start = this.#at;
    if (start + length > this.#bytes.length) {
      throw new AmqpError('SYNTAX_ERROR', 'the frame ends in the middle of a value');
    }
    this.#at = start + length;
    return start;
  }
}
