import { vi } from 'vitest';
import type { TestHub } from './start-hub.ts';

export const hostile = '<img src=x onerror="document.title=1">';

const HTTP = 'application/json';
const second = 1_000_000_000n;

/** What the page is to show: seven services, three pacts, a failed verification, traffic that fits and traffic that does not. */
export interface Scene {
  readonly checkout: string;
  readonly offers: string;
}

interface PactInteraction {
  readonly description: string;
  readonly [field: string]: unknown;
}

/** Publishes, verifies, records and sends traces, and waits until the hub has joined all of it. */
export async function arrange(hub: TestHub): Promise<Scene> {
  await publish(
    hub,
    pact('storefront', 'gateway', {
      interactions: [
        http('a request for an order', 'GET /v1/orders/7', 200),
        http('a request to cancel an order', 'DELETE /v1/orders/7', 204),
      ],
    }),
  );
  await publish(
    hub,
    pact('orders', 'payments', {
      interactions: [http(`a payment ${hostile}`, 'POST /payments', 201)],
    }),
  );
  await publish(
    hub,
    pact('mail', 'orders', {
      messages: [{ description: 'an order was placed', contents: { type: 'order.placed' } }],
    }),
  );
  await verify(hub, ['storefront', 'gateway'], true);
  await verify(hub, ['orders', 'payments'], false);
  const environment = await post<{ uuid: string }>(hub, '/environments', {
    name: 'production',
    production: true,
  });
  await post(
    hub,
    `/pacticipants/storefront/versions/1.0.0/deployed-versions/environment/${environment.uuid}`,
    {},
  );
  const checkout = await sendCheckout(hub);
  const offers = await sendCall(hub, { from: 'storefront', to: 'gateway', path: '/v1/offers' });
  await sendCall(hub, { from: 'storefront', to: 'gateway', path: '/v1/orders/9' });
  await sendCall(hub, { from: 'cron', to: 'reports', path: '/daily' });
  await vi.waitFor(
    async () => {
      const { edges } = (await (await fetch(`${hub.url}/insights/edges`)).json()) as {
        edges: { consumer: string; provider: string; calls: number; findings: number }[];
      };
      const used = edges
        .filter(({ calls }) => calls > 0)
        .map(({ consumer, provider }) => `${consumer} ${provider}`);
      if (used.length < 4) throw new Error(`The hub joined only ${used.join(', ')}`);
      if (!edges.some(({ findings }) => findings > 0)) throw new Error('No findings yet');
    },
    { timeout: 45_000, interval: 200 },
  );
  return { checkout, offers };
}

/** `operation` is a method and a path. */
function http(description: string, operation: string, status: number) {
  const [method, path] = operation.split(' ');
  return {
    description,
    providerStates: [{ name: 'order 7 exists' }],
    request: { method, path },
    response: { status },
  };
}

function pact(
  consumer: string,
  provider: string,
  content: { interactions?: readonly PactInteraction[]; messages?: readonly PactInteraction[] },
) {
  const metadata = { pactSpecification: { version: '3.0.0' } };
  return { consumer: { name: consumer }, provider: { name: provider }, ...content, metadata };
}

async function publish(hub: TestHub, content: ReturnType<typeof pact>): Promise<void> {
  await post(hub, '/contracts/publish', {
    pacticipantName: content.consumer.name,
    pacticipantVersionNumber: '1.0.0',
    branch: 'main',
    contracts: [
      {
        consumerName: content.consumer.name,
        providerName: content.provider.name,
        specification: 'pact',
        contentType: HTTP,
        content: Buffer.from(JSON.stringify(content)).toString('base64'),
      },
    ],
  });
}

async function verify(
  hub: TestHub,
  [consumer, provider]: readonly [string, string],
  success: boolean,
): Promise<void> {
  const pactUrl = `${hub.url}/pacts/provider/${provider}/consumer/${consumer}/version/1.0.0`;
  const published = (await (await fetch(pactUrl)).json()) as {
    _links: Record<string, { href: string }>;
  };
  const target = published._links['pb:publish-verification-results']?.href;
  if (target === undefined) throw new Error(`${pactUrl} offers no place for verification results`);
  await post(hub, target.slice(hub.url.length), { success, providerApplicationVersion: '2.0.0' });
}

async function post<T>(hub: TestHub, path: string, body: unknown): Promise<T> {
  const answer = await fetch(`${hub.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/hal+json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status}: ${text}`);
  return (text === '' ? {} : JSON.parse(text)) as T;
}

interface SpanPlan {
  readonly service: string;
  readonly name: string;
  /** OTLP: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  /** Number of another span of the plan, from 1. */
  readonly parent?: number;
  /** Milliseconds after the start of the trace. */
  readonly from: number;
  readonly to: number;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly failed?: boolean;
}

let traces = 0;

async function sendTrace(hub: TestHub, plan: readonly SpanPlan[]): Promise<string> {
  traces += 1;
  const traceId = traces.toString(16).padStart(32, 'a');
  const start = BigInt(Date.now() - 5000) * 1_000_000n;
  const resourceSpans = plan.map((span, index) => ({
    resource: {
      attributes: attributesOf({
        'service.name': span.service,
        'service.version': '1.0.0',
        'deployment.environment.name': 'production',
      }),
    },
    scopeSpans: [
      {
        scope: { name: 'hand' },
        spans: [
          {
            traceId,
            spanId: spanId(traces, index + 1),
            ...(span.parent === undefined ? {} : { parentSpanId: spanId(traces, span.parent) }),
            name: span.name,
            kind: span.kind,
            startTimeUnixNano: String(start + (BigInt(span.from) * second) / 1000n),
            endTimeUnixNano: String(start + (BigInt(span.to) * second) / 1000n),
            attributes: attributesOf(span.attributes ?? {}),
            ...(span.failed === true ? { status: { code: 2 } } : {}),
          },
        ],
      },
    ],
  }));
  await post(hub, '/v1/traces', { resourceSpans });
  return traceId;
}

const route = (method: string, path: string, status: number) => ({
  'http.request.method': method,
  'url.path': path,
  'http.response.status_code': status,
});

interface CallPlan {
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

async function sendCall(hub: TestHub, { from, to, path }: CallPlan): Promise<string> {
  return sendTrace(hub, [
    {
      service: from,
      name: 'GET',
      kind: 3,
      from: 0,
      to: 40,
      attributes: { ...route('GET', path, 200), 'url.full': `http://${to}${path}` },
    },
    {
      service: to,
      name: `GET ${path}`,
      kind: 2,
      parent: 1,
      from: 5,
      to: 30,
      attributes: route('GET', path, 200),
    },
  ]);
}

async function sendCheckout(hub: TestHub): Promise<string> {
  return sendTrace(hub, [
    {
      service: 'storefront',
      name: 'POST /checkout',
      kind: 2,
      from: 0,
      to: 100,
      attributes: { note: hostile },
    },
    {
      service: 'storefront',
      name: 'GET',
      kind: 3,
      parent: 1,
      from: 2,
      to: 90,
      attributes: {
        ...route('GET', '/v1/orders/7', 200),
        'url.full': 'http://gateway/v1/orders/7',
      },
    },
    {
      service: 'gateway',
      name: 'GET /v1/orders/:id',
      kind: 2,
      parent: 2,
      from: 5,
      to: 85,
      attributes: { ...route('GET', '/v1/orders/7', 200), 'http.route': '/v1/orders/:id' },
    },
    {
      service: 'gateway',
      name: 'GET',
      kind: 3,
      parent: 3,
      from: 8,
      to: 80,
      attributes: { ...route('GET', '/orders/7', 200), 'url.full': 'http://orders/orders/7' },
    },
    {
      service: 'orders',
      name: 'GET /orders/:id',
      kind: 2,
      parent: 4,
      from: 10,
      to: 75,
      attributes: { ...route('GET', '/orders/7', 200), 'http.route': '/orders/:id' },
    },
    {
      service: 'orders',
      name: 'POST',
      kind: 3,
      parent: 5,
      from: 12,
      to: 40,
      failed: true,
      attributes: { ...route('POST', '/payments', 402), 'url.full': 'http://payments/payments' },
    },
    {
      service: 'payments',
      name: 'POST /payments',
      kind: 2,
      parent: 6,
      from: 14,
      to: 38,
      failed: true,
      attributes: { ...route('POST', '/payments', 402), 'http.route': '/payments' },
    },
    {
      service: 'orders',
      name: 'publish events',
      kind: 4,
      parent: 5,
      from: 50,
      to: 52,
      attributes: messaging,
    },
    {
      service: 'mail',
      name: 'process events',
      kind: 5,
      parent: 8,
      from: 200,
      to: 220,
      attributes: messaging,
    },
  ]);
}

const messaging = {
  'messaging.system': 'rabbitmq',
  'messaging.destination.name': 'events',
  'messaging.rabbitmq.destination.routing_key': 'order.placed',
};

function attributesOf(values: Readonly<Record<string, string | number>>) {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
}

function spanId(trace: number, span: number): string {
  return `${trace.toString(16).padStart(8, 'b')}${span.toString(16).padStart(8, '0')}`;
}
