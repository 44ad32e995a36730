import type { IncomingMessage, RequestListener } from 'node:http';
import { type Reply, textReply } from './otlp-replies.ts';
import { receiveSpans, replying, type SpanReceiving } from './receive-spans.ts';

const thriftTypes = new Set(['application/x-thrift', 'application/vnd.apache.thrift.binary']);
const paths = new Set(['/api/traces', '/']);
const kind = { transport: 'jaeger-thrift', format: 'jaeger-thrift' } as const;

/**
 * `POST /api/traces` of Jaeger's collector: 202 without a body when taken, whatever the query says. `/` too, because that
 * is where the exporter posts when its endpoint has no path.
 */
export function createThriftHandler(deps: SpanReceiving): RequestListener {
  return replying(deps.log, async (request) => {
    const refusal = refusalOf(request);
    if (refusal !== undefined) {
      request.resume();
      return refusal;
    }
    const receipt = await receiveSpans(deps, request, kind);
    if (receipt.kind === 'taken') return textReply(202, '');
    return textReply(receipt.status, receipt.message, receipt.headers);
  });
}

function refusalOf(request: IncomingMessage): Reply | undefined {
  const path = request.url?.split('?', 1)[0] ?? '/';
  if (!paths.has(path)) return textReply(404, 'Send Thrift batches to POST /api/traces.');
  if (request.method !== 'POST')
    return textReply(405, 'Send Thrift batches with POST.', { allow: 'POST' });
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (thriftTypes.has(type)) return undefined;
  return textReply(400, 'The content type is not supported; send application/x-thrift.');
}
