import { AmqpError } from './amqp-error.ts';

export const frameTypes = { method: 1, header: 2, body: 3, heartbeat: 8 } as const;

export interface Frame {
  readonly type: number;
  readonly channel: number;
  readonly payload: Buffer;
}

const headerBytes = 7;
const endByte = 0xce;

/** Bytes of a frame that are no payload. */
export const frameOverhead = headerBytes + 1;

/** Cuts a byte stream into frames; a frame longer than agreed, or without its end byte, is a FRAME_ERROR. */
export class FrameSplitter {
  #pending: Buffer = Buffer.alloc(0);
  #frameMax: number;

  constructor(frameMax: number) {
    this.#frameMax = frameMax;
  }

  agreeOn(frameMax: number): void {
    this.#frameMax = frameMax;
  }

  *push(chunk: Buffer): Generator<Frame> {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const frame = this.#next();
      if (frame === undefined) return;
      yield frame;
    }
  }

  #next(): Frame | undefined {
    const bytes = this.#pending;
    if (bytes.length < headerBytes) return undefined;
    const size = bytes.readUInt32BE(3);
    if (size + frameOverhead > this.#frameMax) {
      throw new AmqpError('FRAME_ERROR', `a frame of ${size} bytes is longer than agreed`);
    }
    if (bytes.length < size + frameOverhead) return undefined;
    if (bytes[headerBytes + size] !== endByte) {
      throw new AmqpError('FRAME_ERROR', 'a frame does not end with its end byte');
    }
    this.#pending = bytes.subarray(size + frameOverhead);
    return {
      type: bytes.readUInt8(0),
      channel: bytes.readUInt16BE(1),
      payload: bytes.subarray(headerBytes, headerBytes + size),
    };
  }
}

/** The bytes of one frame. */
export function encodeFrame(frame: Frame): Buffer {
  const bytes = Buffer.allocUnsafe(frame.payload.length + frameOverhead);
  bytes.writeUInt8(frame.type, 0);
  bytes.writeUInt16BE(frame.channel, 1);
  bytes.writeUInt32BE(frame.payload.length, 3);
  frame.payload.copy(bytes, headerBytes);
  bytes.writeUInt8(endByte, bytes.length - 1);
  return bytes;
}
