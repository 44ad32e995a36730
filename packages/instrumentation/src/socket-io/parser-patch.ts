import { carrierOf, carrierOfSending, carry, type Packet } from './packet.ts';
import { attach, readAttachment } from './trace-attachment.ts';

type Encode = (this: unknown, packet: Packet) => readonly unknown[];
type Add = (this: Decoder, chunk: unknown) => void;

/** Of socket.io-parser's Decoder; a binary event waits in `reconstructor` for its attachments. */
interface Decoder {
  readonly reconstructor?: {
    readonly reconPack: (Packet & { readonly attachments?: number }) | null;
    readonly buffers: readonly unknown[];
  } | null;
}

/** Writes the trace context of an event beside it. */
export function patchEncode(encode: Encode): Encode {
  return function encodeWithContext(packet) {
    const carrier = carrierOf(packet) ?? carrierOfSending();
    const encoded = encode.call(this, packet);
    return carrier === undefined ? encoded : attach(encoded, carrier);
  };
}

/** Reads the trace context, which comes as the last attachment, back onto the packet. */
export function patchAdd(add: Add): Add {
  return function addWithContext(chunk) {
    const waiting = this.reconstructor;
    const packet = waiting?.reconPack;
    if (packet && waiting.buffers.length + 1 === packet.attachments) {
      const carrier = readAttachment(chunk);
      if (carrier !== undefined) carry(packet, carrier);
    }
    add.call(this, chunk);
  };
}
