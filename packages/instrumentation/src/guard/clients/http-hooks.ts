import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { Span } from '@opentelemetry/api';
import { ClientExchange } from '../capture/client-exchange.ts';
import { readHeaders } from '../capture/message-headers.ts';
import { observeIncoming, observeOutgoing } from '../capture/observe-streams.ts';
import { type Finish, watchAnswer } from '../capture/server-exchange.ts';
import { splitTarget } from '../capture/split-target.ts';
import { isSuppressed } from '../contracts/hub-answer.ts';
import type { ExchangeDesk } from '../exchange-desk.ts';

/** Fits the configuration of HttpInstrumentation: every server and client of node:http, with the span of the exchange still open. */
export interface HttpHooks {
  requestHook(span: Span, request: ClientRequest | IncomingMessage): void;
  responseHook(span: Span, response: IncomingMessage | ServerResponse): void;
  applyCustomAttributesOnSpan(
    span: Span,
    request: ClientRequest | IncomingMessage,
    response: IncomingMessage | ServerResponse,
  ): void;
}

export function httpHooks(desk: ExchangeDesk): HttpHooks {
  const answers = new WeakMap<object, Finish>();
  const calls = new WeakMap<object, ClientExchange>();
  return {
    requestHook: (span, request) => {
      if (!isOutgoing(request) || isSuppressed()) return;
      const exchange = beginCall(desk, request, span);
      if (exchange !== undefined) calls.set(request, exchange);
    },
    responseHook: (span, response) => {
      if (isOutgoing(response)) {
        const finish = watchAnswer(desk, response as ServerResponse, span);
        if (finish !== undefined) answers.set(response, finish);
        return;
      }
      const exchange = calls.get((response as { readonly req?: object }).req ?? response);
      if (exchange === undefined) return;
      exchange.status = response.statusCode ?? 0;
      exchange.responseHeaders = response.headers;
      if (exchange.ticket.whole) observeAnswer(response, exchange);
    },
    applyCustomAttributesOnSpan: (_span, request, response) => {
      answers.get(response)?.();
      const exchange = calls.get(request);
      if (exchange === undefined) return;
      if ((response as IncomingMessage).complete) exchange.finish(undefined);
      else exchange.abort();
    },
  };
}

function isOutgoing(message: object): message is ClientRequest | ServerResponse {
  return 'setHeader' in message;
}

function beginCall(
  desk: ExchangeDesk,
  request: ClientRequest,
  span: Span,
): ClientExchange | undefined {
  const { method, path, host } = request;
  const asked = {
    method,
    address: String(request.getHeader('host') ?? host),
    ...splitTarget(path),
  };
  const exchange = ClientExchange.begin(desk, asked, span);
  if (exchange === undefined) return undefined;
  exchange.span = span;
  exchange.requestHeaders = readHeaders(request.getHeaders());
  if (exchange.ticket.whole) observeOutgoing(request, exchange.sent);
  return exchange;
}

/** An answer's length need not be told in advance, so it is not asked whether there is one. */
function observeAnswer(response: IncomingMessage, exchange: ClientExchange): void {
  const { status } = exchange;
  if (status !== 204 && status !== 304) observeIncoming(response, exchange.received);
}
