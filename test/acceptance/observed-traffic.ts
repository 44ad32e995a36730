import { randomBytes } from 'node:crypto';

/** A service as its resource tells it. */
export interface Sender {
  readonly name: string;
  readonly version?: string;
  readonly environment?: string;
  readonly attributes?: SentAttributes;
}

type AttributeValue = string | number | boolean | readonly string[];

export type SentAttributes = Readonly<Record<string, AttributeValue>>;

export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly [key: string]: unknown;
}

/** Spans by the service that sends them. */
export interface SentSpans {
  readonly sender: Sender;
  readonly spans: readonly OtlpSpan[];
}

const KINDS = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;

/** The body of `POST /v1/traces` in JSON. */
export function otlpBody(sent: readonly SentSpans[]): string {
  return JSON.stringify({
    resourceSpans: sent.map(({ sender, spans }) => ({
      resource: {
        attributes: attributesOf({
          'service.name': sender.name,
          ...(sender.version === undefined ? {} : { 'service.version': sender.version }),
          ...(sender.environment === undefined
            ? {}
            : { 'deployment.environment.name': sender.environment }),
          ...sender.attributes,
        }),
      },
      scopeSpans: [{ scope: { name: 'test' }, spans }],
    })),
  });
}

/** One request as client and server tell it. */
export interface SeenRequest {
  readonly consumer: Sender;
  readonly provider: Sender;
  /** `GET /v1/orders/7?full=1` */
  readonly request: string;
  readonly status?: number;
  /** `http.route`; the path without its last segment and `:id` when not given, none when empty. */
  readonly route?: string;
  readonly halves?: readonly ('client' | 'server')[];
  readonly traceId?: string;
  readonly traceState?: string;
  /** What the spans tell beside. */
  readonly more?: { readonly client?: SentAttributes; readonly server?: SentAttributes };
}

export function requestSpans(seen: SeenRequest): readonly SentSpans[] {
  const ids: CallIds = {
    traceId: seen.traceId ?? randomId(16),
    client: randomId(8),
    server: randomId(8),
    state: seen.traceState === undefined ? {} : { traceState: seen.traceState },
  };
  const sent = {
    client: { sender: seen.consumer, spans: [clientSpan(seen, ids)] },
    server: { sender: seen.provider, spans: [serverSpan(seen, ids)] },
  };
  return (seen.halves ?? ['client', 'server']).map((half) => sent[half]);
}

interface CallIds {
  readonly traceId: string;
  readonly client: string;
  readonly server: string;
  readonly state: { readonly traceState?: string };
}

function clientSpan(seen: SeenRequest, ids: CallIds): OtlpSpan {
  const [method = '', target = ''] = seen.request.split(' ');
  const status = seen.status ?? 200;
  return aSpan('client', {
    traceId: ids.traceId,
    spanId: ids.client,
    ...ids.state,
    isError: status >= 400,
    attributes: {
      'http.request.method': method,
      'http.response.status_code': status,
      'url.full': `http://${seen.provider.name}:3000${target}`,
      'server.address': seen.provider.name,
      ...seen.more?.client,
    },
  });
}

function serverSpan(seen: SeenRequest, ids: CallIds): OtlpSpan {
  const [method = '', target = ''] = seen.request.split(' ');
  const [path = '', query] = target.split('?');
  const status = seen.status ?? 200;
  const route = seen.route ?? `${path.slice(0, path.lastIndexOf('/'))}/:id`;
  return aSpan('server', {
    traceId: ids.traceId,
    spanId: ids.server,
    parentSpanId: ids.client,
    ...ids.state,
    isError: status >= 500,
    attributes: {
      'http.request.method': method,
      'http.response.status_code': status,
      'url.path': path,
      ...(query === undefined ? {} : { 'url.query': query }),
      ...(route === '' ? {} : { 'http.route': route }),
      ...seen.more?.server,
    },
  });
}

/** One event as its sender and its receiver tell it. */
export function eventSpans(seen: {
  readonly consumer: Sender;
  readonly provider: Sender;
  readonly event: string;
}): readonly SentSpans[] {
  const traceId = randomId(16);
  const [producer, consumer] = [randomId(8), randomId(8)];
  const attributes = {
    'messaging.system': 'rabbitmq',
    'messaging.destination.name': 'events',
    'messaging.rabbitmq.destination.routing_key': seen.event,
  };
  return [
    {
      sender: seen.provider,
      spans: [aSpan('producer', { traceId, spanId: producer, attributes })],
    },
    {
      sender: seen.consumer,
      spans: [aSpan('consumer', { traceId, spanId: consumer, parentSpanId: producer, attributes })],
    },
  ];
}

interface SpanParts {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly isError?: boolean;
  readonly attributes: SentAttributes;
  /** The kind when not given. */
  readonly name?: string;
}

export function aSpan(kind: keyof typeof KINDS, parts: SpanParts): OtlpSpan {
  const { isError = false, attributes, name = kind, ...ids } = parts;
  const start = BigInt(Date.now()) * 1_000_000n;
  return {
    ...ids,
    name,
    kind: KINDS[kind],
    // The parent is remote: without it the other half would be taken for one that never was exported.
    flags: ids.parentSpanId === undefined ? 1 : 0x301,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 5_000_000n),
    attributes: attributesOf(attributes),
    status: isError ? { code: 2 } : {},
  };
}

export function randomId(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

function attributesOf(attributes: SentAttributes) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: otlpValue(value) }));
}

function otlpValue(value: AttributeValue): object {
  if (typeof value === 'number') {
    return { intValue: String(value) };
  }
  if (typeof value === 'boolean') {
    return { boolValue: value };
  }
  return typeof value === 'string'
    ? { stringValue: value }
    : { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } };
}
