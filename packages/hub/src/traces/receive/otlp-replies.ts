import { ProtobufWriter } from '../decode/encode-otlp.ts';

/** OTLP answers in the encoding it was asked in. */
export type OtlpEncoding = 'protobuf' | 'json';

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Seconds: SDKs give an export ten in all, and drop it when told to wait longer than what is left. */
export const retryAfter = { 'retry-after': '1' } as const;

/** google.rpc.Code by HTTP status. */
const codes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  413: 8,
  429: 8,
  503: 14,
};

const types: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

export function textReply(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, type: 'text/plain; charset=utf-8', body: Buffer.from(text), headers };
}

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
  refusal: {
    readonly status: number;
    readonly message: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Reply {
  const { status, message, headers = {} } = refusal;
  const code = codes[status] ?? 2;
  const body =
    encoding === 'json'
      ? Buffer.from(JSON.stringify({ code, message }))
      : new ProtobufWriter().varint(1, code).string(2, message).finish();
  return { status, type: types[encoding], body, headers };
}
