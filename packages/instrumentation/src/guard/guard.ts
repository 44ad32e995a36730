import { nameCaller } from './caller-name.ts';
import { type AmqplibHooks, amqplibHooks } from './clients/amqplib-hooks.ts';
import { expressMiddleware, type Middleware } from './clients/express-middleware.ts';
import { FieldWatch } from './clients/field-watch.ts';
import { guardedFetch, guardGlobalDispatcher } from './clients/guarded-fetch.ts';
import { type HttpHooks, httpHooks } from './clients/http-hooks.ts';
import { type Interceptor, UndiciGuard } from './clients/undici-interceptor.ts';
import type { CompileContract } from './contracts/held-pact.ts';
import { PactSource } from './contracts/pact-source.ts';
import { type DeskParts, ExchangeDesk } from './exchange-desk.ts';
import type { GuardCounts } from './guard-counts.ts';
import type { GuardSettings } from './guard-options.ts';

/**
 * The live guard of this process. It looks at real exchanges, compares them with the pacts in force and puts the verdict on the span of
 * the exchange. It never throws into its host and never changes what the host sends or gets.
 */
export interface Guard {
  /** For servers that the instrumentation of node:http does not hand to the guard; mount it before everything else. */
  readonly express: () => Middleware;
  /** A fetch whose calls are guarded: the given one, or the global one, which must know undici's option `dispatcher`. */
  readonly fetch: (fetchLike?: typeof globalThis.fetch) => typeof globalThis.fetch;
  /** For `dispatcher.compose()` of undici. */
  readonly undici: () => Interceptor;
  /** For the configuration of AmqplibInstrumentation; in consumers and in senders. */
  readonly amqp: AmqplibHooks;
  /** For the configuration of HttpInstrumentation: all servers and clients of node:http. */
  readonly http: HttpHooks;
  /** Resolves after the hub was asked for the first time, whatever came of it. */
  readonly ready: Promise<void>;
  readonly counts: () => GuardCounts;
  /** Lets go of everything it holds; what it stood before goes on as if it had never been there. */
  readonly stop: () => void;
}

/** What the guard wants to be told by undici; whoever makes it subscribes them. */
export interface UndiciListeners {
  readonly onCreate: (message: unknown) => void;
  readonly onTrailers: (message: unknown) => void;
  readonly onSpan: UndiciGuard['onSpan'];
}

export interface GuardParts extends DeskParts {
  readonly compile: CompileContract;
  readonly say: (line: string) => void;
  /** Every fetch of the process is guarded, without being asked. */
  readonly guardsGlobalFetch: boolean;
}

export interface MadeGuard {
  readonly guard: Guard;
  readonly listeners: UndiciListeners;
}

export function makeGuard(settings: GuardSettings, parts: GuardParts): MadeGuard {
  const desk = new ExchangeDesk(settings, parts);
  const source = new PactSource(settings, { ...parts, onPacts: (pacts) => desk.hold(pacts) });
  const undici = new UndiciGuard(desk);
  const fields = settings.watchFields ? new FieldWatch() : undefined;
  const fetchOf = (fetchLike: typeof globalThis.fetch) =>
    guardedFetch(fetchLike, { undici, fields });
  const undoings = isConsumer(settings)
    ? standInConsumers(settings, { parts, undici, fetchOf })
    : [];
  const guard: Guard = {
    express: () => expressMiddleware(desk),
    fetch: (fetchLike = globalThis.fetch) => fetchOf(fetchLike),
    undici: () => undici.interceptor(),
    amqp: amqplibHooks(desk),
    http: httpHooks(desk),
    ready: source.start(),
    counts: () => desk.counts,
    stop: () => {
      source.stop();
      fields?.flush();
      desk.stop();
      for (const undo of undoings) undo();
    },
  };
  return { guard, listeners: undici };
}

function isConsumer({ sides }: GuardSettings): boolean {
  return sides !== 'provider';
}

interface Consumers {
  readonly parts: GuardParts;
  readonly undici: UndiciGuard;
  readonly fetchOf: (fetchLike: typeof globalThis.fetch) => typeof globalThis.fetch;
}

function standInConsumers(
  { service: name, version, watchFields }: GuardSettings,
  { parts, undici, fetchOf }: Consumers,
): readonly (() => void)[] {
  const naming = nameCaller({ name, version });
  if (!parts.guardsGlobalFetch) return [naming];
  const undo = guardGlobalDispatcher(undici);
  return [naming, undo, watchFields ? replaceGlobalFetch(fetchOf) : () => undefined];
}

function replaceGlobalFetch(fetchOf: Consumers['fetchOf']): () => void {
  const before = globalThis.fetch;
  const own = fetchOf(before);
  globalThis.fetch = own;
  return () => {
    if (globalThis.fetch === own) globalThis.fetch = before;
  };
}
