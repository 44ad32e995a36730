// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.
import { createInsightsClient } from '@concordat/api';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  aSpan,
  eventSpans,
  otlpBody,
  randomId,
  requestSpans,
  type Sender,
  type SentSpans,
} from './observed-traffic.ts';
import { createDatabase, type OwnDatabase, relationalDatabases } from './relational-databases.ts';
import { spansHere, startTestHub, type TestHub } from './start-hub.ts';

const web: Sender = { name: 'web', version: '1', environment: 'production' };
const shop: Sender = { name: 'shop', version: '7', environment: 'production' };
const mail: Sender = { name: 'mail', version: '3', environment: 'production' };

interface Envelope {
  readonly data: unknown;
  readonly errors: readonly { readonly code: number; readonly msg: string }[] | null;
}

async function send(hub: TestHub, spans: readonly SentSpans[]): Promise<void> {
  const answer = await fetch(`${hub.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: otlpBody(spans),
  });
  expect(answer.status).toBe(200);
}

async function ask<T>(hub: TestHub, path: string): Promise<T> {
  const answer = await fetch(`${hub.url}${path}`);
  return (await answer.json()) as T;
}

function request(status = 200): readonly SentSpans[] {
  return requestSpans({ consumer: web, provider: shop, request: 'GET /v1/orders/7', status });
}

/** A page of the portal asks the bank. */
function requestForRequest(): readonly SentSpans[] {
  const traceId = randomId(16);
  const [page, call] = [randomId(8), randomId(8)];
  const portal: Sender = { name: 'portal', version: '1', environment: 'production' };
  const bank: Sender = { name: 'bank', version: '1', environment: 'production' };
  const attributes = {
    'http.request.method': 'GET',
    'url.path': '/rates',
    'http.route': '/rates',
    'http.response.status_code': 200,
  };
  return [
    {
      sender: portal,
      spans: [
        { ...aSpan('server', { traceId, spanId: page, attributes }), name: 'GET /page' },
        aSpan('client', { traceId, spanId: call, parentSpanId: page, attributes }),
      ],
    },
    {
      sender: bank,
      spans: [
        {
          ...aSpan('server', { traceId, spanId: randomId(8), parentSpanId: call, attributes }),
          name: 'GET /rates',
        },
      ],
    },
  ];
}

describe.each(relationalDatabases)('what services do, on %s', (database) => {
  let own: OwnDatabase;
  let first: TestHub;
  let second: TestHub;

  beforeAll(async () => {
    own = await createDatabase(database);
    const flags = own.url === undefined ? {} : { databaseUrl: own.url };
    const env = { ...spansHere, CONCORDAT_PAIRING_WINDOW_SECONDS: '1' };
    first = await startTestHub({ env, flags });
    // A SQLite file has one hub; on PostgreSQL two hubs share what they count.
    second = own.url === undefined ? first : await startTestHub({ env, flags });
    await send(first, [...request(), ...request(500)]);
    await send(second, [...request(), ...request()]);
    await send(first, eventSpans({ consumer: mail, provider: shop, event: 'order.placed' }));
    await send(second, requestForRequest());
    const lonely = aSpan('client', {
      traceId: randomId(16),
      spanId: randomId(8),
      attributes: {
        'http.request.method': 'GET',
        'url.full': 'http://bank.example/rates',
        'server.address': 'bank.example',
      },
    });
    await send(first, [{ sender: shop, spans: [lonely] }]);
  });

  afterAll(async () => {
    await second.close();
    if (first !== second) await first.close();
    await own.drop();
  });

  async function dependencies(query = ''): Promise<unknown> {
    return (await ask<Envelope>(first, `/api/dependencies${query}`)).data;
  }

  describe("Jaeger's monitor", () => {
    interface Family {
      readonly name: string;
      readonly metrics: readonly {
        readonly labels: readonly { readonly name: string; readonly value: string }[];
        readonly metricPoints: readonly {
          readonly gaugeValue: { readonly doubleValue: number | string };
        }[];
      }[];
    }

    /** The latest point of every series. */
    async function latest(path: string): Promise<Readonly<Record<string, number | string>>> {
      const { metrics } = await ask<Family>(first, `/api/metrics/${path}`);
      return Object.fromEntries(
        metrics.map(({ labels, metricPoints }) => [
          labels.map(({ value }) => value).join(' '),
          metricPoints.at(-1)?.gaugeValue.doubleValue ?? 'none',
        ]),
      );
    }

    test('tells rates, errors and latencies of what all hubs were sent', async () => {
      const asked = 'service=shop&service=mail&spanKind=server&spanKind=consumer&step=60000';
      await vi.waitFor(
        async () =>
          expect(await latest(`calls?${asked}`)).toEqual({
            mail: expect.closeTo(1 / 600, 4),
            shop: expect.closeTo(4 / 600, 4),
          }),
        10_000,
      );
      expect(await latest(`errors?${asked}`)).toEqual({ mail: 0, shop: expect.closeTo(0.25, 4) });
      // Five milliseconds each, in the bucket from 4 to 6.
      expect(await latest(`latencies?${asked}&quantile=0.5`)).toEqual({
        mail: expect.closeTo(5, 4),
        shop: expect.closeTo(5, 4),
      });
      expect(await latest(`calls?${asked}&groupByOperation=true`)).toEqual({
        'consumer mail': expect.closeTo(1 / 600, 4),
        'server shop': expect.closeTo(4 / 600, 4),
      });
    });
  });

  describe('the services', () => {
    const insights = () => createInsightsClient(first.url, (url, init) => fetch(url, init));

    test('tell what they answer, and their operations of all kinds', async () => {
      await vi.waitFor(async () => {
        const { services } = await insights().services();
        expect(services.map(({ service, calls }) => [service, calls])).toEqual([
          ['bank', 1],
          ['mail', 1],
          ['portal', 1],
          ['shop', 4],
          ['web', 0],
        ]);
      }, 10_000);
      const { operations } = await insights().service('shop', { environment: 'production' });
      expect(operations.map(({ kind, calls, errorRate }) => [kind, calls, errorRate])).toEqual([
        ['server', 4, 0.25],
        ['client', 1, 0],
        ['producer', 1, 0],
      ]);
      expect(operations[0]?.latency?.p50).toBeCloseTo(5, 3);
    });

    test('are joined by edges that tell how long they take', async () => {
      const { edges } = await insights().edges();
      const edge = edges.find(({ consumer }) => consumer === 'web');
      expect(edge).toMatchObject({ calls: 4, errorRate: 0.25 });
      expect([edge?.latency?.p50, edge?.clientLatency?.p50]).toEqual([5, 5]);
      const since = String(Date.now() - 3_600_000);
      const detail = await insights().edge('web', 'shop', { since, environment: 'production' });
      expect(detail.operations).toMatchObject([{ calls: 4, latency: { p50: 5 } }]);
      const before = await insights().edge('web', 'shop', { until: since });
      expect(before).toMatchObject({ edges: [], operations: [] });
    });
  });

  describe("Jaeger's quality page", () => {
    interface Quality {
      readonly bannerText: { readonly value: string };
      readonly scores: readonly { readonly key: string }[];
      readonly metrics: readonly {
        readonly name: string;
        readonly passCount: number;
        readonly failureCount: number;
        readonly failureExamples: readonly { readonly traceID: string }[];
      }[];
      readonly clients: readonly { readonly version: string; readonly count: number }[];
    }

    test('tells calls that no contract covers, with traces, and who makes them', async () => {
      await vi.waitFor(async () => {
        const quality = await ask<Quality>(first, '/api/quality-metrics?service=shop&hours=1');
        const covered = quality.metrics.find(({ name }) => name === 'Calls covered by contracts');
        expect(covered?.passCount).toBe(0);
        expect(covered?.failureCount).toBeGreaterThanOrEqual(4);
        const id = covered?.failureExamples[0]?.traceID;
        expect(await ask(first, `/api/traces/${id}`)).toMatchObject({ errors: null });
        expect(quality.clients).toContainEqual(
          expect.objectContaining({ version: 'web 1', count: 4 }),
        );
      }, 10_000);
    });

    test('has a legal answer for a service that nobody knows', async () => {
      const quality = await ask<Quality>(first, '/api/quality-metrics?service=nobody');
      expect(quality).toMatchObject({ scores: [], metrics: [], clients: [] });
    });

    test.each([
      ['hours=1', "unable to parse param 'service'"],
      ['service=shop&hours=0', "unable to parse param 'hours'"],
      ['service=shop&hours=day', "unable to parse param 'hours'"],
    ])('%s is refused', async (query, words) => {
      const { errors } = await ask<Envelope>(first, `/api/quality-metrics?${query}`);
      expect(errors?.[0]).toMatchObject({ code: 400, msg: expect.stringContaining(words) });
    });
  });

  describe('dependencies', () => {
    test('go from who called or sent to who answered or received, all hubs together', async () => {
      await vi.waitFor(
        async () =>
          expect(await dependencies()).toEqual([
            { parent: 'portal', child: 'bank', callCount: 1 },
            { parent: 'shop', child: 'mail', callCount: 1 },
            { parent: 'web', child: 'shop', callCount: 4 },
          ]),
        10_000,
      );
    });

    test('of one service are those on either side of it', async () => {
      await vi.waitFor(
        async () =>
          expect(await dependencies('?service=mail')).toEqual([
            { parent: 'shop', child: 'mail', callCount: 1 },
          ]),
        10_000,
      );
      expect(await dependencies('?service=nobody')).toEqual([]);
    });

    test('with peers that send no spans are told when they are asked for', async () => {
      await vi.waitFor(
        async () =>
          expect(await dependencies('?virtual=true')).toContainEqual({
            parent: 'shop',
            child: 'bank.example',
            callCount: 1,
          }),
        10_000,
      );
    });

    test('are those of the time that is asked for', async () => {
      const hourAgo = Date.now() - 3_600_000;
      expect(await dependencies(`?endTs=${hourAgo}&lookback=60000`)).toEqual([]);
    });

    test.each([
      ['endTs=soon', "unable to parse param 'endTs'"],
      ['lookback=1.5', "unable to parse param 'lookback'"],
      ['lookback=-1', "unable to parse param 'lookback'"],
    ])('%s is refused', async (query, words) => {
      const { data, errors } = await ask<Envelope>(first, `/api/dependencies?${query}`);
      expect(data).toBeNull();
      expect(errors?.[0]).toMatchObject({ code: 400, msg: expect.stringContaining(words) });
    });
  });

  test('an edge tells what made the consumer call', async () => {
    const insights = createInsightsClient(first.url, (url, init) => fetch(url, init));
    await vi.waitFor(async () => {
      const { triggeredBy } = await insights.edge('portal', 'bank');
      expect(triggeredBy).toMatchObject([
        { kind: 'server', operation: 'GET /page', outbound: 'GET /rates', calls: 1 },
      ]);
    }, 20_000);
  });
});
