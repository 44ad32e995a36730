import type { SpanTree } from './span-tree.ts';
import { type Tag, type TraceSpan, tagOf } from './trace.ts';

/** A call between two services of a trace, in the contract's words: of an event, the receiver is the consumer. */
export interface TraceCall {
  readonly consumer: string;
  readonly provider: string;
  /** Rows of the calling and of the answering half. */
  readonly from: number;
  readonly to: number;
  readonly exchange: TraceExchange;
}

export type TraceExchange =
  | {
      readonly kind: 'http';
      readonly method: string;
      /** Raw, without the query. */
      readonly path: string;
      readonly status: number | undefined;
    }
  | { readonly kind: 'message'; readonly event: string }
  /** Spans that do not say what was asked. */
  | { readonly kind: 'unknown' };

/** Every pair of spans where the trace goes from one service to another, in the order of the rows. */
export function callsOf(tree: SpanTree): TraceCall[] {
  return tree.spans.flatMap((_, row) => {
    const call = callInto(tree, row);
    return call === undefined ? [] : [call];
  });
}

/** The call that a row is a half of: the one that came in, else the first that it made. */
export function callOfRow(tree: SpanTree, row: number): TraceCall | undefined {
  const incoming = callInto(tree, row);
  if (incoming !== undefined) return incoming;
  const kind = tree.spans[row]?.kind;
  if (kind !== 'client' && kind !== 'producer') return undefined;
  const end = tree.subtreeEnd[row] ?? row + 1;
  for (let below = row + 1; below < end; below += 1) {
    if (tree.parent[below] !== row) continue;
    const call = callInto(tree, below);
    if (call !== undefined) return call;
  }
  return undefined;
}

function callInto(tree: SpanTree, row: number): TraceCall | undefined {
  const span = tree.spans[row];
  const above = tree.parent[row] ?? -1;
  const parent = tree.spans[above];
  if (span === undefined || parent === undefined || parent.service === span.service)
    return undefined;
  const message = span.kind === 'consumer' || parent.kind === 'producer';
  const [consumer, provider] = message
    ? [span.service, parent.service]
    : [parent.service, span.service];
  return {
    consumer,
    provider,
    from: above,
    to: row,
    exchange: message ? messageExchange(span, parent) : httpExchange(span, parent),
  };
}

function messageExchange(span: TraceSpan, parent: TraceSpan): TraceExchange {
  const event = firstTag([...span.tags, ...parent.tags], eventTags);
  return event === undefined ? { kind: 'unknown' } : { kind: 'message', event };
}

function httpExchange(span: TraceSpan, parent: TraceSpan): TraceExchange {
  const tags = [...span.tags, ...parent.tags];
  const method = firstTag(tags, ['http.request.method', 'http.method']);
  const path = pathOf(tags);
  if (method === undefined || path === undefined) return { kind: 'unknown' };
  const status = Number(firstTag(tags, ['http.response.status_code', 'http.status_code']));
  return {
    kind: 'http',
    method: method.toUpperCase(),
    path,
    status: Number.isInteger(status) && status > 0 ? status : undefined,
  };
}

/** Names of an event's type, current and outdated, the most telling first. */
const eventTags = [
  'cloudevents.event_type',
  'event.name',
  'messaging.rabbitmq.destination.routing_key',
  'messaging.rabbitmq.routing_key',
  'messaging.socket.io.event_name',
  'messaging.destination.name',
  'messaging.destination',
];

function firstTag(tags: readonly Tag[], keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = tagOf(tags, key);
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

function pathOf(tags: readonly Tag[]): string | undefined {
  const plain = firstTag(tags, ['url.path', 'http.target']);
  if (plain !== undefined) return plain.split('?')[0];
  const full = firstTag(tags, ['url.full', 'http.url']);
  return full === undefined ? undefined : pathnameOf(full);
}

function pathnameOf(url: string): string | undefined {
  try {
    return new URL(url).pathname;
  } catch {
    return undefined;
  }
}

/** `GET /orders/7 → 200`, `send order.placed`. */
export function exchangeWords(exchange: TraceExchange): string {
  switch (exchange.kind) {
    case 'http':
      return `${exchange.method} ${exchange.path} → ${exchange.status ?? 'no answer'}`;
    case 'message':
      return `send ${exchange.event}`;
    case 'unknown':
      return 'the spans do not say what was asked';
  }
}
