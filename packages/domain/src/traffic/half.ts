import type { HttpExchange, MessageExchange } from './call.ts';
import { sampleWeight } from './sample-weight.ts';
import type { Attributes, AttributeValue, Span, SpanKind } from './span.ts';

/** What role a span plays in a call; `bystander` spans matter only as parents of others. */
export type Role = 'caller' | 'callee' | 'bystander';

/**
 * What the pairing keeps of a span: names, ids and the exchange, not the span itself, so that a waiting half does not
 * hold the request body it came in.
 */
export interface Half {
  /** Its own span key and its parent's: made once, because a key is hashed anew for every new string. */
  readonly key: string;
  readonly parentKey: string | undefined;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** Keys (trace id and span id joined) of linked spans, each once. */
  readonly links: readonly string[];
  readonly kind: SpanKind;
  /** undefined when the sender does not say. */
  readonly remoteParent: boolean | undefined;
  readonly service: string;
  readonly version: string | undefined;
  readonly environment: string | undefined;
  /** Where a client dialled: `host` or `host:port`. */
  readonly address: string | undefined;
  readonly peerService: string | undefined;
  /** undefined when the span speaks no protocol that contracts know. */
  readonly exchange: HttpExchange | MessageExchange | undefined;
  readonly atMicros: number;
  readonly durationMicros: number;
  readonly failed: boolean;
  readonly weight: number;
}

const maxLinks = 128;

export function spanKey(traceId: string, spanId: string): string {
  return traceId + spanId;
}

/** The span keys of possible callers: its own (Zipkin's shared span id), its parent's and its links', each once. */
export function keysOf({ key, parentKey, links }: Half): readonly string[] {
  const keys = parentKey === undefined ? [key] : [key, parentKey];
  for (const link of links) if (!keys.includes(link)) keys.push(link);
  return keys;
}

/** Database clients, and clients that only fetch or settle messages, look like outbound calls and are none. */
export function roleOf(span: Span): Role {
  switch (span.kind) {
    case 'client':
      return isNoCall(attributesOf(span)) ? 'bystander' : 'caller';
    case 'producer':
      return 'caller';
    case 'server':
    case 'consumer':
      return 'callee';
    case 'unspecified':
      return span.parentSpanId === undefined ? 'bystander' : 'callee';
    case 'internal':
      return 'bystander';
  }
}

function attributesOf(span: Span): Attributes {
  return span.callAttributes ?? span.attributes;
}

function isNoCall(attributes: Attributes): boolean {
  if (attributes['db.system.name'] !== undefined) return true;
  const operation = attributes['messaging.operation.type'];
  return operation === 'receive' || operation === 'settle';
}

export function toHalf(span: Span, key: string): Half {
  const { resource } = span;
  const attributes = attributesOf(span);
  return {
    key,
    parentKey:
      span.parentSpanId === undefined ? undefined : spanKey(span.traceId, span.parentSpanId),
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    links: linkKeys(span),
    kind: span.kind,
    remoteParent: (span.flags & 0x100) === 0 ? undefined : (span.flags & 0x200) !== 0,
    service: resource.service,
    version: resource.version,
    environment: isVerification(span) ? 'test' : resource.environment,
    address: addressOf(attributes),
    peerService: string(attributes['service.peer.name']),
    exchange: exchangeOf(attributes),
    atMicros: span.startMicros,
    durationMicros: span.durationMicros,
    failed: span.status === 'error',
    weight: sampleWeight(span),
  };
}

/** Set by the runner, and by a service that is being verified: such traffic belongs to a test wherever it runs. */
function isVerification(span: Span): boolean {
  return (
    attributesOf(span)['concordat.verification'] === true ||
    span.resource.attributes['concordat.verification'] === true
  );
}

function linkKeys(span: Span): readonly string[] {
  if (span.kind !== 'consumer' || span.links.length === 0) return [];
  const links = span.links.slice(0, maxLinks);
  return [...new Set(links.map((link) => spanKey(link.traceId, link.spanId)))];
}

function string(value: AttributeValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function addressOf(attributes: Attributes): string | undefined {
  const host = string(attributes['server.address']);
  if (host === undefined) return partsOf(attributes).authority;
  const port = attributes['server.port'];
  return port === undefined ? host : `${host}:${port}`;
}

function exchangeOf(attributes: Attributes): HttpExchange | MessageExchange | undefined {
  const system = string(attributes['messaging.system']);
  if (system !== undefined) return messageOf(system, attributes);
  const method = methodOf(attributes);
  if (method !== undefined) return httpOf(method, attributes);
  const rpc = string(attributes['rpc.method']);
  if (rpc === undefined) return undefined;
  const path = rpc.startsWith('/') ? rpc : `/${rpc}`;
  return { kind: 'http', method: 'POST', path, query: '', route: undefined, status: undefined };
}

function messageOf(system: string, attributes: Attributes): MessageExchange {
  return {
    kind: 'message',
    system,
    destination: string(attributes['messaging.destination.name']) ?? '',
    event: eventOf(attributes),
  };
}

const eventNames = [
  'messaging.rabbitmq.destination.routing_key',
  'cloudevents.event_type',
  'event.name',
  'messaging.socket.io.event_name',
];

function eventOf(attributes: Attributes): string | undefined {
  for (const name of eventNames) {
    const event = string(attributes[name]);
    if (event !== undefined) return event;
  }
  return undefined;
}

function methodOf(attributes: Attributes): string | undefined {
  const method = string(attributes['http.request.method']);
  if (method !== '_OTHER') return method?.toUpperCase();
  return string(attributes['http.request.method_original'])?.toUpperCase() ?? method;
}

function httpOf(method: string, attributes: Attributes): HttpExchange {
  const parts = partsOf(attributes);
  const status = attributes['http.response.status_code'];
  return {
    kind: 'http',
    method,
    path: withoutFragment(string(attributes['url.path']) ?? parts.path ?? ''),
    query: string(attributes['url.query']) ?? parts.query ?? '',
    route: string(attributes['http.route']),
    status: typeof status === 'number' ? status : undefined,
  };
}

function withoutFragment(path: string): string {
  const mark = path.indexOf('#');
  return mark < 0 ? path : path.slice(0, mark);
}

interface UrlParts {
  readonly authority: string | undefined;
  readonly path: string | undefined;
  readonly query: string | undefined;
}

const noParts: UrlParts = { authority: undefined, path: undefined, query: undefined };

/** By pattern and not by `URL`, which would rewrite the path that the contract is matched with. */
function partsOf(attributes: Attributes): UrlParts {
  const url = string(attributes['url.full']);
  if (url === undefined) return noParts;
  const match = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(url);
  if (match === null) return noParts;
  return { authority: match[1] || undefined, path: match[2] || '/', query: match[3] };
}
