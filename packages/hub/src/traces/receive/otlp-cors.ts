import type { IncomingMessage } from 'node:http';
import { type Reply, textReply } from './reply.ts';

const defaultHeaders = 'content-type, content-encoding, authorization, traceparent, tracestate';

/**
 * What lets browsers of the listed origins send spans; `*` lists all. Without a listed origin the reply stays as it is, and
 * the browser keeps the page away from it.
 */
export function withCors(
  origins: readonly string[],
  request: IncomingMessage,
  reply: Reply,
): Reply {
  const { origin } = request.headers;
  if (origin === undefined || !isListed(origins, origin)) return reply;
  const allowed = { 'access-control-allow-origin': origin, vary: 'Origin' };
  if (!isPreflight(request)) return { ...reply, headers: { ...reply.headers, ...allowed } };
  return textReply(204, '', {
    ...allowed,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers':
      request.headers['access-control-request-headers'] ?? defaultHeaders,
    'access-control-max-age': '7200',
  });
}

function isListed(origins: readonly string[], origin: string): boolean {
  return origins.includes('*') || origins.includes(origin);
}

function isPreflight(request: IncomingMessage): boolean {
  return (
    request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
  );
}
