// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInsightsClient } from '@concordat/api';
import { type RunningHub, readConfig, startHub } from '@concordat/hub';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { eventSpans, otlpBody, requestSpans, type SentSpans } from './observed-traffic.ts';
import { createDatabase, type OwnDatabase, relationalDatabases } from './relational-databases.ts';
import { freePorts, spansHere, startTestHub, withEnvironments } from './start-hub.ts';

const web = { name: 'web', version: 'w1', environment: 'production' };
const shop = { name: 'shop', version: 's1', environment: 'production' };
const mail = { name: 'mail', version: 'm1', environment: 'production' };

const pact = {
  consumer: { name: 'web' },
  provider: { name: 'shop' },
  interactions: [
    {
      description: 'an order',
      providerState: 'an order exists',
      request: {
        method: 'GET',
        path: '/v1/orders/42',
        matchingRules: { path: { matchers: [{ match: 'regex', regex: '^/v1/orders/\\d+$' }] } },
      },
      response: { status: 200 },
    },
    {
      description: 'new order',
      request: { method: 'POST', path: '/v1/orders' },
      response: { status: 201 },
    },
    {
      description: 'no more order',
      request: { method: 'DELETE', path: '/v1/orders/42' },
      response: { status: 204 },
    },
  ],
};

const messagePact = {
  consumer: { name: 'mail' },
  provider: { name: 'shop' },
  messages: [
    {
      description: 'an order was placed',
      contents: { id: '1' },
      metaData: { routingKey: 'order.placed' },
    },
  ],
};

describe.each(relationalDatabases)('insights on %s', (database) => {
  let hub: RunningHub;
  let dataDir = '';
  let own: OwnDatabase;

  async function start(folder = dataDir): Promise<RunningHub> {
    const { url } = own;
    const flags = {
      ...{ ...freePorts, host: '127.0.0.1', dataDir: folder },
      ...(url === undefined ? {} : { databaseUrl: url }),
    };
    return await startHub(
      readConfig({
        flags,
        env: { ...withEnvironments, ...spansHere, CONCORDAT_PAIRING_WINDOW_SECONDS: '1' },
      }),
    );
  }

  async function call(method: string, path: string, body?: object): Promise<Response> {
    return await fetch(path.startsWith('http') ? path : `${hub.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', accept: 'application/hal+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async function send(spans: readonly SentSpans[], url = hub.url): Promise<void> {
    const response = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: otlpBody(spans),
    });
    expect(response.status).toBe(200);
  }

  const insights = () => createInsightsClient(hub.url, fetch);

  beforeAll(async () => {
    own = await createDatabase(database);
    dataDir = await mkdtemp(join(tmpdir(), 'concordat-'));
    hub = await start();
    const published = await call('PUT', '/pacts/provider/shop/consumer/web/version/w1', pact);
    expect(published.status).toBe(201);
    await call('PUT', '/pacts/provider/shop/consumer/mail/version/m1', messagePact);
  });
  afterAll(async () => {
    await hub.close();
    await own.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  describe('before any traffic', () => {
    test('edges are unused and nothing is a finding', async () => {
      const { edges, page } = await insights().edges();
      expect(edges).toMatchObject([
        { consumer: 'mail', provider: 'shop', transport: 'message', state: 'unused', promised: 1 },
        { consumer: 'web', provider: 'shop', transport: 'http', state: 'unused', promised: 3 },
      ]);
      expect(page).toEqual({ number: 1, size: 100, totalElements: 2, totalPages: 1 });
      expect((await insights().findings()).findings).toEqual([]);
    });
  });

  describe('with traffic', () => {
    beforeAll(async () => {
      await send([
        ...requestSpans({ consumer: web, provider: shop, request: 'GET /v1/orders/7' }),
        ...requestSpans({ consumer: web, provider: shop, request: 'GET /v1/orders/8' }),
        ...requestSpans({ consumer: web, provider: shop, request: 'POST /v1/orders', status: 201 }),
        ...requestSpans({ consumer: web, provider: shop, request: 'GET /v1/carts/1' }),
        ...eventSpans({ consumer: mail, provider: shop, event: 'order.placed' }),
      ]);
      await vi.waitFor(async () => expect((await insights().summary()).calls).toBe(5), 10_000);
    });

    test('an integration tells of each interaction whether it is used, how often, since when, by which trace', async () => {
      const edge = await insights().edge('web', 'shop');
      expect(edge.interactions).toMatchObject([
        {
          description: 'an order',
          providerStates: ['an order exists'],
          operation: 'GET /v1/orders/{id}',
          status: 200,
          usage: 'used',
          count: 2,
          verification: 'unverified',
        },
        { description: 'new order', usage: 'used', count: 1 },
        {
          description: 'no more order',
          usage: 'no-evidence',
          count: 0,
          lastSeen: null,
          exemplarTraceId: null,
        },
      ]);
      expect(edge.operations).toMatchObject([
        { operation: 'GET /v1/carts/{id}', promised: false, statuses: { '200': 1 } },
        { operation: 'GET /v1/orders/{id}', promised: true, statuses: { '200': 2 } },
        { operation: 'POST /v1/orders', promised: true, statuses: { '201': 1 } },
      ]);
      expect(edge.findings.map(({ kind }) => kind)).toEqual(['uncovered-call']);
      expect(edge.evidence).toMatchObject({ calls: 4, sampleRate: 1 });
      const trace = await call('GET', `/api/traces/${edge.interactions[0]?.exemplarTraceId}`);
      expect(trace.status).toBe(200);
    });

    test('events are an edge of their own, the receiver first', async () => {
      const edge = await insights().edge('mail', 'shop');
      expect(edge.edges).toMatchObject([{ transport: 'message', used: 1, calls: 1 }]);
      expect(edge.interactions).toMatchObject([
        { operation: 'send order.placed', status: null, usage: 'used' },
      ]);
    });

    test('filters and pages are obeyed', async () => {
      expect((await insights().edges({ environment: 'elsewhere' })).edges).toMatchObject([
        { calls: 0 },
        { calls: 0 },
      ]);
      expect((await insights().edges({ until: '2001-01-01' })).edges[0]).toMatchObject({
        calls: 0,
      });
      expect(
        (await insights().edges({ since: String(Date.now() - 600_000) })).edges[1],
      ).toMatchObject({ calls: 4 });
      const second = await insights().edges({ page: 2, size: 1 });
      expect(second.edges.map(({ consumer }) => consumer)).toEqual(['web']);
      expect(second.page).toEqual({ number: 2, size: 1, totalElements: 2, totalPages: 2 });
      const count = async (query: object) => (await insights().findings(query)).findings.length;
      expect(await count({ kind: 'uncovered-call' })).toBe(1);
      expect(await count({ kind: 'not-seen' })).toBe(0);
      expect(await count({ consumer: 'web', provider: 'shop', environment: 'production' })).toBe(1);
      expect(await count({ consumer: 'mail' })).toBe(0);
      expect(await count({ kind: 'uncovered-call', since: '2999-01-01T00:00:00Z' })).toBe(0);
    });

    test('a restart forgets nothing', async () => {
      const before = await insights().edge('web', 'shop');
      await hub.close();
      hub = await start();
      expect(await insights().edge('web', 'shop')).toEqual(before);
    });

    test('a new pact that promises the call resolves the finding', async () => {
      const promising = {
        ...pact,
        interactions: [
          ...pact.interactions,
          {
            description: 'a cart',
            request: { method: 'GET', path: '/v1/carts/9' },
            response: { status: 200 },
          },
        ],
      };
      const published = await call(
        'PUT',
        '/pacts/provider/shop/consumer/web/version/w2',
        promising,
      );
      expect(published.status).toBe(201);
      expect((await insights().findings({ kind: 'uncovered-call' })).findings).toEqual([]);
    });
  });

  if (database === 'PostgreSQL') {
    test('hubs that start at once on an empty database find it whole', async () => {
      const { url = '', drop } = await createDatabase(database);
      const hubs = await Promise.all(
        Array.from({ length: 4 }, () => startTestHub({ flags: { databaseUrl: url } })),
      );
      const answers = await Promise.all(hubs.map((each) => fetch(`${each.url}/pacticipants`)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      for (const each of hubs) await each.close();
      await drop();
    });

    test('two hubs on one database add up what each has seen', async () => {
      const other = await start(await mkdtemp(join(tmpdir(), 'concordat-')));
      const before = (await insights().summary()).calls;
      const spans = () =>
        requestSpans({ consumer: web, provider: shop, request: 'GET /v1/orders/7' });
      await Promise.all(
        Array.from({ length: 10 }, (_, at) => send(spans(), at % 2 === 0 ? hub.url : other.url)),
      );
      const seenBy = async (url: string) =>
        (await createInsightsClient(url, fetch).summary()).calls;
      await vi.waitFor(async () => expect(await seenBy(hub.url)).toBe(before + 10), {
        timeout: 10_000,
      });
      expect(await seenBy(other.url)).toBe(before + 10);
      await other.close();
    });
  }

  describe('with verifications and deployments', () => {
    test('an edge is kept when its pact is verified, and failed when it is not', async () => {
      const results = `/pacts/provider/shop/consumer/mail/version/m1`;
      const links = (await (await call('GET', results)).json()) as {
        readonly _links: Readonly<Record<string, { readonly href: string }>>;
      };
      const href = links._links['pb:publish-verification-results']?.href ?? '';
      const state = async () => (await insights().edge('mail', 'shop')).edges[0]?.state;
      expect(await state()).toBe('unverified');
      expect(
        (await call('POST', href, { success: true, providerApplicationVersion: 's1' })).status,
      ).toBe(201);
      expect(await state()).toBe('kept');
      expect(
        (await call('POST', href, { success: false, providerApplicationVersion: 's2' })).status,
      ).toBe(201);
      expect(await state()).toBe('verification-failed');
    });

    test('a running version is unrecorded until its deployment is recorded, and stays recorded when it is replaced', async () => {
      const unrecorded = async () =>
        (
          await insights().findings({ kind: 'unrecorded-version', environment: 'production' })
        ).findings.map(({ provider, versions }) => `${provider} ${versions.provider.join()}`);
      expect((await unrecorded()).sort()).toEqual(['mail m1', 'shop s1', 'web w1']);
      const production = { name: 'production', production: true };
      const created = await call('POST', '/environments', production);
      const { uuid } = (await created.json()) as { readonly uuid: string };
      const deploy = async (name: string, version: string) => {
        const path = `/pacticipants/${name}/versions/${version}/deployed-versions/environment/${uuid}`;
        expect((await call('POST', path, {})).status).toBe(201);
      };
      await deploy('mail', 'm1');
      await deploy('web', 'w1');
      await deploy('web', 'w2');
      await send(requestSpans({ consumer: web, provider: shop, request: 'GET /v1/orders/7' }));
      expect(await unrecorded()).toEqual(['shop s1']);
    });
  });

  describe('the metrics', () => {
    test('are text with exemplars for Prometheus', async () => {
      const response = await fetch(`${hub.url}/metrics`, {
        headers: {
          accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5,*/*;q=0.1',
        },
      });
      expect(response.headers.get('content-type')).toContain('application/openmetrics-text');
      const text = await response.text();
      expect(text).toMatch(
        /traces_service_graph_request_total\{client="web",server="shop",connection_type=""\} \d+ # \{trace_id="[0-9a-f]{32}"\}/,
      );
      expect(text).toMatch(
        /http_server_request_duration_seconds_count\{[^}]*http_route="\/insights\/findings"/,
      );
      expect(text).toMatch(
        /contract_operations\{consumer="web",provider="shop",state="covered"\} \d/,
      );
      expect(text).toContain(
        'deployment_info{service="mail",version="m1",environment="production"} 1',
      );
    });

    test("are the Pact Broker's counters for everybody else", async () => {
      const response = await fetch(`${hub.url}/metrics`);
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(await response.json()).toMatchObject({
        interactions: {
          latestInteractionsCount: 4,
          latestMessagesCount: 1,
          latestInteractionsAndMessagesCount: 5,
        },
        pactPublications: { count: 3 },
        pactVersions: { count: 3 },
        pactRevisionsPerConsumerVersion: { distribution: { 1: 3 } },
        verificationResults: { count: 2, successCount: 1, failureCount: 1, distinctCount: 2 },
        deployedVersions: { count: 3 },
      });
    });
  });

  describe('wrong questions are refused with what is wrong', () => {
    test.each([
      ['/insights/summary?x=1', 400, 'Unknown parameter \\"x\\"; this resource takes none.'],
      ['/insights/edges?enviroment=production', 400, 'Unknown parameter \\"enviroment\\"'],
      ['/insights/edges?page=0', 400, 'page is \\"0\\"; use a whole number from 1'],
      ['/insights/edges?size=1001', 400, 'from 1 to 1000'],
      ['/insights/edges?size=ten', 400, 'size is \\"ten\\"'],
      ['/insights/edges?since=yesterday', 400, 'since is \\"yesterday\\"; use ISO 8601'],
      ['/insights/edges?until=99999999999999999999', 400, 'until is'],
      ['/insights/edges?environment[]=a&environment[]=b', 400, 'environment must stand once'],
      ['/insights/findings?kind=drift', 400, 'use one of uncovered-call'],
      ['/insights/edges/web/nobody', 404, 'No pact and no call is known between consumer'],
      ['/insights/nothing', 404, 'not found'],
    ])('GET %s', async (...[path, status, words]) => {
      const response = await fetch(`${hub.url}${path}`);
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(await response.text()).toContain(words);
    });

    test('a method that is none is refused', async () => {
      expect((await call('POST', '/insights/edges', {})).status).toBe(405);
    });
  });
});
