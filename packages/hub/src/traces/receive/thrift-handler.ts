import type { IncomingMessage, RequestListener } from 'node:http';
import { receiveBody, type SpanReceiving } from './receive-body.ts';
import { refusals } from './refusal.ts';
import {
  arriving,
  mediaTypeOf,
  pathOf,
  type Reply,
  refusalHeaders,
  replying,
  textReply,
} from './reply.ts';

const thriftTypes = new Set(['application/x-thrift', 'application/vnd.apache.thrift.binary']);
const paths = new Set(['/api/traces', '/']);
const kind = { transport: 'jaeger-thrift', content: 'jaeger-thrift' } as const;

/**
 * `POST /api/traces` of Jaeger's collector: 202 without a body when taken, whatever the query says. `/` too, because that
 * is where the exporter posts when its endpoint has no path.
 */
export function createThriftHandler(deps: SpanReceiving): RequestListener {
  return replying(deps.log, async (request) => {
    const refusal = refusalOf(request);
    if (refusal !== undefined) return refusal;
    const outcome = await receiveBody(deps, arriving(request, kind));
    if (outcome.kind === 'taken') return textReply(202, '');
    const { status } = refusals[outcome.reason];
    return textReply(status, outcome.message, refusalHeaders(outcome));
  });
}

function refusalOf(request: IncomingMessage): Reply | undefined {
  if (!paths.has(pathOf(request)))
    return textReply(404, 'Send Thrift batches to POST /api/traces.');
  if (request.method !== 'POST')
    return textReply(405, 'Send Thrift batches with POST.', { allow: 'POST' });
  if (thriftTypes.has(mediaTypeOf(request))) return undefined;
  return textReply(400, 'The content type is not supported; send application/x-thrift.');
}
