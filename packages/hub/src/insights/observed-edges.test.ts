import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Call, type CallCause, overflowName } from '@concordat/domain';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from '../database/database.ts';
import { Insights } from './insights.ts';
import { defaultRecorder } from './record-calls.ts';

const NOW = Date.UTC(2026, 0, 31, 12);

let dataDir: string;
let db: Database;
let insights: Insights;
let errors: unknown[];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'concordat-latency-'));
  db = await openDatabase({ dataDir, databaseUrl: undefined });
  errors = [];
  insights = openInsights();
});

afterEach(async () => {
  await insights.close();
  await db.destroy();
  rmSync(dataDir, { recursive: true });
});

function openInsights(recorder = defaultRecorder): Insights {
  return new Insights({
    db,
    contracts: {
      consumers: async () => [],
      contractsInForce: async () => [],
      recordedVersions: async () => [],
      environments: async () => [],
      pacticipants: async () => [],
      providerContractsInForce: async () => [],
    },
    floor: { minimumCalls: 20, minimumWindowSeconds: 0 },
    now: () => new Date(NOW),
    onError: (error) => errors.push(error),
    recorder,
  });
}

function aCall(more: Partial<Call> = {}): Call {
  return {
    consumer: { service: 'web', version: '1', virtual: false },
    provider: { service: 'shop', version: '7', virtual: false },
    environment: 'production',
    exchange: {
      kind: 'http',
      method: 'GET',
      path: '/orders',
      query: '',
      route: '/orders',
      status: 200,
    },
    traceId: 'a'.repeat(32),
    clientSpanId: 'c',
    serverSpanId: 's',
    atMicros: NOW * 1000,
    clientDurationMicros: 70_000,
    serverDurationMicros: 30_000,
    failed: false,
    weight: 1,
    inferred: false,
    ...more,
  };
}

const thirty = { p50: 30, p95: 48, p99: 49.6 };
const seventy = { p50: 75, p95: 97.5, p99: 99.5 };

test('an edge tells the latencies of both sides, and its operations that of the provider', async () => {
  insights.recordCalls([
    aCall(),
    aCall({ failed: true, weight: 3, exchange: { ...aCall().exchange, status: 500 } as never }),
  ]);
  expect(await insights.edges({})).toMatchObject([
    {
      ...{ calls: 4, failed: 3, errorRate: 0.75 },
      ...{ latency: thirty, clientLatency: seventy, transitLatency: null },
    },
  ]);
  const detail = await insights.edge('web', 'shop');
  expect(detail?.operations).toMatchObject([
    { operation: 'GET /orders', calls: 4, errorRate: 0.75, latency: thirty },
  ]);
});

test.each([
  {
    name: 'of calls that only the consumer told is what the consumer measured',
    call: { serverDurationMicros: undefined },
    latency: seventy,
  },
  {
    name: 'of calls that nobody told is none',
    call: { serverDurationMicros: undefined, clientDurationMicros: undefined },
    latency: null,
  },
])('the latency $name', async ({ call, latency }) => {
  insights.recordCalls([aCall(call)]);
  expect(await insights.edges({})).toMatchObject([{ latency }]);
});

test('events tell how long they travelled', async () => {
  const exchange = { kind: 'message', system: 'kafka', destination: 'orders', event: 'x' } as const;
  insights.recordCalls([aCall({ exchange, transitMicros: 30_000 })]);
  expect(await insights.edges({})).toMatchObject([{ transitLatency: thirty }]);
});

test('latencies are those of the window and the environment that are asked for', async () => {
  insights.recordCalls([
    aCall(),
    aCall({ atMicros: (NOW - 3_600_000) * 1000, serverDurationMicros: 70_000 }),
    aCall({ environment: 'staging', serverDurationMicros: 7_000_000 }),
  ]);
  const minute = NOW / 60_000;
  const asked = { environment: 'production' };
  expect(await insights.edges({ ...asked, since: minute - 5 })).toMatchObject([
    { calls: 1, latency: thirty },
  ]);
  expect(await insights.edges({ ...asked, until: minute - 5 })).toMatchObject([
    { calls: 1, latency: seventy },
  ]);
  const earlier = await insights.edge('web', 'shop', { ...asked, until: minute - 5 });
  expect(earlier?.operations).toMatchObject([{ calls: 1, latency: seventy }]);
});

test('an edge without calls in the window is still known', async () => {
  insights.recordCalls([aCall()]);
  const detail = await insights.edge('web', 'shop', { until: NOW / 60_000 - 5 });
  expect(detail).toMatchObject({ edges: [], operations: [] });
});

test('latencies of several hubs add up', async () => {
  const other = openInsights();
  insights.recordCalls([aCall(), aCall()]);
  other.recordCalls([
    aCall({ serverDurationMicros: 70_000 }),
    aCall({ serverDurationMicros: 70_000 }),
  ]);
  await other.close();
  expect(await insights.edges({})).toMatchObject([{ latency: { p50: 50, p95: 95, p99: 99 } }]);
});

test('minutes are forgotten and totals stay', async () => {
  insights.recordCalls([aCall()]);
  await insights.flush();
  insights.forgetBefore(new Date(NOW + 60_000));
  await insights.close();
  const rows = await db.selectFrom('edge_latencies').select(['side', 'bucket']).execute();
  expect(rows.map(({ side, bucket }) => `${side} ${bucket}`).sort()).toEqual([
    'client 0',
    'server 0',
  ]);
});

test('latencies are written within the stated time, without being asked for', async () => {
  const quick = openInsights({ ...defaultRecorder, flushMs: 5, latencyMs: 0 });
  quick.recordCalls([aCall()]);
  await vi.waitFor(
    async () =>
      expect(await db.selectFrom('edge_latencies').select('timed').execute()).toHaveLength(4),
    10_000,
  );
  await quick.close();
});

test('latencies that cannot be written are written with the next try, once', async () => {
  await db.schema.alterTable('edge_latencies').renameTo('gone').execute();
  insights.recordCalls([aCall()]);
  await expect(insights.flush()).rejects.toThrow('edge_latencies');
  await db.schema.alterTable('gone').renameTo('edge_latencies').execute();
  expect(await insights.edges({})).toMatchObject([{ calls: 1, latency: thirty }]);
  const rows = await db.selectFrom('edge_latencies').select('timed').execute();
  expect(rows.map(({ timed }) => timed)).toEqual([1, 1, 1, 1]);
});

test.each([
  {
    name: 'a database',
    exchange: { kind: 'database', system: 'postgresql', namespace: 'orders', operation: 'SELECT' },
    transport: 'database',
    operation: { operation: 'SELECT orders', statuses: { none: 1 } },
  },
  {
    name: 'a remote procedure',
    exchange: { kind: 'rpc', system: 'grpc', method: 'shop.Orders/Get', status: 'NOT_FOUND' },
    transport: 'rpc',
    operation: { operation: 'shop.Orders/Get', statuses: { NOT_FOUND: 1 } },
  },
] as const)('calls of $name are counted and open no finding', async (one) => {
  insights.recordCalls([aCall({ exchange: one.exchange })]);
  expect(await insights.edges({})).toMatchObject([
    { transport: one.transport, calls: 1, latency: thirty, findings: 0 },
  ]);
  const detail = await insights.edge('web', 'shop');
  expect(detail?.operations).toMatchObject([{ ...one.operation, transport: one.transport }]);
  expect(await insights.openFindings()).toEqual([]);
});

function aCause(more: Partial<CallCause> = {}): CallCause {
  return {
    service: 'web',
    environment: 'production',
    inbound: { operation: 'GET /cart', kind: 'server' },
    outbound: { service: 'shop', operation: 'GET /orders', transport: 'http' },
    traceId: 'b'.repeat(32),
    atMicros: NOW * 1000,
    weight: 1,
    ...more,
  };
}

async function triggers(provider = 'shop'): Promise<readonly string[] | undefined> {
  const detail = await insights.edge('web', provider);
  return detail?.triggeredBy.map(
    ({ kind, operation, outbound, calls }) => `${kind} ${operation} > ${outbound} ${calls}`,
  );
}

test('an edge tells what made the consumer call, the most frequent first', async () => {
  insights.recordCalls([aCall()]);
  insights.recordCauses([
    aCause({ weight: 2.5 }),
    aCause({ inbound: { operation: 'order.placed', kind: 'consumer' }, weight: 4 }),
    aCause({ atMicros: (NOW - 600_000) * 1000, traceId: 'earlier' }),
    aCause({ service: 'app' }),
    aCause({ outbound: { service: 'bank', operation: 'GET /', transport: 'http' } }),
    aCause({ environment: 'test' }),
  ]);
  expect(await triggers()).toEqual([
    'consumer order.placed > GET /orders 4',
    'server GET /cart > GET /orders 3.5',
  ]);
  const lately = await insights.edge('web', 'shop', { since: NOW / 60_000 - 5 });
  expect(lately?.triggeredBy[1]).toEqual({
    operation: 'GET /cart',
    kind: 'server',
    outbound: 'GET /orders',
    calls: 2.5,
    lastSeen: new Date(NOW).toISOString(),
    exemplarTraceId: 'b'.repeat(32),
  });
});

test('of events the provider is the one who was made to send', async () => {
  insights.recordCalls([aCall()]);
  const outbound = { service: 'web', operation: 'process', transport: 'message' } as const;
  insights.recordCauses([
    aCause({ service: 'shop', inbound: { operation: 'POST /orders', kind: 'server' }, outbound }),
    aCause({ service: 'shop', outbound: { ...outbound, transport: 'http' } }),
  ]);
  expect(await triggers()).toEqual(['server POST /orders > process 1']);
});

test('causes are bounded, forgotten by minute and added up', async () => {
  const other = openInsights();
  other.recordCauses([aCause({ traceId: 'later' })]);
  await other.close();
  const many = Array.from({ length: 20_002 }, (_, at) =>
    aCause({ inbound: { operation: `o${at}`, kind: 'server' } }),
  );
  insights.recordCauses([aCause({ traceId: 'first', atMicros: 1 }), ...many]);
  await insights.flush();
  const rows = await db
    .selectFrom('operation_links')
    .select(['operation', 'calls', 'exemplar_trace_id'])
    .where('bucket', '=', 0)
    .where('operation', 'in', ['GET /cart', overflowName])
    .orderBy('operation')
    .execute();
  expect(rows).toEqual([
    { operation: 'GET /cart', calls: 2, exemplar_trace_id: 'later' },
    { operation: overflowName, calls: 3, exemplar_trace_id: 'b'.repeat(32) },
  ]);
  insights.forgetBefore(new Date(NOW + 60_000));
  await insights.close();
  const minutes = db.selectFrom('operation_links').select('bucket').where('bucket', '>', 0);
  expect(await minutes.execute()).toEqual([]);
});
