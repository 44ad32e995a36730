// Hot path: a call is written out field by field, because objects put together by spreading took 5 µs each. Of an event the
// receiver is the consumer; of a request the caller is.

import type { GuardVerdict } from '../guard/guard-verdict.ts';
import { withNames } from '../guard/verdict-names.ts';
import { verificationEnvironment } from '../identity/test-traffic.ts';
import type { Call, Exchange, HttpExchange, MessageExchange, Peer, RpcExchange } from './call.ts';
import { type Half, hasParent, spanIdOf, traceIdOf } from './half.ts';
import type { Sender } from './sender.ts';

/** Names of peers that sent no span and that nothing else names. */
export const virtualPeers = {
  /** Called us from outside any trace: a browser, a person, a job. */
  user: 'user',
  /** A traced caller whose span never came. */
  caller: 'unreported-caller',
  /** The sender of a message whose span never came. */
  sender: 'unreported-sender',
  /** The receiver of a message whose span never came. */
  receiver: 'unreported-receiver',
  /** A called peer without name or address. */
  unknown: 'unknown',
} as const;

/** Two halves that belong together; the reason why is the pairing's business. */
export function callOf(caller: Half, callee: Half, inferred: boolean): Call | undefined {
  const exchange = mergeExchanges(caller.exchange, callee.exchange);
  if (exchange === undefined) return undefined;
  const isMessage = exchange.kind === 'message';
  const consumer = isMessage ? callee.sender.peer : caller.sender.peer;
  const provider = isMessage ? caller.sender.peer : callee.sender.peer;
  return {
    consumer,
    provider,
    environment: environmentOf(exchange, caller.environment, callee.environment),
    exchange,
    traceId: traceIdOf(callee),
    clientSpanId: spanIdOf(caller),
    serverSpanId: spanIdOf(callee),
    atMicros: caller.atMicros,
    clientDurationMicros: caller.durationMicros,
    serverDurationMicros: callee.durationMicros,
    transitMicros: isMessage ? transit(caller, callee) : undefined,
    failed: caller.failed || callee.failed,
    weight: callee.weight === 1 ? caller.weight : callee.weight,
    inferred,
    guard:
      isJudged(caller) || isJudged(callee) ? take([caller, callee], consumer, provider) : undefined,
  };
}

/** A callee right under a span of another service that is no calling one: who sent that called it. */
export function callOfParent(sender: Sender, callee: Half): Call | undefined {
  const { exchange } = callee;
  if (exchange === undefined) return undefined;
  const isMessage = exchange.kind === 'message';
  const consumer = isMessage ? callee.sender.peer : sender.peer;
  const provider = isMessage ? sender.peer : callee.sender.peer;
  return {
    consumer,
    provider,
    environment: environmentOf(exchange, sender.environment, callee.environment),
    exchange,
    traceId: traceIdOf(callee),
    clientSpanId: undefined,
    serverSpanId: spanIdOf(callee),
    atMicros: callee.atMicros,
    clientDurationMicros: undefined,
    serverDurationMicros: callee.durationMicros,
    transitMicros: undefined,
    failed: callee.failed,
    weight: callee.weight,
    inferred: true,
    guard: isJudged(callee) ? take([callee], consumer, provider) : undefined,
  };
}

/** The calling half alone: the called peer is a guess. */
export function callOfCaller(caller: Half, calledName: string): Call | undefined {
  const { exchange } = caller;
  if (exchange === undefined) return undefined;
  const isMessage = exchange.kind === 'message';
  const called = virtual(isMessage ? virtualPeers.receiver : calledName);
  const consumer = isMessage ? called : caller.sender.peer;
  const provider = isMessage ? caller.sender.peer : called;
  return {
    consumer,
    provider,
    environment: caller.environment,
    exchange,
    traceId: traceIdOf(caller),
    clientSpanId: spanIdOf(caller),
    serverSpanId: undefined,
    atMicros: caller.atMicros,
    clientDurationMicros: caller.durationMicros,
    serverDurationMicros: undefined,
    transitMicros: undefined,
    failed: caller.failed,
    weight: caller.weight,
    inferred: false,
    guard: isJudged(caller) ? take([caller], consumer, provider) : undefined,
  };
}

/** The answering half alone: the caller is a guess. */
export function callOfCallee(callee: Half): Call | undefined {
  const { exchange } = callee;
  if (exchange === undefined) return undefined;
  const known = hasParent(callee) ? virtualPeers.caller : virtualPeers.user;
  const isMessage = exchange.kind === 'message';
  const calling = virtual(isMessage ? virtualPeers.sender : known);
  const consumer = isMessage ? callee.sender.peer : calling;
  const provider = isMessage ? calling : callee.sender.peer;
  return {
    consumer,
    provider,
    environment: callee.environment,
    exchange,
    traceId: traceIdOf(callee),
    clientSpanId: undefined,
    serverSpanId: spanIdOf(callee),
    atMicros: callee.atMicros,
    clientDurationMicros: undefined,
    serverDurationMicros: callee.durationMicros,
    transitMicros: undefined,
    failed: callee.failed,
    weight: callee.weight,
    inferred: false,
    guard: isJudged(callee) ? take([callee], consumer, provider) : undefined,
  };
}

/** True when a service called itself: kept, but nobody's contract. */
export function isSelfCall(call: Call): boolean {
  return call.consumer.service === call.provider.service;
}

function isJudged({ verdicts }: Half): boolean {
  return verdicts !== undefined;
}

/** Each verdict is told with one call: a caller may have several callees. */
function take(halves: readonly Half[], consumer: Peer, provider: Peer): readonly GuardVerdict[] {
  return halves.flatMap((half) => {
    const { verdicts = [] } = half;
    half.verdicts = undefined;
    return verdicts.map((verdict) => withNames(verdict, consumer, provider));
  });
}

function transit(caller: Half, callee: Half): number {
  return Math.max(0, callee.atMicros - caller.atMicros - caller.durationMicros);
}

function virtual(service: string): Peer {
  return { service, version: undefined, virtual: true };
}

/** A test that calls production is a test. */
export function environmentOf(
  { kind }: Exchange,
  caller: string | undefined,
  callee: string | undefined,
): string | undefined {
  for (const tests of [verificationEnvironment, 'test']) {
    if (caller === tests || callee === tests) return tests;
  }
  return kind === 'message' ? (caller ?? callee) : (callee ?? caller);
}

/** The callee saw what really arrived; the caller fills what it did not say. */
function mergeExchanges(
  caller: Exchange | undefined,
  callee: Exchange | undefined,
): Exchange | undefined {
  if (caller === undefined || callee === undefined) return callee ?? caller;
  if (caller.kind === 'http' && callee.kind === 'http') return mergeHttp(caller, callee);
  if (caller.kind === 'message' && callee.kind === 'message') return mergeMessage(caller, callee);
  if (caller.kind === 'rpc' && callee.kind === 'rpc') return mergeRpc(caller, callee);
  return callee;
}

function mergeHttp(caller: HttpExchange, callee: HttpExchange): HttpExchange {
  if (callee.path !== '' && callee.status !== undefined && callee.query === caller.query)
    return callee;
  return {
    kind: 'http',
    method: callee.method,
    path: callee.path === '' ? caller.path : callee.path,
    query: callee.query === '' ? caller.query : callee.query,
    route: callee.route,
    status: callee.status ?? caller.status,
  };
}

/** Of a message the sender knows the exchange and key; a receiver often knows only its queue. */
function mergeMessage(caller: MessageExchange, callee: MessageExchange): MessageExchange {
  return {
    kind: 'message',
    system: caller.system,
    destination: caller.destination === '' ? callee.destination : caller.destination,
    event: caller.event ?? callee.event,
  };
}

function mergeRpc(caller: RpcExchange, callee: RpcExchange): RpcExchange {
  return {
    kind: 'rpc',
    system: callee.system === '' ? caller.system : callee.system,
    method: callee.method === '' ? caller.method : callee.method,
    status: callee.status ?? caller.status,
  };
}
