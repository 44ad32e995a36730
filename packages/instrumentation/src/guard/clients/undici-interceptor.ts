// Node's fetch runs on undici. At its dispatcher every byte passes once, before the host reads it and whatever way it does: nothing is
// cloned, teed or buffered for the host, and what it does not read is not read. The channels tell when an answer is complete, before
// the span of the call ends; only the bytes are told by nobody but the handler.
import type { Span, SpanContext } from '@opentelemetry/api';
import { ClientExchange, type Watch } from '../capture/client-exchange.ts';
import { readHeaders } from '../capture/message-headers.ts';
import { splitTarget } from '../capture/split-target.ts';
import { isSuppressed } from '../contracts/hub-answer.ts';
import type { ExchangeDesk } from '../exchange-desk.ts';
import { observedBody } from './observed-body.ts';
import { observedHandler } from './observed-handler.ts';
import { readTraceParent } from './read-trace-parent.ts';

export interface DispatchOptions {
  readonly origin?: unknown;
  readonly path: string;
  readonly method: string;
  readonly headers?: unknown;
  readonly body?: unknown;
}

export type Dispatch = (options: DispatchOptions, handler: object) => boolean;

/** What `dispatcher.compose()` of undici takes. */
export type Interceptor = (dispatch: Dispatch) => Dispatch;

/** A request as undici tells it on its channels. */
export interface UndiciRequest {
  readonly headers?: unknown;
}

export class UndiciGuard {
  readonly #desk: ExchangeDesk;
  readonly #exchanges = new WeakMap<object, ClientExchange>();
  /** Undici makes the request while it dispatches, so what is being dispatched is what is made. */
  #dispatching: ClientExchange | undefined;

  constructor(desk: ExchangeDesk) {
    this.#desk = desk;
  }

  interceptor(watch?: Watch): Interceptor {
    return (dispatch) => (options, handler) => {
      const exchange = this.#begin(options, watch);
      if (exchange === undefined) return dispatch(options, handler);
      const outer = this.#dispatching;
      this.#dispatching = exchange;
      try {
        return dispatch(observedBody(options, exchange), observedHandler(handler, exchange));
      } finally {
        this.#dispatching = outer;
      }
    };
  }

  /** `undici:request:create`. */
  onCreate = (message: unknown): void => {
    const { request } = message as { readonly request: object };
    if (this.#dispatching !== undefined) this.#exchanges.set(request, this.#dispatching);
  };

  /** Of the instrumentation, when it has made the span of a request. */
  onSpan = (span: Span, request: object): void => {
    const exchange = this.#exchanges.get(request);
    if (exchange !== undefined) exchange.span = span;
  };

  /** `undici:request:trailers`: the answer is complete. */
  onTrailers = (message: unknown): void => {
    const { request } = message as { readonly request: UndiciRequest };
    this.#exchanges.get(request)?.finish(spanContextOf(request));
  };

  #begin(options: DispatchOptions, watch: Watch | undefined): ClientExchange | undefined {
    if (isSuppressed()) return undefined;
    try {
      const { method, path, origin } = options;
      const asked = { method, ...splitTarget(path), address: new URL(String(origin)).host };
      const exchange = ClientExchange.begin(this.#desk, asked, undefined);
      if (exchange === undefined) return undefined;
      exchange.requestHeaders = readHeaders(options.headers);
      exchange.watch = watch;
      return exchange;
    } catch {
      return undefined;
    }
  }
}

/** Where the span itself is not known, the header that was sent names it. */
function spanContextOf({ headers }: UndiciRequest): SpanContext | undefined {
  try {
    const text = typeof headers === 'string' ? headers.trim().split(/: |\r\n/) : headers;
    return readTraceParent(readHeaders(text)?.traceparent);
  } catch {
    return undefined;
  }
}
