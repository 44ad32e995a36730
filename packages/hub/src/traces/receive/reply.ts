import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Log } from '../../log.ts';
import { collectBody } from './collect-body.ts';
import { inflateBody } from './inflate-body.ts';
import type { ArrivingBody, Outcome } from './receive-body.ts';
import { refusals, retryAfterSeconds } from './refusal.ts';

/** An answer over HTTP. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

type Headers = Readonly<Record<string, string>>;

export function textReply(status: number, text: string, headers: Headers = {}): Reply {
  return { status, type: 'text/plain; charset=utf-8', body: Buffer.from(text), headers };
}

/**
 * A listener that answers with what `answer` makes of the request. What of a body is not read is dropped, so that the sender gets to see
 * the answer; a bug answers 503, which senders repeat.
 */
export function replying(
  log: Log,
  answer: (request: IncomingMessage) => Reply | Promise<Reply>,
): RequestListener {
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    request.on('error', () => undefined);
    const { status, type, body, headers = {} } = await answer(request);
    request.resume();
    response.writeHead(status, {
      'content-type': type,
      'content-length': body.length,
      ...headers,
    });
    response.end(body);
  };
  return (request, response) => {
    reply(request, response).catch((error: unknown) => {
      log('error', 'receiving spans failed', { error: (error as Error).stack });
      response.destroy();
    });
  };
}

/** The body of an HTTP request, to be received. */
export function arriving(
  request: IncomingMessage,
  kind: Pick<ArrivingBody, 'transport' | 'content'>,
): ArrivingBody {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  return {
    ...kind,
    credentials: request,
    announcedBytes: Number(request.headers['content-length'] ?? 0),
    read: async (bounds) => inflateBody(await collectBody(request, bounds), encoding, bounds),
  };
}

/** Headers of a refusal: when to try again, how to authenticate, that the connection ends. */
export function refusalHeaders(refusal: Extract<Outcome, { kind: 'refused' }>): Headers {
  const { isRetryable } = refusals[refusal.reason];
  return {
    ...refusal.headers,
    ...(isRetryable ? { 'retry-after': String(retryAfterSeconds) } : {}),
    // What is left of a body that stalls may never come.
    ...(refusal.reason === 'stalled' ? { connection: 'close' } : {}),
  };
}

/** The path without the query. */
export function pathOf(request: IncomingMessage): string {
  return request.url?.split('?', 1)[0] ?? '/';
}

/** The media type without its parameters, in lower case; empty when none is told. */
export function mediaTypeOf(request: IncomingMessage): string {
  return request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
