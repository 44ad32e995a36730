import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { type BodyBounds, collectBody } from './collect-body.ts';
import { inflateBody } from './inflate-body.ts';
import { BodyRefusal } from './refusal.ts';

const prefixBytes = 5;

/** The one message of a call: a flag, four bytes of length, and the message, which may be compressed. Throws `BodyRefusal`. */
export async function readGrpcMessage(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  bounds: BodyBounds,
): Promise<Uint8Array> {
  const frame = await collectBody(stream, bounds, prefixBytes);
  const prefix = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  const isWhole =
    frame.length >= prefixBytes && prefix.readUInt32BE(1) === frame.length - prefixBytes;
  const flag = prefix[0] ?? 0;
  if (!isWhole || flag > 1)
    throw new BodyRefusal('undecodable', 'The call does not carry exactly one whole message.');
  const message = frame.subarray(prefixBytes);
  if (flag === 0) return message;
  const encoding = String(headers['grpc-encoding'] ?? 'identity');
  if (encoding === 'identity')
    throw new BodyRefusal(
      'undecodable',
      'The message is compressed, but grpc-encoding is not set.',
    );
  return inflateBody(message, encoding, bounds);
}
