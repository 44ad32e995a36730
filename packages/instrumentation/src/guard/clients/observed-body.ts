import type { ClientExchange } from '../capture/client-exchange.ts';
import type { DispatchOptions } from './undici-interceptor.ts';

/** The same options, with a body that shows what is sent to the exchange while undici takes it; what cannot be seen is not captured. */
export function observedBody(options: DispatchOptions, exchange: ClientExchange): DispatchOptions {
  const { body } = options;
  const { sent, ticket } = exchange;
  if (body === undefined || body === null) return options;
  if (typeof body === 'string' || body instanceof Uint8Array) {
    if (ticket.whole) sent.add(body);
    return options;
  }
  if (!ticket.whole || !isGenerator(body)) {
    sent.lose();
    return options;
  }
  return { ...options, body: observedGenerator(body, exchange) };
}

/** What fetch gives undici; streams, forms and blobs are told apart by more than that and stay as they are. */
function isGenerator(body: unknown): body is AsyncGenerator<unknown> {
  return Object.prototype.toString.call(body) === '[object AsyncGenerator]';
}

function observedGenerator(
  body: AsyncGenerator<unknown>,
  { sent }: ClientExchange,
): AsyncIterable<unknown> {
  const next = (...args: [] | [unknown]): Promise<IteratorResult<unknown>> => {
    const step = body.next(...args);
    // The very promise goes on; what it becomes is only looked at.
    step.then(({ value }) => sent.add(value)).catch(() => sent.lose());
    return step;
  };
  return {
    [Symbol.asyncIterator]: () => ({
      next,
      return: (value) => body.return(value),
      throw: (error) => body.throw(error),
    }),
  };
}
