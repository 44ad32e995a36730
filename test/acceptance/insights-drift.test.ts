import { createInsightsClient, type FindingResource } from '@concordat/api';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  aSpan,
  eventSpans,
  otlpBody,
  randomId,
  requestSpans,
  type SeenRequest,
  type Sender,
  type SentSpans,
} from './observed-traffic.ts';
import { observeRequest, senders, startTracedService } from './otel-services.ts';
import { startTestHub, type TestHub, withEnvironments } from './start-hub.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub({
    env: {
      ...withEnvironments,
      CONCORDAT_EVIDENCE_MINIMUM_WINDOW_SECONDS: '0',
      CONCORDAT_PAIRING_WINDOW_SECONDS: '1',
    },
  });
});
afterAll(async () => {
  await hub.close();
});

/** A consumer and a provider of its own for each case, so that one hub can hold them all. */
class Pair {
  readonly consumer: Sender;
  readonly provider: Sender;

  constructor(name: string) {
    this.consumer = { name: `${name} web`, version: 'c1', environment: 'production' };
    this.provider = { name: `${name} shop`, version: 'p1', environment: 'production' };
  }

  sees(request: string, more: Partial<SeenRequest> = {}): readonly SentSpans[] {
    const { consumer, provider } = this;
    return requestSpans({ consumer, provider, request, ...more });
  }

  receives(event: string): readonly SentSpans[] {
    return eventSpans({ consumer: this.consumer, provider: this.provider, event });
  }
}

const digits = { path: { matchers: [{ match: 'regex', regex: '^/v1/orders/\\d+$' }] } };

const interactions = [
  {
    description: 'an order',
    request: { method: 'GET', path: '/v1/orders/42', matchingRules: digits },
    response: { status: 200 },
  },
  {
    description: 'no order',
    request: { method: 'GET', path: '/v1/orders/404', matchingRules: digits },
    response: { status: 404 },
  },
  {
    description: 'new order',
    request: { method: 'POST', path: '/v1/orders' },
    response: { status: 201 },
  },
  {
    description: 'stock',
    request: { method: 'GET', path: '/v1/stock', query: { sku: ['tea'] } },
    response: { status: 200 },
  },
  {
    description: 'page of items',
    request: {
      method: 'GET',
      path: '/v1/items',
      query: { page: ['1'] },
      matchingRules: { query: { page: { matchers: [{ match: 'integer' }] } } },
    },
    response: { status: 200 },
  },
];

const messages = [
  {
    type: 'Asynchronous/Messages',
    description: 'an order was placed',
    contents: { content: { id: '1' }, contentType: 'application/json', encoded: false },
    metadata: { routingKey: 'order.placed' },
  },
];

async function publish(pair: Pair, content: object, version = 'c1'): Promise<void> {
  const { consumer, provider } = pair;
  const url = `${hub.url}/pacts/provider/${encodeURIComponent(provider.name)}/consumer/${encodeURIComponent(consumer.name)}/version/${version}`;
  const body = { consumer: { name: consumer.name }, provider: { name: provider.name }, ...content };
  const response = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(201);
}

const promises = (list: readonly object[]) => ({
  interactions: list,
  metadata: { pactSpecification: { version: '4.0' } },
});

async function send(spans: readonly SentSpans[]): Promise<void> {
  const response = await fetch(`${hub.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: otlpBody(spans),
  });
  expect(response.status).toBe(200);
}

const insights = () => createInsightsClient(hub.url, fetch);

async function findingsOf(pair: Pair): Promise<readonly FindingResource[]> {
  const { findings } = await insights().findings({ size: 1000 });
  const names = [pair.consumer.name, pair.provider.name];
  return findings.filter(
    ({ consumer, provider }) => names.includes(consumer ?? '') || names.includes(provider),
  );
}

async function callsOf(pair: Pair): Promise<number> {
  const { edges } = await insights().edges({ size: 1000 });
  const names = [pair.consumer.name, pair.provider.name];
  return edges
    .filter(({ consumer, provider }) => names.includes(consumer) || names.includes(provider))
    .reduce((sum, { calls }) => sum + calls, 0);
}

const repeat = <T>(times: number, make: () => readonly T[]): readonly T[] =>
  Array.from({ length: times }, make).flat();

const stranger: Sender = { name: 'stranger', version: '1', environment: 'production' };

interface DriftCase {
  readonly drift: string;
  readonly pact?: object;
  readonly spans: (pair: Pair) => readonly SentSpans[];
  readonly kind: FindingResource['kind'];
  readonly operation: string | null;
  readonly words: string;
  readonly count?: number;
}

const DRIFT: readonly DriftCase[] = [
  {
    drift: 'a route that no pact promises',
    spans: (pair) => pair.sees('GET /v1/carts/7'),
    kind: 'uncovered-call',
    operation: 'GET /v1/carts/{id}',
    words: 'which none of its pacts promises',
  },
  {
    drift: 'another method on a promised path',
    spans: (pair) => pair.sees('DELETE /v1/orders/7', { status: 204 }),
    kind: 'uncovered-call',
    operation: 'DELETE /v1/orders/{id}',
    words: 'calls DELETE /v1/orders/{id}',
  },
  {
    drift: 'a path that breaks its pattern',
    spans: (pair) => pair.sees('GET /v1/orders/latest'),
    kind: 'uncovered-call',
    operation: 'GET /v1/orders/{id}',
    words: 'Add an interaction for it',
  },
  {
    drift: 'a request without the promised parameter',
    spans: (pair) => pair.sees('GET /v1/stock', { route: '/v1/stock' }),
    kind: 'uncovered-call',
    operation: 'GET /v1/stock',
    words: 'calls GET /v1/stock',
  },
  {
    drift: 'a parameter that breaks its rule',
    spans: (pair) => pair.sees('GET /v1/items?page=last', { route: '/v1/items' }),
    kind: 'uncovered-call',
    operation: 'GET /v1/items',
    words: 'calls GET /v1/items',
  },
  {
    drift: 'the same uncovered call ten times',
    spans: (pair) => repeat(10, () => pair.sees('GET /v1/carts/7')),
    kind: 'uncovered-call',
    operation: 'GET /v1/carts/{id}',
    words: 'GET /v1/carts/{id}',
    count: 10,
  },
  {
    drift: 'an unpromised client error',
    spans: (pair) => pair.sees('POST /v1/orders', { status: 402, route: '/v1/orders' }),
    kind: 'unpromised-status',
    operation: 'POST /v1/orders',
    words: 'answers 402 to POST /v1/orders',
  },
  {
    drift: 'an unpromised success',
    spans: (pair) => pair.sees('POST /v1/orders', { status: 200, route: '/v1/orders' }),
    kind: 'unpromised-status',
    operation: 'POST /v1/orders',
    words: 'promises only 201',
  },
  {
    drift: 'several unpromised statuses of one operation',
    spans: (pair) => [
      ...pair.sees('GET /v1/orders/7', { status: 403 }),
      ...pair.sees('GET /v1/orders/8', { status: 410 }),
    ],
    kind: 'unpromised-status',
    operation: 'GET /v1/orders/{id}',
    words: 'answers 403 and 410',
    count: 2,
  },
  {
    drift: 'a server error that no retry makes good',
    spans: (pair) => pair.sees('GET /v1/orders/7', { status: 500 }),
    kind: 'unpromised-status',
    operation: 'GET /v1/orders/{id}',
    words: 'answers 500',
  },
  {
    drift: 'an event that no pact promises',
    pact: promises(messages),
    spans: (pair) => pair.receives('order.lost'),
    kind: 'uncovered-call',
    operation: 'send order.lost',
    words: 'receives order.lost from',
  },
  {
    drift: 'an operation nobody uses while others are busy',
    pact: promises(interactions.slice(0, 3)),
    spans: (pair) => repeat(25, () => pair.sees('GET /v1/orders/7')),
    kind: 'not-seen',
    operation: 'POST /v1/orders',
    words: 'none of the last 25 calls',
    count: 0,
  },
  {
    drift: 'an event nobody sends while others are busy',
    pact: promises([...messages, { ...messages[0], metadata: { routingKey: 'order.lost' } }]),
    spans: (pair) => repeat(20, () => pair.receives('order.placed')),
    kind: 'not-seen',
    operation: 'send order.lost',
    words: 'promises order.lost, but none',
    count: 0,
  },
  {
    drift: 'a consumer that no contract knows',
    spans: (pair) =>
      requestSpans({ consumer: stranger, provider: pair.provider, request: 'GET /v1/orders/7' }),
    kind: 'unknown-consumer',
    operation: null,
    words: 'no contract knows it',
  },
  {
    drift: 'a provider that no contract knows',
    spans: (pair) =>
      requestSpans({
        consumer: pair.consumer,
        provider: { ...stranger, name: 'other stranger' },
        request: 'GET /x/7',
      }),
    kind: 'unknown-provider',
    operation: null,
    words: 'which no contract knows',
  },
  {
    drift: 'a call between two pacticipants without a pact',
    spans: (pair) =>
      requestSpans({
        consumer: pair.provider,
        provider: pair.consumer,
        request: 'POST /v1/hooks/7',
      }),
    kind: 'uncovered-call',
    operation: 'POST /v1/hooks/{id}',
    words: 'without any pact between the two',
  },
];

describe('drift opens exactly one finding', () => {
  test.each(DRIFT.map((each, index) => ({ ...each, name: `drift-${index}` })))(
    '$drift',
    async ({ name, pact, spans, ...expected }) => {
      const pair = new Pair(name);
      await publish(pair, pact ?? promises(interactions));
      // Versions are another matter here: both run where nothing was ever recorded.
      const unversioned = spans(pair).map(({ sender, spans: list }) => ({
        sender: { ...sender, environment: 'nowhere recorded' },
        spans: list,
      }));
      await send(unversioned);
      const [finding, ...others] = await vi.waitFor(
        async () => {
          const found = await findingsOf(pair);
          expect(found.length).toBeGreaterThan(0);
          return found;
        },
        { timeout: 15_000, interval: 50 },
      );
      expect(others).toEqual([]);
      expect(finding).toMatchObject({
        kind: expected.kind,
        operation: expected.operation,
        environment: 'nowhere recorded',
        count: expected.count ?? 1,
      });
      expect(finding?.sentence).toContain(expected.words);
    },
  );

  test('a version that runs and was never recorded', async () => {
    const pair = new Pair('unrecorded');
    await publish(pair, promises(interactions));
    const lone = { ...pair.provider, version: 'p2' };
    await send([
      ...pair.sees('GET /v1/orders/7', { consumer: { name: pair.consumer.name }, provider: lone }),
      ...pair.sees('GET /v1/orders/7', { consumer: { name: pair.consumer.name } }),
    ]);
    await vi.waitFor(async () => expect(await callsOf(pair)).toBe(2), 10_000);
    expect(await findingsOf(pair)).toMatchObject([
      {
        kind: 'unrecorded-version',
        consumer: null,
        provider: pair.provider.name,
        environment: 'production',
        versions: { provider: ['p1', 'p2'] },
      },
    ]);
  });

  test.each(['otlp', 'jaeger'] as const)(
    'an uncovered call told by the real %s exporter',
    async (kind) => {
      const pair = new Pair(`drift ${kind}`);
      await publish(pair, promises(interactions.slice(1, 3)));
      const web = startTracedService(pair.consumer.name, senders[kind](hub), 'c1');
      const shop = startTracedService(pair.provider.name, senders[kind](hub), 'p1');
      const traceId = observeRequest(web, shop, {
        method: 'PATCH',
        path: '/v1/orders/7',
        status: 200,
      });
      await Promise.all([web.flush(), shop.flush()]);
      await vi.waitFor(async () => expect(await callsOf(pair)).toBe(1), 10_000);
      const findings = (await findingsOf(pair)).filter(
        ({ kind: of }) => of !== 'unrecorded-version',
      );
      expect(findings).toMatchObject([
        { kind: 'uncovered-call', operation: 'PATCH /v1/orders/{id}', exemplarTraceId: traceId },
      ]);
    },
  );
});

interface CleanCase {
  readonly clean: string;
  readonly pact?: object;
  /** Each list is one export. */
  readonly exports: (pair: Pair) => readonly (readonly SentSpans[])[];
  readonly calls: number;
}

const CLEAN: readonly CleanCase[] = [
  {
    clean: 'an extra query parameter',
    exports: (pair) => [pair.sees('GET /v1/orders/7?debug=1')],
    calls: 1,
  },
  {
    clean: 'a percent-encoded path',
    exports: (pair) => [pair.sees('GET /v1/%6Frders/7')],
    calls: 1,
  },
  {
    clean: 'a redacted parameter',
    exports: (pair) => [pair.sees('GET /v1/stock?sku=REDACTED', { route: '/v1/stock' })],
    calls: 1,
  },
  {
    clean: 'another value of a parameter that has only an example',
    exports: (pair) => [pair.sees('GET /v1/stock?sku=coffee', { route: '/v1/stock' })],
    calls: 1,
  },
  {
    clean: 'a promised failure',
    exports: (pair) => [pair.sees('GET /v1/orders/9', { status: 404 })],
    calls: 1,
  },
  {
    clean: 'an answer from a cache',
    exports: (pair) => [pair.sees('GET /v1/orders/9', { status: 304 })],
    calls: 1,
  },
  {
    clean: 'a retry that is kept, in the same export',
    exports: (pair) => {
      const traceId = randomId(16);
      return [
        [
          ...pair.sees('GET /v1/orders/7', { status: 503, traceId }),
          ...pair.sees('GET /v1/orders/7', { traceId }),
        ],
      ];
    },
    calls: 2,
  },
  {
    clean: 'a retry that is kept, in a later export',
    exports: (pair) => {
      const traceId = randomId(16);
      return [
        pair.sees('GET /v1/orders/7', { status: 500, traceId }),
        pair.sees('GET /v1/orders/7', { traceId }),
      ];
    },
    calls: 2,
  },
  {
    clean: 'another provider version',
    exports: (pair) => [
      pair.sees('GET /v1/orders/7', { provider: { ...pair.provider, version: 'p9' } }),
    ],
    calls: 1,
  },
  {
    clean: 'a consumer version that published nothing',
    exports: (pair) => [
      pair.sees('GET /v1/orders/7', { consumer: { ...pair.consumer, version: 'c9' } }),
    ],
    calls: 1,
  },
  {
    clean: 'health checks and scrapes',
    exports: (pair) => [
      [
        ...pair.sees('GET /health', { route: '/health' }),
        ...pair.sees('GET /shop/healthz', { route: '/shop/healthz' }),
        ...pair.sees('GET /metrics', { route: '/metrics' }),
        ...pair.sees('GET /v1/orders/7'),
      ],
    ],
    calls: 1,
  },
  {
    clean: 'a preflight',
    exports: (pair) => [
      [...pair.sees('OPTIONS /v1/carts/7', { status: 204 }), ...pair.sees('GET /v1/orders/7')],
    ],
    calls: 1,
  },
  {
    clean: 'a scanner that finds no route',
    exports: (pair) => [pair.sees('GET /wp-login.php', { status: 404, route: '' })],
    calls: 1,
  },
  {
    clean: 'halves that come late and in the wrong order',
    exports: (pair) => {
      const both = pair.sees('GET /v1/orders/7');
      return [both.slice(1), both.slice(0, 1)];
    },
    calls: 1,
  },
  {
    clean: 'the same spans twice',
    exports: (pair) => {
      const both = pair.sees('GET /v1/orders/7');
      return [both, both, [...both, ...both]];
    },
    calls: 1,
  },
  {
    clean: 'a trace of the server alone',
    exports: (pair) => [pair.sees('GET /v1/carts/7', { halves: ['server'] })],
    calls: 1,
  },
  {
    clean: 'a call to a peer that sends no spans',
    exports: (pair) => [
      pair.sees('GET /v1/carts/7', {
        halves: ['client'],
        provider: { name: 'api.payments.example' },
      }),
    ],
    calls: 1,
  },
  {
    clean: 'the environment test',
    exports: (pair) => [
      [
        ...pair.sees('GET /v1/carts/7', {
          consumer: { ...pair.consumer, environment: 'test' },
          provider: { ...pair.provider, environment: 'test' },
        }),
        ...pair.sees('GET /v1/orders/7'),
      ],
    ],
    calls: 1,
  },
  {
    clean: 'a service under verification',
    exports: (pair) => [
      [
        ...pair.sees('GET /v1/carts/7', {
          provider: { ...pair.provider, attributes: { 'concordat.verification': true } },
        }),
        ...pair.sees('GET /v1/orders/7'),
      ],
    ],
    calls: 1,
  },
  {
    clean: 'the verifier of a pact',
    exports: (pair) => [
      [
        ...pair.sees('GET /v1/carts/7', { consumer: { name: 'pact-verifier' } }),
        ...pair.sees('GET /v1/orders/7'),
      ],
    ],
    calls: 1,
  },
  {
    clean: 'a database query, which is an edge that nobody judges',
    exports: (pair) => [
      [
        ...pair.sees('GET /v1/orders/7'),
        {
          sender: pair.provider,
          spans: [
            aSpan('client', {
              traceId: randomId(16),
              spanId: randomId(8),
              attributes: { 'db.system.name': 'postgresql', 'server.address': 'db' },
            }),
          ],
        },
      ],
    ],
    calls: 2,
  },
  {
    clean: 'a promised event under its full name',
    pact: promises(messages),
    exports: (pair) => [pair.receives('com.example.order.placed')],
    calls: 1,
  },
  {
    clean: 'unused promises with too little traffic',
    exports: (pair) => [repeat(19, () => pair.sees('GET /v1/orders/7'))],
    calls: 19,
  },
  {
    clean: 'unused promises where only few of many calls were sampled',
    exports: (pair) => [
      repeat(3, () => pair.sees('GET /v1/orders/7', { traceState: 'ot=th:e6666666666666' })),
    ],
    calls: 30,
  },
];

describe('no finding opens for', () => {
  test.each(CLEAN.map((each, index) => ({ ...each, name: `clean-${index}` })))(
    '$clean',
    async ({ name, pact, exports, calls }) => {
      const pair = new Pair(name);
      await publish(pair, pact ?? promises(interactions));
      for (const spans of exports(pair)) {
        await send(spans.map(nowhereRecorded));
      }
      await vi.waitFor(async () => expect(Math.round(await callsOf(pair))).toBe(calls), {
        timeout: 15_000,
        interval: 50,
      });
      expect(await findingsOf(pair)).toEqual([]);
    },
  );
});

/** Environments that tests are about keep their name; production would also ask which versions were recorded. */
function nowhereRecorded({ sender, spans }: SentSpans): SentSpans {
  const environment = sender.environment === 'test' ? 'test' : 'nowhere recorded';
  return { sender: { ...sender, environment }, spans };
}
