import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call, HttpExchange } from '@concordat/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../database/database.ts';
import type { PactInForce } from './contract-facts.ts';
import { Insights } from './insights.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const ID = '^/v1/orders/[^/]+$';

interface World {
  pacts: PactInForce[];
  recorded: { pacticipant: string; version: string; environment: string }[];
  environments: string[];
  pacticipants: string[];
}

let dataDir: string;
let db: Database;
let world: World;
let now: number;
let insights: Insights;
let spans = 0;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'concordat-insights-'));
  db = await openDatabase({ dataDir, databaseUrl: undefined });
  world = {
    pacts: [aPact()],
    recorded: [],
    environments: ['production'],
    pacticipants: ['web', 'shop'],
  };
  now = NOW;
  insights = openInsights();
});

afterEach(async () => {
  await insights.close();
  await db.destroy();
  rmSync(dataDir, { recursive: true });
});

function openInsights(minimumCalls = 20): Insights {
  return new Insights({
    db,
    contracts: {
      consumers: async () => [...new Set(world.pacts.map(({ consumer }) => consumer))],
      contractsInForce: async (asked) => world.pacts.filter(({ consumer }) => consumer === asked),
      recordedVersions: async () => world.recorded,
      environments: async () => world.environments,
      pacticipants: async () => world.pacticipants,
      providerContractsInForce: async () =>
        (['openapi', 'asyncapi'] as const).map((specification) => ({
          ...{ provider: 'shop', providerVersion: '7', specification, sha: specification },
          ...{ operations: [], environments: [], isLatestMain: true, isLatest: true },
        })),
    },
    floor: { minimumCalls, minimumWindowSeconds: 0 },
    now: () => new Date(now),
    onError: (error) => {
      throw error;
    },
  });
}

/** Writes that a version of the shop was deployed in production, and is no more. */
async function replaced(number: string): Promise<void> {
  const time = new Date(now - 1000).toISOString();
  const times = { created_at: time, updated_at: time };
  const place = { name: 'production', display_name: 'Production', contacts: null };
  await db
    .insertInto('pacticipants')
    .values({ name: 'shop', ...times })
    .onConflict((on) => on.doNothing())
    .execute();
  await db
    .insertInto('environments')
    .values({ uuid: 'e', ...place, production: 1, is_preset: 0, ...times })
    .onConflict((on) => on.doNothing())
    .execute();
  const { id } = await db.selectFrom('pacticipants').select('id').executeTakeFirstOrThrow();
  const version = await db
    .insertInto('versions')
    .values({ pacticipant_id: id, number, build_url: null, ...times })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('deployed_versions')
    .values({
      uuid: number,
      version_id: version.id,
      pacticipant_id: id,
      environment_id: 1,
      application_instance: '',
      ...times,
      undeployed_at: time,
    })
    .execute();
}

function interaction(target: string, status = 200, regex?: string) {
  const [method = '', path = ''] = target.split(' ');
  const rules =
    regex === undefined
      ? {}
      : { matchingRules: { path: { matchers: [{ match: 'regex', regex }] } } };
  return {
    description: `${target} ${status}`,
    request: { method, path, ...rules },
    response: { status },
  };
}

function aPact(
  more: Partial<PactInForce> & { readonly interactions?: readonly object[] } = {},
): PactInForce {
  const { interactions, ...rest } = more;
  return {
    consumer: 'web',
    provider: 'shop',
    consumerVersion: '1',
    sha: `sha-${JSON.stringify(interactions ?? '')}`,
    content: JSON.stringify({
      interactions: interactions ?? [
        interaction('GET /v1/orders/42', 200, ID),
        interaction('POST /v1/orders', 201),
        interaction('DELETE /v1/orders/42', 204, ID),
      ],
    }),
    environments: ['production'],
    isLatestMain: true,
    verification: 'success',
    providerVersion: '7',
    verifiedAt: '2026-01-30T00:00:00.000Z',
    ...rest,
  };
}

function aCall(
  target: string,
  more: Partial<Call> & { readonly http?: Partial<HttpExchange> } = {},
): Call {
  const [method = '', path = ''] = target.split(' ');
  const { http, ...rest } = more;
  spans += 1;
  return {
    consumer: { service: 'web', version: '1', virtual: false },
    provider: { service: 'shop', version: '7', virtual: false },
    environment: 'production',
    exchange: {
      kind: 'http',
      method,
      path,
      query: '',
      route: '/v1/orders/:id',
      status: 200,
      ...http,
    },
    traceId: `trace-${spans}`,
    clientSpanId: 'c',
    serverSpanId: 's',
    atMicros: now * 1000,
    clientDurationMicros: 3000,
    serverDurationMicros: 2000,
    failed: false,
    weight: 1,
    inferred: false,
    ...rest,
  };
}

function repeat(times: number, make: () => Call): Call[] {
  return Array.from({ length: times }, make);
}

const kinds = async () =>
  (await insights.openFindings()).map(({ kind, operation }) => `${kind} ${operation ?? ''}`);

describe('an edge', () => {
  test('is unused while a pact has no traffic', async () => {
    expect(await insights.edges({})).toMatchObject([
      {
        consumer: 'web',
        provider: 'shop',
        transport: 'http',
        state: 'unused',
        promised: 3,
        verified: 3,
        noEvidence: 3,
        calls: 0,
        meanDuration: null,
        firstSeen: null,
      },
    ]);
  });

  test('is kept when it is promised, verified and seen', async () => {
    insights.recordCalls([
      aCall('GET /v1/orders/7'),
      aCall('POST /v1/orders', { http: { status: 201 } }),
    ]);
    expect(await insights.edges({})).toMatchObject([
      {
        state: 'kept',
        virtual: false,
        environments: ['production'],
        used: 2,
        notSeen: 0,
        noEvidence: 1,
        calls: 2,
        failed: 0,
        meanDuration: 2,
        findings: 0,
        lastSeen: '2026-01-31T12:00:00.000Z',
      },
    ]);
  });

  test('is unverified or failed as its pact is', async () => {
    insights.recordCalls([aCall('GET /v1/orders/7')]);
    world.pacts = [aPact({ verification: 'unverified' })];
    insights.contractsChanged();
    expect(await insights.edges({})).toMatchObject([{ state: 'unverified', verified: 0 }]);
    world.pacts = [aPact({ verification: 'failed' })];
    insights.contractsChanged();
    expect(await insights.edges({})).toMatchObject([{ state: 'verification-failed' }]);
  });

  test('is uncontracted between services that no pact joins, and virtual when one of them is a guess', async () => {
    const user = { service: 'user', version: undefined, virtual: true };
    insights.recordCalls([
      aCall('GET /v1/orders/7', { consumer: user }),
      aCall('GET /x', {
        consumer: { service: 'a', version: undefined, virtual: false },
        provider: { service: 'b', version: undefined, virtual: false },
        environment: undefined,
        clientDurationMicros: undefined,
        serverDurationMicros: undefined,
      }),
    ]);
    const edges = await insights.edges({});
    expect(edges.filter(({ state }) => state === 'uncontracted')).toMatchObject([
      { consumer: 'a', provider: 'b', virtual: false, environments: [], meanDuration: null },
      { consumer: 'user', provider: 'shop', virtual: true },
    ]);
    expect(await kinds()).toEqual([]);
  });

  test('shows only the environment and the time that were asked for', async () => {
    insights.recordCalls([
      aCall('GET /v1/orders/7'),
      aCall('GET /v1/orders/7', { environment: 'staging', atMicros: (now - 3_600_000) * 1000 }),
    ]);
    const minute = Math.floor(now / 60_000);
    const calls = async (filter: Parameters<Insights['edges']>[0]) =>
      (await insights.edges(filter)).map((edge) => edge.calls);
    expect(await calls({})).toEqual([2]);
    expect(await calls({ environment: 'staging' })).toEqual([1]);
    expect(await calls({ since: minute })).toEqual([1]);
    expect(await calls({ until: minute - 1 })).toEqual([1]);
    insights.forgetBefore(new Date(now));
    await expect.poll(() => calls({ until: minute - 1 })).toEqual([0]);
    expect(await calls({})).toEqual([2]);
  });

  test('of events has its own transport', async () => {
    world.pacts = [
      aPact({
        interactions: [
          {
            type: 'Asynchronous/Messages',
            description: 'placed',
            metadata: { routingKey: 'order.placed' },
          },
        ],
      }),
    ];
    const event = { kind: 'message', system: 'rabbitmq', destination: 'events' } as const;
    insights.recordCalls([
      aCall('', { exchange: { ...event, event: 'order.placed' } }),
      aCall('', { exchange: { ...event, event: 'order.lost' } }),
      ...repeat(30, () => aCall('', { exchange: { ...event, event: undefined } })),
    ]);
    expect(await insights.edges({})).toMatchObject([
      { transport: 'message', state: 'drift', used: 1, calls: 32 },
    ]);
    expect(await kinds()).toEqual(['uncovered-call send order.lost']);
    const detail = await insights.edge('web', 'shop');
    expect(detail?.interactions).toMatchObject([
      { operation: 'send order.placed', status: null, usage: 'used', count: 1 },
    ]);
    expect(detail?.operations).toMatchObject([
      { operation: 'send events', promised: false, statuses: { message: 30 } },
      { operation: 'send order.lost', promised: false },
      { operation: 'send order.placed', promised: true },
    ]);
  });
});

describe('one integration', () => {
  test('tells of each interaction how it is used, by which trace, and what it cannot be told from', async () => {
    world.pacts = [
      aPact({
        interactions: [
          {
            ...interaction('GET /v1/orders/42', 200, ID),
            description: 'a',
            providerStates: [{ name: 'an order' }],
          },
          { ...interaction('GET /v1/orders/42', 200, ID), description: 'b' },
          { ...interaction('GET /v1/orders/nope', 404), description: 'c' },
        ],
      }),
    ];
    const call = aCall('GET /v1/orders/7');
    insights.recordCalls([
      call,
      aCall('GET /v1/orders/8', { http: { status: 404 }, failed: true }),
    ]);
    expect(await insights.edge('web', 'shop')).toMatchObject({
      edges: [{ state: 'kept' }],
      pacts: [{ consumerVersion: '1', verification: 'success', providerVersion: '7' }],
      interactions: [
        {
          description: 'a',
          providerStates: ['an order'],
          operation: 'GET /v1/orders/{id}',
          status: 200,
          count: 1,
          exemplarTraceId: call.traceId,
          indistinguishableFrom: ['b'],
        },
        { description: 'b', count: 1, indistinguishableFrom: ['a'] },
        { description: 'c', status: 404, count: 1, usage: 'used' },
      ],
      operations: [
        { operation: 'GET /v1/orders/nope', statuses: { '404': 1 } },
        { operation: 'GET /v1/orders/{id}', statuses: { '200': 1 }, promised: true },
      ],
      evidence: { calls: 2, sampleRate: 1 },
    });
  });

  test('that nobody knows is undefined', async () => {
    expect(await insights.edge('web', 'nobody')).toBeUndefined();
  });
});

describe('findings', () => {
  test('open with names, versions, evidence, exemplar and a sentence', async () => {
    const call = aCall('GET /v1/carts/7', { http: { route: undefined } });
    insights.recordCalls([aCall('GET /v1/carts/6', { http: { route: undefined } }), call]);
    const [finding] = await insights.openFindings();
    expect(finding).toMatchObject({
      kind: 'uncovered-call',
      consumer: 'web',
      provider: 'shop',
      environment: 'production',
      operation: 'GET /v1/carts/{id}',
      versions: { consumer: ['1'], provider: ['7'] },
      count: 2,
      exemplarTraceId: call.traceId,
      evidence: { calls: 2, sampleRate: 1 },
    });
    expect(finding?.sentence).toContain('web calls GET /v1/carts/{id} of shop in production');
    expect(finding?.id).toMatch(/^[0-9a-f]{16}$/);
  });

  test('about statuses collect them and name what is promised', async () => {
    insights.recordCalls(
      [402, 409, 402].map((status) => aCall('POST /v1/orders', { http: { status } })),
    );
    const [finding] = await insights.openFindings();
    expect(finding).toMatchObject({
      kind: 'unpromised-status',
      operation: 'POST /v1/orders',
      count: 3,
    });
    expect(finding?.sentence).toContain(
      'answers 402 and 409 to POST /v1/orders of web in production; the pact promises only 201',
    );
  });

  test('about a promise nobody uses wait for the floor of calls', async () => {
    insights.recordCalls([...repeat(19, () => aCall('GET /v1/orders/7'))]);
    expect(await kinds()).toEqual([]);
    insights.recordCalls([aCall('POST /v1/orders', { http: { status: 201 } })]);
    expect(await kinds()).toEqual(['not-seen DELETE /v1/orders/{id}']);
    expect(await insights.edges({})).toMatchObject([{ state: 'drift', notSeen: 1, findings: 1 }]);
    expect(await insights.edges({ environment: 'staging' })).toMatchObject([
      { findings: 0, notSeen: 0 },
    ]);
    insights.recordCalls([aCall('DELETE /v1/orders/7', { http: { status: 204 } })]);
    expect(await kinds()).toEqual([]);
  });

  test('never call a new promise unused because of traffic from before it', async () => {
    world.pacts = [aPact({ interactions: [interaction('GET /v1/orders/42', 200, ID)] })];
    insights.recordCalls(repeat(100, () => aCall('GET /v1/orders/7')));
    await insights.flush();
    world.pacts = [aPact()];
    insights.contractsChanged();
    expect(await kinds()).toEqual([]);
    insights.recordCalls(repeat(20, () => aCall('GET /v1/orders/7')));
    expect((await kinds()).sort()).toEqual([
      'not-seen DELETE /v1/orders/{id}',
      'not-seen POST /v1/orders',
    ]);
  });

  test('resolve when the call becomes promised, and open again when it is seen with the old pact', async () => {
    insights.recordCalls([aCall('GET /v1/carts/7')]);
    expect(await kinds()).toEqual(['uncovered-call GET /v1/orders/{id}']);
    const promising = aPact({
      consumerVersion: '2',
      interactions: [interaction('GET /v1/carts/42', 200, '/v1/carts/.*')],
    });
    world.pacts = [aPact({ environments: [], isLatestMain: false }), promising];
    insights.contractsChanged();
    expect(await kinds()).toEqual([]);
    insights.recordCalls([aCall('GET /v1/carts/7')]);
    expect(await kinds()).toHaveLength(1);
  });

  test('stay open while the version that showed them is recorded as running', async () => {
    world.recorded = [{ pacticipant: 'web', version: '1', environment: 'production' }];
    insights.recordCalls([aCall('GET /v1/carts/7')]);
    expect(await kinds()).toHaveLength(1);
    world.pacts = [
      aPact(),
      aPact({
        consumerVersion: '2',
        interactions: [interaction('GET /v1/carts/42', 200, '/v1/carts/.*')],
      }),
    ];
    insights.contractsChanged();
    expect(await kinds()).toHaveLength(1);
  });

  test('about strangers name the one no contract knows', async () => {
    const stranger = { service: 'stranger', version: '1', virtual: false };
    insights.recordCalls([
      aCall('GET /a', { consumer: stranger }),
      aCall('GET /b', { consumer: stranger }),
      aCall('GET /c', { provider: stranger }),
      aCall('GET /d', {
        consumer: { service: 'shop', version: '7', virtual: false },
        provider: { service: 'web', version: '1', virtual: false },
      }),
    ]);
    expect((await kinds()).sort()).toEqual([
      'uncovered-call GET /v1/orders/{id}',
      'unknown-consumer ',
      'unknown-provider ',
    ]);
  });

  test('about versions open for what runs unrecorded and stay closed for what was replaced', async () => {
    const seen = (
      version: string | undefined,
      environment: string | undefined,
      service = 'shop',
    ) => ({
      service,
      version,
      environment,
      traceId: 't',
      atMicros: now * 1000,
    });
    await replaced('7');
    insights.recordServices([
      seen('7', 'production'),
      seen('8', 'production'),
      seen('8', 'production'),
      seen('9', 'unknown-place'),
      seen('9', 'test'),
      seen(undefined, 'production'),
      seen('9', undefined),
      seen('1', 'production', 'stranger'),
    ]);
    const [finding, ...others] = await insights.openFindings();
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      kind: 'unrecorded-version',
      consumer: undefined,
      provider: 'shop',
      environment: 'production',
      versions: { provider: ['8'] },
      count: 2,
    });
    await replaced('8');
    insights.recordServices([seen('7', 'production'), seen('8', 'production')]);
    expect(await kinds()).toEqual([]);
  });

  test.each([
    [
      'a trailing retry that is kept',
      () => [
        aCall('GET /v1/orders/7', { traceId: 'r', http: { status: 503 } }),
        aCall('GET /v1/orders/7', { traceId: 'r' }),
      ],
    ],
    ['test traffic', () => [aCall('GET /nowhere', { environment: 'test' })]],
    [
      'the verifier',
      () => [
        aCall('GET /nowhere', {
          consumer: { service: 'pact-verifier', version: undefined, virtual: false },
        }),
      ],
    ],
    ['a health check', () => [aCall('GET /health')]],
    ['a scanner', () => [aCall('GET /wp-admin', { http: { status: 404, route: undefined } })]],
    [
      'a service calling itself',
      () => [aCall('GET /x', { provider: { service: 'web', version: '1', virtual: false } })],
    ],
  ])('are not opened by %s', async (_caption, calls) => {
    insights.recordCalls(calls());
    now += 10_000;
    await insights.flush();
    expect(await kinds()).toEqual([]);
  });

  test('about an answer that may pass wait for a retry, and come when none is kept', async () => {
    insights.recordCalls([aCall('GET /v1/orders/7', { http: { status: 503 }, failed: true })]);
    expect(await kinds()).toEqual([]);
    now += 10_000;
    await insights.flush();
    expect(await kinds()).toEqual(['unpromised-status GET /v1/orders/{id}']);
  });

  test('about an answer that may pass are written at the latest when the hub stops', async () => {
    insights.recordCalls([aCall('GET /v1/orders/7', { http: { status: 500 } })]);
    await insights.close();
    insights = openInsights();
    expect(await kinds()).toEqual(['unpromised-status GET /v1/orders/{id}']);
  });
});

describe('counts', () => {
  test('of several hubs on one database add up', async () => {
    const other = openInsights();
    insights.recordCalls(repeat(3, () => aCall('GET /v1/carts/7')));
    other.recordCalls(repeat(4, () => aCall('GET /v1/carts/7')));
    await Promise.all([insights.flush(), other.flush()]);
    expect(await insights.edges({})).toMatchObject([{ calls: 7 }]);
    expect(await other.openFindings()).toMatchObject([{ count: 7 }]);
    await other.close();
  });

  test('outlive the hub', async () => {
    insights.recordCalls([aCall('GET /v1/orders/7')]);
    await insights.close();
    insights = openInsights();
    expect(await insights.summary()).toEqual({
      services: 2,
      contracts: 3,
      pacts: 1,
      providerContracts: 2,
      interactions: 3,
      verified: 3,
      used: 1,
      notSeen: 0,
      noEvidence: 2,
      edges: 1,
      calls: 1,
      findings: {},
    });
  });

  test('are kept for the next try when the contracts cannot be read', async () => {
    const { pacts } = world;
    const broken = { ...world, pacts: undefined };
    Object.assign(world, broken);
    insights.recordCalls([aCall('GET /v1/orders/7')]);
    await expect(insights.edges({})).rejects.toThrow();
    world.pacts = pacts;
    expect(await insights.edges({})).toMatchObject([{ calls: 1 }]);
  });

  test('use sample weights and tell the rate', async () => {
    insights.recordCalls(repeat(3, () => aCall('GET /v1/orders/7', { weight: 10 })));
    const detail = await insights.edge('web', 'shop');
    expect(detail?.evidence).toMatchObject({ calls: 30, sampleRate: 0.1 });
    expect(detail?.interactions[0]).toMatchObject({ count: 30 });
  });

  test('of calls from the far future stand at the present', async () => {
    insights.recordCalls([aCall('GET /v1/orders/7', { atMicros: now * 1000 + 1e13 })]);
    const minute = Math.floor(now / 60_000);
    expect(await insights.edges({ since: minute, until: minute + 60 })).toMatchObject([
      { calls: 1 },
    ]);
  });

  test('summarise findings by kind', async () => {
    insights.recordCalls([
      aCall('GET /v1/carts/7'),
      aCall('POST /v1/orders', { http: { status: 402 } }),
    ]);
    expect((await insights.summary()).findings).toEqual({
      'uncovered-call': 1,
      'unpromised-status': 1,
    });
  });
});
