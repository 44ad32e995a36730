// All of the guard that is loaded before somebody wants one. What the guard is made of comes by `import()` while the service starts;
// until it is there, exchanges pass as they do without it.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { MadeGuard } from './guard/guard.ts';
import type { GuardHooks } from './instrumentations/service-instrumentations.ts';

export interface GuardPlug {
  /** For the instrumentations, which are made before the guard. */
  readonly hooks: GuardHooks;
  /** Once the instrumentations have started: the guard builds on what they have registered. */
  readonly start: () => void;
  /** Before they end; a guard that is still loading is stopped before it begins. */
  readonly stop: () => void;
}

/** A guard that cannot be made is said and everything goes on without. */
export function plugGuard(
  load: () => Promise<{ readonly make: () => MadeGuard }>,
  complain: (complaint: string) => void,
): GuardPlug {
  let made: MadeGuard | undefined;
  let isStopped = false;
  // Subscribed before the instrumentation: it ends the span of a call on the same channel.
  const channels = [
    ['undici:request:create', (message: unknown) => made?.listeners.onCreate(message)],
    ['undici:request:trailers', (message: unknown) => made?.listeners.onTrailers(message)],
  ] as const;
  for (const [name, listener] of channels) subscribe(name, listener);
  const start = async (): Promise<void> => {
    try {
      const { make } = await load();
      if (!isStopped) made = make();
    } catch (error) {
      complain(`the guard could not start: ${String(error)}`);
    }
  };
  return {
    hooks: {
      http: {
        requestHook: (span, request) => made?.guard.http.requestHook(span, request),
        responseHook: (span, response) => made?.guard.http.responseHook(span, response),
        applyCustomAttributesOnSpan: (span, request, response) =>
          made?.guard.http.applyCustomAttributesOnSpan(span, request, response),
      },
      undici: { requestHook: (span, request) => made?.listeners.onSpan(span, request) },
      amqplib: {
        publishHook: (span, info) => made?.guard.amqp.publishHook(span, info),
        publishConfirmHook: (span, info) => made?.guard.amqp.publishConfirmHook(span, info),
        consumeEndHook: (span, info) => made?.guard.amqp.consumeEndHook(span, info),
      },
    },
    start: () => void start(),
    stop: () => {
      isStopped = true;
      for (const [name, listener] of channels) unsubscribe(name, listener);
      made?.guard.stop();
    },
  };
}
