// Hot path: a call is written out field by field, because objects put together by spreading took 5 µs each. Of an event the
// receiver is the consumer; of a request the caller is.
import type { Call, HttpExchange, MessageExchange, Peer } from './call.ts';
import type { Half } from './half.ts';

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
  return {
    consumer: peer(isMessage ? callee : caller),
    provider: peer(isMessage ? caller : callee),
    environment: environmentOf(exchange, caller, callee),
    exchange,
    traceId: callee.traceId,
    clientSpanId: isCalling(caller) ? caller.spanId : undefined,
    serverSpanId: callee.spanId,
    atMicros: isCalling(caller) ? caller.atMicros : callee.atMicros,
    clientDurationMicros: isCalling(caller) ? caller.durationMicros : undefined,
    serverDurationMicros: callee.durationMicros,
    transitMicros: isMessage ? transit(caller, callee) : undefined,
    failed: caller.failed || callee.failed,
    weight: callee.weight === 1 ? caller.weight : callee.weight,
    inferred,
  };
}

/** The calling half alone: the called peer is a guess. */
export function callOfCaller(caller: Half, calledName: string): Call | undefined {
  const { exchange } = caller;
  if (exchange === undefined) return undefined;
  const isMessage = exchange.kind === 'message';
  const called = virtual(isMessage ? virtualPeers.receiver : calledName);
  return {
    consumer: isMessage ? called : peer(caller),
    provider: isMessage ? peer(caller) : called,
    environment: caller.environment,
    exchange,
    traceId: caller.traceId,
    clientSpanId: caller.spanId,
    serverSpanId: undefined,
    atMicros: caller.atMicros,
    clientDurationMicros: caller.durationMicros,
    serverDurationMicros: undefined,
    failed: caller.failed,
    weight: caller.weight,
    inferred: false,
  };
}

/** The answering half alone: the caller is a guess. */
export function callOfCallee(callee: Half): Call | undefined {
  const { exchange } = callee;
  if (exchange === undefined) return undefined;
  const known = callee.parentSpanId === undefined ? virtualPeers.user : virtualPeers.caller;
  const isMessage = exchange.kind === 'message';
  const calling = virtual(isMessage ? virtualPeers.sender : known);
  return {
    consumer: isMessage ? peer(callee) : calling,
    provider: isMessage ? calling : peer(callee),
    environment: callee.environment,
    exchange,
    traceId: callee.traceId,
    clientSpanId: undefined,
    serverSpanId: callee.spanId,
    atMicros: callee.atMicros,
    clientDurationMicros: undefined,
    serverDurationMicros: callee.durationMicros,
    failed: callee.failed,
    weight: callee.weight,
    inferred: false,
  };
}

/** True when a service called itself: kept, but nobody's contract. */
export function isSelfCall(call: Call): boolean {
  return call.consumer.service === call.provider.service;
}

function transit(caller: Half, callee: Half): number | undefined {
  if (!isCalling(caller)) return undefined;
  return Math.max(0, callee.atMicros - caller.atMicros - caller.durationMicros);
}

function isCalling(half: Half): boolean {
  return half.kind === 'client' || half.kind === 'producer';
}

function peer(half: Half): Peer {
  return { service: half.service, version: half.version, virtual: false };
}

function virtual(service: string): Peer {
  return { service, version: undefined, virtual: true };
}

/** A test that calls production is a test. */
function environmentOf(exchange: HttpExchange | MessageExchange, caller: Half, callee: Half) {
  if (caller.environment === 'test' || callee.environment === 'test') return 'test';
  return exchange.kind === 'message'
    ? (caller.environment ?? callee.environment)
    : (callee.environment ?? caller.environment);
}

type Exchange = HttpExchange | MessageExchange | undefined;

/** The callee saw what really arrived; the caller fills what it did not say. */
function mergeExchanges(caller: Exchange, callee: Exchange): Exchange {
  if (caller === undefined || callee === undefined) return callee ?? caller;
  if (caller.kind === 'http' && callee.kind === 'http') return mergeHttp(caller, callee);
  if (caller.kind === 'message' && callee.kind === 'message') return mergeMessage(caller, callee);
  return callee;
}

function mergeHttp(caller: HttpExchange, callee: HttpExchange): HttpExchange {
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
