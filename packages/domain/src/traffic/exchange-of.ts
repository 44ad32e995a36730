import type {
  DatabaseExchange,
  Exchange,
  HttpExchange,
  MessageExchange,
  RpcExchange,
} from './call.ts';
import { callPlaces as at, type CallValues } from './call-attributes.ts';
import type { AttributeValue } from './span.ts';

/** What one half tells of the exchange; undefined when it speaks no protocol that we know. */
export function exchangeOf(values: CallValues): Exchange | undefined {
  const system = textOf(values[at['messaging.system']]);
  if (system !== undefined) return messageOf(system, values);
  const method = methodOf(values);
  if (method !== undefined) return httpOf(method, values);
  return rpcOf(values);
}

/** undefined when the span is no query of a database. */
export function databaseOf(values: CallValues): DatabaseExchange | undefined {
  const system = textOf(values[at['db.system.name']]);
  if (system === undefined) return undefined;
  return {
    kind: 'database',
    system,
    namespace: textOf(values[at['db.namespace']]),
    operation:
      textOf(values[at['db.operation.name']]) ??
      firstWord(values[at['db.query.summary']]) ??
      firstWord(values[at['db.query.text']]),
  };
}

/** Redis numbers its databases: such a name says nothing without the system. */
export function databaseName({ namespace, system }: DatabaseExchange): string {
  return namespace === undefined || /^\d+$/.test(namespace) ? system : namespace;
}

/** Clients that only fetch or settle messages look like outbound calls and are none. */
export function isFetch(values: CallValues): boolean {
  const operation = values[at['messaging.operation.type']];
  return operation === 'receive' || operation === 'settle';
}

export function textOf(value: AttributeValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function firstWord(value: AttributeValue | undefined): string | undefined {
  return textOf(value)?.match(/^\s*(\w+)/)?.[1];
}

function messageOf(system: string, values: CallValues): MessageExchange {
  return {
    kind: 'message',
    system,
    destination: textOf(values[at['messaging.destination.name']]) ?? '',
    event: eventOf(values),
  };
}

function eventOf(values: CallValues): string | undefined {
  return (
    textOf(values[at['messaging.rabbitmq.destination.routing_key']]) ??
    textOf(values[at['cloudevents.event_type']]) ??
    textOf(values[at['event.name']]) ??
    textOf(values[at['messaging.socket.io.event_name']])
  );
}

function methodOf(values: CallValues): string | undefined {
  const method = textOf(values[at['http.request.method']]);
  if (method !== '_OTHER') return method?.toUpperCase();
  return textOf(values[at['http.request.method_original']])?.toUpperCase() ?? method;
}

function httpOf(method: string, values: CallValues): HttpExchange {
  const path = textOf(values[at['url.path']]);
  const query = textOf(values[at['url.query']]);
  const parts = path === undefined || query === undefined ? urlParts(values) : noParts;
  const status = values[at['http.response.status_code']];
  return {
    kind: 'http',
    method,
    path: withoutFragment(path ?? parts.path ?? ''),
    query: query ?? parts.query ?? '',
    route: textOf(values[at['http.route']]),
    status: typeof status === 'number' ? status : undefined,
  };
}

function withoutFragment(path: string): string {
  const mark = path.indexOf('#');
  return mark < 0 ? path : path.slice(0, mark);
}

function rpcOf(values: CallValues): RpcExchange | undefined {
  const method = textOf(values[at['rpc.method']]);
  const system = textOf(values[at['rpc.system.name']]);
  if (method === undefined && system === undefined) return undefined;
  return {
    kind: 'rpc',
    system: system ?? '',
    method: (method ?? '').replace(/^\//, ''),
    status: textOf(values[at['rpc.status_code']]),
  };
}

/** Of a URL; empty where it has none. */
export interface UrlParts {
  readonly authority: string | undefined;
  readonly path: string | undefined;
  readonly query: string | undefined;
}

const noParts: UrlParts = { authority: undefined, path: undefined, query: undefined };

/** By pattern and not by `URL`, which would rewrite the path that the contract is matched with. */
export function urlParts(values: CallValues): UrlParts {
  const url = textOf(values[at['url.full']]);
  if (url === undefined) return noParts;
  const match = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(url);
  if (match === null) return noParts;
  return { authority: match[1] || undefined, path: match[2] || '/', query: match[3] };
}
