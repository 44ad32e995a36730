import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { ProtobufWriter } from '../decode/encode-otlp.ts';
import { retryAfterSeconds } from './refusal.ts';

/** google.rpc.Code, as far as it is told here. */
export const grpcCodes = {
  ok: 0,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  unimplemented: 12,
  unavailable: 14,
} as const;

export interface GrpcStatus {
  readonly code: number;
  readonly message: string;
  /** Adds RetryInfo: without it RESOURCE_EXHAUSTED is final. */
  readonly isRetryable?: boolean;
}

const responseHeaders = {
  ':status': 200,
  'content-type': 'application/grpc',
  'grpc-accept-encoding': 'identity,gzip,deflate',
} as const;
/** Peers refuse headers that are much larger. */
const maxMessageBytes = 1_000;

/** Answers with one message and ends the call well. */
export function sendGrpcMessage(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (!isGrpcOpen(stream)) return;
  startGrpcMessages(stream, { code: grpcCodes.ok, message: '' });
  stream.end(framed(message));
}

/** Starts an answer of several messages, to be written with `writeGrpcMessage`; `stream.end()` sends the status. */
export function startGrpcMessages(stream: ServerHttp2Stream, atEnd: GrpcStatus): void {
  stream.respond(responseHeaders, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers(statusHeaders(atEnd)));
}

export function writeGrpcMessage(stream: ServerHttp2Stream, message: Uint8Array): void {
  stream.write(framed(message));
}

/** Ends a call that has no answer, and takes no more of its body. */
export function sendGrpcStatus(stream: ServerHttp2Stream, status: GrpcStatus): void {
  if (!isGrpcOpen(stream)) return;
  stream.respond({ ...responseHeaders, ...statusHeaders(status) }, { endStream: true });
  if (!stream.readableEnded) stream.close();
}

/** Whether a call still waits for its answer. */
export function isGrpcOpen(stream: ServerHttp2Stream): boolean {
  return !(stream.closed || stream.destroyed || stream.headersSent);
}

function statusHeaders({ code, message, isRetryable = false }: GrpcStatus): OutgoingHttpHeaders {
  return {
    'grpc-status': String(code),
    ...(message === '' ? {} : { 'grpc-message': percentEncoded(message) }),
    ...(isRetryable ? { 'grpc-status-details-bin': retryDetails(code, message) } : {}),
  };
}

/** A google.rpc.Status with google.rpc.RetryInfo. */
function retryDetails(code: number, message: string): string {
  const delay = new ProtobufWriter().varint(1, retryAfterSeconds).finish();
  const retryInfo = new ProtobufWriter().bytes(1, delay).finish();
  const any = new ProtobufWriter()
    .string(1, 'type.googleapis.com/google.rpc.RetryInfo')
    .bytes(2, retryInfo)
    .finish();
  const status = new ProtobufWriter().varint(1, code).string(2, message).bytes(3, any).finish();
  return status.toString('base64').replace(/=+$/, '');
}

/** Headers are ASCII: gRPC writes other bytes, and the percent sign, as `%` and two digits. */
function percentEncoded(message: string): string {
  let encoded = '';
  for (const byte of Buffer.from(message).subarray(0, maxMessageBytes)) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += isPlain
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(5 + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return frame;
}
