import type { IncomingMessage, RequestListener } from 'node:http';
import { withCors } from './otlp-cors.ts';
import {
  type OtlpEncoding,
  type Reply,
  statusReply,
  successReply,
  textReply,
} from './otlp-replies.ts';
import {
  type BodyKind,
  receiveSpans,
  receiveUnkept,
  replying,
  type SpanReceiving,
} from './receive-spans.ts';
import type { UnkeptSignal } from './span-intake.ts';

const kinds: Readonly<Record<OtlpEncoding, BodyKind>> = {
  protobuf: { transport: 'otlp-protobuf', format: 'otlp-protobuf' },
  json: { transport: 'otlp-json', format: 'otlp-json' },
};

/**
 * `POST /v1/traces` by OTLP/HTTP's rules, and the same for metrics and logs, which are only counted: answers in the encoding of the request, and retryable only when a retry can help.
 * Browsers may send from the origins in `corsOrigins`.
 */
export function createOtlpHandler(
  deps: SpanReceiving & { readonly corsOrigins: readonly string[] },
): RequestListener {
  return replying(deps.log, async (request) =>
    withCors(deps.corsOrigins, request, await answer(deps, request)),
  );
}

async function answer(deps: SpanReceiving, request: IncomingMessage): Promise<Reply> {
  const encoding = encodingOf(request.headers['content-type']);
  const refusal = refusalOf(request, encoding);
  if (encoding === undefined || refusal !== undefined) {
    // What is still sent is read and dropped, so that the sender gets to see the answer.
    request.resume();
    return refusal ?? unsupportedType;
  }
  const signal = signals.get(pathOf(request));
  const receipt =
    signal === undefined
      ? await receiveSpans(deps, request, kinds[encoding])
      : await receiveUnkept(deps, request, { signal, transport: kinds[encoding].transport });
  if (receipt.kind === 'taken') return successReply(encoding, receipt);
  return receipt.status === 415 ? textReply(415, receipt.message) : statusReply(encoding, receipt);
}

const unsupportedType = textReply(
  415,
  '415 unsupported media type, supported: [application/json, application/x-protobuf]',
);

/** What SDKs send along with spans: taken, so that they do not log failures, and not kept. */
const signals: ReadonlyMap<string, UnkeptSignal> = new Map([
  ['/v1/metrics', 'metrics'],
  ['/v1/logs', 'logs'],
]);

function pathOf(request: IncomingMessage): string {
  return request.url?.split('?', 1)[0] ?? '/';
}

function encodingOf(contentType = ''): OtlpEncoding | undefined {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/x-protobuf') return 'protobuf';
  return type === 'application/json' ? 'json' : undefined;
}

function refusalOf(
  request: IncomingMessage,
  encoding: OtlpEncoding | undefined,
): Reply | undefined {
  const path = pathOf(request);
  if (path !== '/v1/traces' && !signals.has(path))
    return textReply(404, `404 not found: ${path}. Send traces to POST /v1/traces.`);
  if (request.method !== 'POST')
    return textReply(405, '405 method not allowed, supported: [POST]', { allow: 'POST' });
  return encoding === undefined ? unsupportedType : undefined;
}
