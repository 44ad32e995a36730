import { ProtobufWriter } from '../decode/encode-otlp.ts';
import type { Outcome } from './receive-body.ts';
import { refusals } from './refusal.ts';
import { type Reply, refusalHeaders } from './reply.ts';

/** OTLP answers in the encoding it was asked in. */
export type OtlpEncoding = 'protobuf' | 'json';

const types: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** A partial success is told only when spans were refused: an empty one would make senders log. */
export function successReply(
  encoding: OtlpEncoding,
  batch: { readonly rejected: number; readonly reasons: readonly string[] },
): Reply {
  const type = types[encoding];
  if (batch.rejected === 0)
    return { status: 200, type, body: Buffer.from(encoding === 'json' ? '{}' : '') };
  const errorMessage = batch.reasons.join('; ');
  if (encoding === 'json') {
    const partialSuccess = { rejectedSpans: String(batch.rejected), errorMessage };
    return { status: 200, type, body: Buffer.from(JSON.stringify({ partialSuccess })) };
  }
  const partial = new ProtobufWriter().varint(1, batch.rejected).string(2, errorMessage);
  return { status: 200, type, body: new ProtobufWriter().bytes(1, partial.finish()).finish() };
}

/** A google.rpc.Status. */
export function statusReply(
  encoding: OtlpEncoding,
  refusal: Extract<Outcome, { kind: 'refused' }>,
): Reply {
  const { status, code } = refusals[refusal.reason];
  const { message } = refusal;
  const body =
    encoding === 'json'
      ? Buffer.from(JSON.stringify({ code, message }))
      : new ProtobufWriter().varint(1, code).string(2, message).finish();
  return { status, type: types[encoding], body, headers: refusalHeaders(refusal) };
}
