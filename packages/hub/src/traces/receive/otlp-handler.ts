// Bare node:http and no express: for bodies of 100 kB express more than halves the throughput.
import type { IncomingMessage, RequestListener } from 'node:http';
import { withCors } from './otlp-cors.ts';
import { type OtlpEncoding, statusReply, successReply } from './otlp-replies.ts';
import { type ArrivingBody, receiveBody, type SpanReceiving } from './receive-body.ts';
import { arriving, mediaTypeOf, pathOf, type Reply, replying, textReply } from './reply.ts';
import type { UnkeptSignal } from './span-intake.ts';

/**
 * `POST /v1/traces` by OTLP/HTTP's rules, and the same for metrics and logs, which are only counted: answers in the encoding of the
 * request, and retryable only when a retry can help. Browsers may send from the origins in `corsOrigins`.
 */
export function createOtlpHandler(
  deps: SpanReceiving & { readonly corsOrigins: readonly string[] },
): RequestListener {
  return replying(deps.log, async (request) =>
    withCors(deps.corsOrigins, request, await answer(deps, request)),
  );
}

async function answer(deps: SpanReceiving, request: IncomingMessage): Promise<Reply> {
  const path = pathOf(request);
  const signal = signals.get(path);
  if (path !== '/v1/traces' && signal === undefined)
    return textReply(404, `404 not found: ${path}. Send traces to POST /v1/traces.`);
  if (request.method !== 'POST')
    return textReply(405, '405 method not allowed, supported: [POST]', { allow: 'POST' });
  const encoding = encodings.get(mediaTypeOf(request));
  if (encoding === undefined) return unsupportedType;
  const outcome = await receiveBody(deps, arriving(request, kindOf(encoding, signal)));
  if (outcome.kind === 'taken') return successReply(encoding, outcome);
  if (outcome.reason === 'unknown-encoding') return textReply(415, outcome.message);
  return statusReply(encoding, outcome);
}

const unsupportedType = textReply(
  415,
  '415 unsupported media type, supported: [application/json, application/x-protobuf]',
);

const encodings: ReadonlyMap<string, OtlpEncoding> = new Map([
  ['application/x-protobuf', 'protobuf'],
  ['application/json', 'json'],
]);

/** What SDKs send along with spans: taken, so that they do not log failures, and not kept. */
const signals: ReadonlyMap<string, UnkeptSignal> = new Map([
  ['/v1/metrics', 'metrics'],
  ['/v1/logs', 'logs'],
]);

function kindOf(
  encoding: OtlpEncoding,
  signal: UnkeptSignal | undefined,
): Pick<ArrivingBody, 'transport' | 'content'> {
  const transport = `otlp-${encoding}` as const;
  return { transport, content: signal === undefined ? transport : { unkept: signal } };
}
