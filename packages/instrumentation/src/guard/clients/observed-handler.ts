import type { ClientExchange } from '../capture/client-exchange.ts';
import { readHeaders } from '../capture/message-headers.ts';

type See = (exchange: ClientExchange, args: readonly unknown[]) => void;

/** What undici tells its handlers, by the names it used up to version 6 and those it uses since version 7. */
const seen: Readonly<Record<string, See | undefined>> = {
  onConnect: undefined,
  onUpgrade: undefined,
  onBodySent: undefined,
  onRequestSent: undefined,
  onResponseStarted: undefined,
  onHeaders: (exchange, [status, headers]) => head(exchange, status, headers),
  onData: (exchange, [chunk]) => data(exchange, chunk),
  onComplete: (exchange) => exchange.finish(undefined),
  onError: (exchange) => exchange.abort(),
  onRequestStart: undefined,
  onRequestUpgrade: undefined,
  onResponseStart: (exchange, [, status, headers]) => head(exchange, status, headers),
  onResponseData: (exchange, [, chunk]) => data(exchange, chunk),
  onResponseEnd: (exchange) => exchange.finish(undefined),
  onResponseError: (exchange) => exchange.abort(),
};

/** A handler that shows the exchange what it is told and then lets the given one do everything. */
export function observedHandler(handler: object, exchange: ClientExchange): object {
  const observed: Record<string, (...args: unknown[]) => unknown> = {};
  for (const [name, see] of Object.entries(seen)) {
    const own: unknown = Reflect.get(handler, name);
    if (typeof own !== 'function') continue;
    observed[name] = (...args) => {
      try {
        see?.(exchange, args);
      } catch {
        exchange.abort();
      }
      return own.apply(handler, args) as unknown;
    };
  }
  return observed;
}

/** Answers below 200 come before the answer. */
function head(exchange: ClientExchange, status: unknown, headers: unknown): void {
  if (typeof status !== 'number' || status < 200) return;
  exchange.status = status;
  exchange.responseHeaders = readHeaders(headers) ?? {};
}

function data(exchange: ClientExchange, chunk: unknown): void {
  if (exchange.ticket.whole) exchange.received.add(chunk);
}
