/** Collects AMQP's primitive types; values must fit, this side has made them. */
export class WireWriter {
  readonly #parts: Buffer[] = [];

  octet(value: number): this {
    return this.#add(1, (buffer) => buffer.writeUInt8(value));
  }

  short(value: number): this {
    return this.#add(2, (buffer) => buffer.writeUInt16BE(value));
  }

  long(value: number): this {
    return this.#add(4, (buffer) => buffer.writeUInt32BE(value));
  }

  longlong(value: bigint): this {
    return this.#add(8, (buffer) => buffer.writeBigUInt64BE(value));
  }

  /** Cut to the 255 bytes that the type can hold. */
  shortstr(value: string): this {
    const bytes = Buffer.from(value, 'utf8').subarray(0, 255);
    return this.octet(bytes.length).bytes(bytes);
  }

  longstr(value: Buffer): this {
    return this.long(value.length).bytes(value);
  }

  bytes(value: Buffer): this {
    this.#parts.push(value);
    return this;
  }

  build(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #add(length: number, write: (buffer: Buffer) => void): this {
    const buffer = Buffer.allocUnsafe(length);
    write(buffer);
    return this.bytes(buffer);
  }
}
