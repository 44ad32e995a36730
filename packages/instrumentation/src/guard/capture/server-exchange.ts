import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpSample, SampleHeaders } from '@concordat/conformance';
import type { Span } from '@opentelemetry/api';
import { readCaller } from '../caller-name.ts';
import type { ExchangeDesk, Ticket } from '../exchange-desk.ts';
import { CapturedBody } from './captured-body.ts';
import { readHeaders, sampleBody } from './message-headers.ts';
import { announcesBody, observeIncoming, observeOutgoing } from './observe-streams.ts';
import { splitTarget } from './split-target.ts';

/** Called once, when the answer has been sent or was broken off. */
export type Finish = () => void;

interface Taken {
  readonly ticket: Ticket;
  readonly request: CapturedBody;
  readonly response: CapturedBody;
  head: SampleHeaders;
}

/** Responses somebody looks at already: the middleware and the instrumentation may both be there. */
const watched = new WeakSet<ServerResponse>();

/** Starts to look at what this service answers; undefined when it is not looked at. */
export function watchAnswer(
  desk: ExchangeDesk,
  response: ServerResponse,
  span: Span | undefined,
): Finish | undefined {
  if (watched.has(response)) return undefined;
  const request = response.req as IncomingMessage & { readonly originalUrl?: string };
  const method = request.method ?? 'GET';
  const target = splitTarget(request.originalUrl ?? request.url ?? '/');
  const ticket = desk.admitHttp('provider', { method, path: target.path }, { span });
  if (ticket === undefined) return undefined;
  watched.add(response);
  const { maxBodyBytes } = desk.settings;
  const taken: Taken = {
    ...{ ticket, head: {} },
    ...{ request: new CapturedBody(maxBodyBytes), response: new CapturedBody(maxBodyBytes) },
  };
  if (ticket.whole) {
    if (announcesBody(request)) observeIncoming(request, taken.request);
    observeOutgoing(response, taken.response, (headers) => {
      taken.head = { ...taken.head, ...readHeaders(headers) };
    });
  }
  return () => finish({ desk, response, span, taken, request: { method, ...target } });
}

interface Watched {
  readonly desk: ExchangeDesk;
  readonly response: ServerResponse;
  readonly span: Span | undefined;
  readonly taken: Taken;
  readonly request: { readonly method: string; readonly path: string; readonly query: string };
}

function finish({ desk, response, span, taken, request }: Watched): void {
  if (!response.writableFinished) {
    desk.aborted();
    return;
  }
  const { statusCode, req } = response;
  const makeSample = (): HttpSample => {
    const { ticket } = taken;
    const limit = desk.settings.maxBodyBytes;
    const answered = { ...readHeaders(response.getHeaders()), ...taken.head };
    const isBodiless = request.method === 'HEAD' || statusCode === 206 || !ticket.whole;
    return {
      request: {
        ...request,
        headers: req.headers,
        body: ticket.whole ? sampleBody(taken.request, req.headers, limit) : undefined,
      },
      response: {
        status: statusCode,
        headers: ticket.whole ? answered : undefined,
        body: isBodiless ? undefined : sampleBody(taken.response, answered, limit),
      },
    };
  };
  desk.judgeHttp(taken.ticket, statusCode, { span, caller: readCaller(req.headers), makeSample });
}
