import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, createContextKey, type Span, trace } from '@opentelemetry/api';
import { watchAnswer } from '../capture/server-exchange.ts';
import type { ExchangeDesk } from '../exchange-desk.ts';

/** Fits express, connect and all that pass on node:http's own objects. */
export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** Under this key HttpInstrumentation keeps the SERVER span; the active one may be that of a middleware. */
const rpcMetadata = createContextKey('OpenTelemetry SDK Context Key RPC_METADATA');

export function expressMiddleware(desk: ExchangeDesk): Middleware {
  return (_request, response, next) => {
    try {
      const finish = watchAnswer(desk, response, serverSpan());
      // First in line: the instrumentation ends the span in a listener of the same event.
      if (finish !== undefined) response.prependOnceListener('close', finish);
    } catch {
      // The request goes on as if nobody looked.
    }
    next();
  };
}

function serverSpan(): Span | undefined {
  const metadata = context.active().getValue(rpcMetadata) as { readonly span?: Span } | undefined;
  return metadata?.span ?? trace.getActiveSpan();
}
