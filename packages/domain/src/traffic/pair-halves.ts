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
  return {
    ...peersOf(exchange, peer(caller), peer(callee)),
    environment: environmentOf(exchange, caller, callee),
    exchange,
    traceId: callee.traceId,
    clientSpanId: isCalling(caller) ? caller.spanId : undefined,
    serverSpanId: callee.spanId,
    atMicros: isCalling(caller) ? caller.atMicros : callee.atMicros,
    clientDurationMicros: isCalling(caller) ? caller.durationMicros : undefined,
    serverDurationMicros: callee.durationMicros,
    failed: caller.failed || callee.failed,
    weight: callee.weight === 1 ? caller.weight : callee.weight,
    inferred,
  };
}

/** The calling half alone: the called peer is a guess. */
export function callOfCaller(caller: Half, calledName: string): Call | undefined {
  const { exchange } = caller;
  if (exchange === undefined) return undefined;
  const name = exchange.kind === 'message' ? virtualPeers.receiver : calledName;
  return {
    ...peersOf(exchange, peer(caller), virtual(name)),
    ...single(caller, exchange),
    clientSpanId: caller.spanId,
    serverSpanId: undefined,
    clientDurationMicros: caller.durationMicros,
    serverDurationMicros: undefined,
  };
}

/** The answering half alone: the caller is a guess. */
export function callOfCallee(callee: Half): Call | undefined {
  const { exchange } = callee;
  if (exchange === undefined) return undefined;
  const known = callee.parentSpanId === undefined ? virtualPeers.user : virtualPeers.caller;
  const name = exchange.kind === 'message' ? virtualPeers.sender : known;
  return {
    ...peersOf(exchange, virtual(name), peer(callee)),
    ...single(callee, exchange),
    clientSpanId: undefined,
    serverSpanId: callee.spanId,
    clientDurationMicros: undefined,
    serverDurationMicros: callee.durationMicros,
  };
}

/** True when a service called itself: kept, but nobody's contract. */
export function isSelfCall(call: Call): boolean {
  return call.consumer.service === call.provider.service;
}

function single(half: Half, exchange: HttpExchange | MessageExchange) {
  return {
    environment: half.environment,
    exchange,
    traceId: half.traceId,
    atMicros: half.atMicros,
    failed: half.failed,
    weight: half.weight,
    inferred: false,
  };
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

/** Of an event the receiver is the consumer; of a request the caller is. */
function peersOf(exchange: HttpExchange | MessageExchange, caller: Peer, callee: Peer) {
  return exchange.kind === 'message'
    ? { consumer: callee, provider: caller }
    : { consumer: caller, provider: callee };
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
