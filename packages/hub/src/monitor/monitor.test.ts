import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ServiceDetail,
  type Services,
  serviceDetailSchema,
  servicesSchema,
} from '@concordat/api';
import {
  type Call,
  latencyBucket,
  latencyBuckets,
  type OperationMinute,
  overflowName,
} from '@concordat/domain';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from '../database/database.ts';
import { createApp } from '../http/app.ts';
import { Monitor } from './monitor.ts';
import { monitorRoutes } from './monitor-routes.ts';
import { serviceRoutes } from './service-routes.ts';
import type { MetricFamily } from './spm-answer.ts';

/** Half a minute into a minute. */
const NOW = Date.UTC(2026, 0, 31, 12, 0, 30);
const MINUTE = Math.floor(NOW / 60_000);

let dataDir: string;
let db: Database;
let monitor: Monitor;
let server: Server;
let errors: unknown[];
let settled: number;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'concordat-monitor-'));
  db = await openDatabase({ dataDir, databaseUrl: undefined });
  errors = [];
  settled = 0;
  monitor = openMonitor();
  server = createServer(
    createApp({
      guard: (_request, _response, next) => next(),
      routers: [{ routes: serviceRoutes(monitor) }, { routes: monitorRoutes(monitor) }],
      baseUrls: [],
      log: () => undefined,
    }),
  ).listen(0);
});

afterEach(async () => {
  server.close();
  await monitor.close();
  await db.destroy();
  rmSync(dataDir, { recursive: true });
});

function openMonitor(flushMs = 60_000): Monitor {
  return new Monitor({
    db,
    settle: async () => {
      settled += 1;
    },
    now: () => new Date(NOW),
    onError: (error) => errors.push(error),
    flushMs,
  });
}

async function get<T>(path: string): Promise<{ readonly status: number; readonly body: T }> {
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: answer.status, body: (await answer.json()) as T };
}

function counted(
  parts: Partial<OperationMinute> & { readonly micros?: number } = {},
): OperationMinute {
  const { micros = 3000, calls = 1, ...more } = parts;
  const buckets = new Array<number>(latencyBuckets).fill(0);
  buckets[latencyBucket(micros)] = calls;
  return {
    service: 'shop',
    environment: 'production',
    operation: 'GET /orders',
    kind: 'server',
    status: 'unset',
    minute: MINUTE,
    calls,
    durationMicros: micros * calls,
    buckets,
    exemplar: { traceId: 'a'.repeat(32), durationMicros: micros },
    ...more,
  };
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
      route: undefined,
      status: 200,
    },
    traceId: 'b'.repeat(32),
    clientSpanId: '1'.repeat(16),
    serverSpanId: '2'.repeat(16),
    atMicros: NOW * 1000,
    clientDurationMicros: 2000,
    serverDurationMicros: 1000,
    failed: false,
    weight: 1,
    inferred: false,
    ...more,
  };
}

describe('service performance', () => {
  async function metrics(path: string): Promise<MetricFamily> {
    const { status, body } = await get<MetricFamily>(`/api/metrics/${path}`);
    expect(status).toBe(200);
    return body;
  }

  async function latest(path: string): Promise<readonly (readonly (string | number)[])[]> {
    const { metrics: series } = await metrics(path);
    return series.map(({ labels, metricPoints }) => [
      ...labels.map(({ value }) => value),
      metricPoints.at(-1)?.gaugeValue.doubleValue ?? 'no point',
    ]);
  }

  test('call rates are a metric family of protobuf in JSON', async () => {
    monitor.record([counted({ calls: 60 })]);
    expect(await metrics('calls?service=shop&lookback=60000&step=60000&ratePer=60000')).toEqual({
      name: 'service_call_rate',
      type: 'GAUGE',
      help: 'calls per second, by service',
      metrics: [
        {
          labels: [{ name: 'service_name', value: 'shop' }],
          metricPoints: [
            { gaugeValue: { doubleValue: 0 }, timestamp: '2026-01-31T11:59:30Z' },
            { gaugeValue: { doubleValue: 1 }, timestamp: '2026-01-31T12:00:30Z' },
          ],
        },
      ],
    });
  });

  test('what nobody asked for is an hour in steps of five seconds, of ten minutes each, of servers', async () => {
    monitor.record([counted({ calls: 60 }), counted({ kind: 'client', calls: 1000 })]);
    const { metrics: series } = await metrics('calls?service=shop');
    expect(series[0]?.metricPoints).toHaveLength(721);
    expect(series[0]?.metricPoints.at(-1)?.gaugeValue.doubleValue).toBe(0.1);
  });

  test('calls of the minute that is now are live', async () => {
    monitor.record([counted({ calls: 6 })]);
    expect(await latest('calls?service=shop&ratePer=60000')).toEqual([['shop', 0.1]]);
    monitor.record([counted({ calls: 6 })]);
    expect(await latest('calls?service=shop&ratePer=60000')).toEqual([['shop', 0.2]]);
    expect(settled).toBe(2);
  });

  test('a step below a minute has the counts of the minute spread over it', async () => {
    monitor.record([counted({ calls: 60, minute: MINUTE - 2 })]);
    const endTs = (MINUTE - 1) * 60_000;
    const { metrics: series } = await metrics(
      `calls?service=shop&endTs=${endTs}&lookback=60000&step=30000&ratePer=30000`,
    );
    expect(series[0]?.metricPoints.map(({ gaugeValue }) => gaugeValue.doubleValue)).toEqual([
      0, 1, 1,
    ]);
  });

  test('latencies are quantiles in milliseconds, and of no calls no number', async () => {
    monitor.record([counted({ calls: 3, micros: 30_000 })]);
    const path = 'latencies?service=shop&lookback=60000&step=60000&ratePer=30000';
    const half = await metrics(`${path}&quantile=0.5`);
    expect(half.name).toBe('service_latencies');
    expect(half.metrics[0]?.metricPoints.map(({ gaugeValue }) => gaugeValue.doubleValue)).toEqual([
      'NaN',
      expect.closeTo(30, 6),
    ]);
    expect(await latest(`${path}&quantile=0.95`)).toEqual([['shop', expect.closeTo(48, 6)]]);
  });

  test('errors are a share of calls, 0 without errors and no number without calls', async () => {
    monitor.record([
      counted({ calls: 3 }),
      counted({ calls: 1, status: 'error' }),
      counted({ service: 'bank' }),
      counted({ service: 'idle', minute: MINUTE - 5 }),
    ]);
    const services = 'service=shop&service=bank&service=idle&service=nobody';
    expect(await latest(`errors?${services}&ratePer=60000`)).toEqual([
      ['bank', 0],
      ['idle', 'NaN'],
      ['shop', 0.25],
    ]);
  });

  test('operations are told apart when asked, the kinds that are asked for added up', async () => {
    monitor.record([
      counted({ calls: 6 }),
      counted({ calls: 12, kind: 'consumer' }),
      counted({ calls: 6, kind: 'consumer', minute: MINUTE - 3 }),
      counted({ calls: 6, operation: 'GET /carts' }),
    ]);
    const path = 'calls?service=shop&ratePer=60000&spanKind=server&spanKind=consumer';
    expect((await metrics(`${path}&groupByOperation=true`)).name).toBe(
      'service_operation_call_rate',
    );
    expect(await latest(`${path}&groupByOperation=true`)).toEqual([
      ['GET /carts', 'shop', 0.1],
      ['GET /orders', 'shop', expect.closeTo(0.3, 9)],
    ]);
    expect(await latest(`${path}&groupByOperation=false`)).toEqual([
      ['shop', expect.closeTo(0.4, 9)],
    ]);
  });

  test('a service without spans has no series', async () => {
    expect((await metrics('calls?service=nobody')).metrics).toEqual([]);
  });

  test('the smallest step is told', async () => {
    expect((await get('/api/metrics/minstep')).body).toEqual({
      ...{ data: 60_000, total: 0, limit: 0, offset: 0, errors: null },
    });
  });

  test.each([
    ['calls', "unable to parse param 'service': please name at least one service"],
    ['calls?service=', "unable to parse param 'service'"],
    [
      `calls?${Array.from({ length: 1001 }, (_, at) => `service=s${at}`).join('&')}`,
      "unable to parse param 'service': please name at most 1000",
    ],
    ['calls?service=shop&spanKind=SERVER', "unable to parse param 'spanKind': unsupported"],
    ['calls?service=shop&groupByOperation=2', "unable to parse param 'groupByOperation'"],
    ['calls?service=shop&endTs=now', "unable to parse param 'endTs'"],
    ['calls?service=shop&endTs=-1', "unable to parse param 'endTs'"],
    ['calls?service=shop&lookback=1h', "unable to parse param 'lookback'"],
    ['calls?service=shop&step=0', "unable to parse param 'step'"],
    ['calls?service=shop&ratePer=-5', "unable to parse param 'ratePer'"],
    ['calls?service=shop&lookback=86400000&step=1', 'has more than 11000 points'],
    ['latencies?service=shop', "unable to parse param 'quantile'"],
    ['latencies?service=shop&quantile=95', "unable to parse param 'quantile'"],
  ])('a question is refused that is wrong: %#', async (path, words) => {
    const { status, body } = await get<{ data: null; errors: { code: number; msg: string }[] }>(
      `/api/metrics/${path}`,
    );
    expect([status, body.data, body.errors[0]?.code]).toEqual([400, null, 400]);
    expect(body.errors[0]?.msg).toContain(words);
  });
});

describe('the services', () => {
  async function services(query = ''): Promise<Services> {
    return servicesSchema.parse((await get(`/insights/services${query}`)).body);
  }

  test('are measured by what they answer', async () => {
    monitor.record([
      counted({ calls: 30, micros: 30_000 }),
      counted({ calls: 10, micros: 30_000, status: 'error', environment: 'staging' }),
      counted({ calls: 1000, kind: 'client', operation: 'GET', environment: '' }),
      counted({ service: 'web', kind: 'client', operation: 'GET' }),
    ]);
    const { services: list, since, until } = await services('?since=2026-01-31T11:59:00Z');
    expect([since, until]).toEqual(['2026-01-31T11:59:00.000Z', '2026-01-31T12:01:00.000Z']);
    expect(list).toEqual([
      {
        service: 'shop',
        environments: ['production', 'staging'],
        calls: 40,
        rate: 40 / 90,
        errorRate: 0.25,
        latency: { p50: 30, p95: 48, p99: 49.6 },
        operations: 2,
        lastSeen: '2026-01-31T12:00:00.000Z',
      },
      {
        service: 'web',
        environments: ['production'],
        ...{ calls: 0, rate: 0, errorRate: 0, latency: null, operations: 1 },
        lastSeen: '2026-01-31T12:00:00.000Z',
      },
    ]);
  });

  test('of tests are told when their environment is asked for', async () => {
    monitor.record([counted({ service: 'runner', environment: 'test' }), counted()]);
    const names = async (query: string) =>
      (await services(query)).services.map(({ service }) => service);
    expect(await names('')).toEqual(['shop']);
    expect(await names('?environment=test')).toEqual(['runner']);
  });

  test('are those of the window, in pages', async () => {
    monitor.record([
      counted({ service: 'a' }),
      counted({ service: 'b' }),
      counted({ service: 'c', minute: MINUTE - 90 }),
    ]);
    const { services: list, page } = await services('?size=1&page=2');
    expect(list.map(({ service }) => service)).toEqual(['b']);
    expect(page).toEqual({ number: 2, size: 1, totalElements: 2, totalPages: 2 });
    const earlier = await services('?since=2026-01-31T10:00:00Z&until=2026-01-31T11:00:00Z');
    expect(earlier.services.map(({ service }) => service)).toEqual(['c']);
    expect((await services('?until=8000000000000000')).services).toEqual([]);
  });

  test.each([
    '?since=2026-01-31T12:00:00Z&until=2026-01-31T11:00:00Z',
    '?since=yesterday',
    '?service=shop',
  ])('%s is refused', async (query) => {
    expect((await get(`/insights/services${query}`)).status).toBe(400);
  });
});

describe('a service', () => {
  async function service(path: string): Promise<ServiceDetail> {
    return serviceDetailSchema.parse((await get(`/insights/services/${path}`)).body);
  }

  test('has its operations, the busiest first, with points by minute', async () => {
    monitor.record([
      counted({ calls: 4, micros: 30_000 }),
      counted({ calls: 2, minute: MINUTE - 1, status: 'error', micros: 30_000 }),
      counted({ kind: 'producer', operation: 'order.placed' }),
    ]);
    const { operations, ...about } = await service('shop?since=2026-01-31T11:59:00Z');
    expect(about).toEqual({
      service: 'shop',
      environment: null,
      environments: ['production'],
      since: '2026-01-31T11:59:00.000Z',
      until: '2026-01-31T12:01:00.000Z',
      step: 60,
    });
    expect(operations.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'server GET /orders',
      'producer order.placed',
    ]);
    expect(operations[0]).toEqual({
      name: 'GET /orders',
      kind: 'server',
      calls: 6,
      rate: 6 / 90,
      errorRate: 2 / 6,
      meanDuration: 30,
      latency: { p50: 30, p95: 48, p99: 49.6 },
      exemplarTraceId: 'a'.repeat(32),
      points: [
        { at: '2026-01-31T11:59:00.000Z', calls: 2, errors: 2, p95: 48 },
        { at: '2026-01-31T12:00:00.000Z', calls: 4, errors: 0, p95: 48 },
      ],
    });
  });

  test('has wider points in a long window', async () => {
    monitor.record([counted(), counted({ minute: MINUTE - 1 }), counted({ minute: MINUTE - 500 })]);
    const { step, operations } = await service('shop?since=2026-01-30T12:00:00Z');
    expect(step).toBe(13 * 60);
    expect(operations[0]?.points.map(({ calls }) => calls)).toEqual([1, 2]);
  });

  test('is asked about in one environment', async () => {
    monitor.record([counted(), counted({ environment: 'staging', operation: 'GET /new' })]);
    const { environment, environments, operations } = await service('shop?environment=staging');
    expect([environment, environments]).toEqual(['staging', ['production', 'staging']]);
    expect(operations.map(({ name }) => name)).toEqual(['GET /new']);
  });

  test('that sent nothing lately has no operations, and one that nobody knows is not found', async () => {
    monitor.record([counted({ minute: MINUTE - 90 })]);
    expect((await service('shop')).operations).toEqual([]);
    expect((await get('/insights/services/nobody')).status).toBe(404);
  });
});

describe('dependencies', () => {
  async function dependencies(query = ''): Promise<unknown> {
    return (await get<{ data: unknown }>(`/api/dependencies${query}`)).body.data;
  }

  test('leave out calls to oneself until they are asked for', async () => {
    const shop = { service: 'shop', version: '7', virtual: false };
    monitor.observeCalls([aCall({ consumer: shop }), aCall({ weight: 2.5 })], new Date(NOW));
    const others = { parent: 'web', child: 'shop', callCount: 3 };
    expect(await dependencies()).toEqual([others]);
    expect(await dependencies('?self=true')).toEqual([
      { parent: 'shop', child: 'shop', callCount: 1 },
      others,
    ]);
  });

  test('leave out what went through a gateway: its own calls are there', async () => {
    monitor.observeCalls([aCall({ via: 'gateway' })], new Date(NOW));
    expect(await dependencies('?virtual=true')).toEqual([]);
  });

  test('with a peer that was first a guess and then sent spans are real', async () => {
    const guess = { service: 'shop', version: undefined, virtual: true };
    monitor.observeCalls([aCall({ provider: guess })], new Date(NOW));
    expect(await dependencies()).toEqual([]);
    monitor.observeCalls([aCall()], new Date(NOW));
    expect(await dependencies()).toEqual([{ parent: 'web', child: 'shop', callCount: 2 }]);
  });

  test.each([
    { name: 'long ago a day ago', atMicros: 1000, minutesAgo: 1440 },
    { name: 'far ahead in an hour', atMicros: 1e16, minutesAgo: -60 },
  ])('count calls that claim to be $name', async ({ atMicros, minutesAgo }) => {
    monitor.observeCalls([aCall({ atMicros })], new Date(NOW));
    const at = NOW - minutesAgo * 60_000;
    expect(await dependencies(`?endTs=${at}&lookback=0`)).toEqual([
      { parent: 'web', child: 'shop', callCount: 1 },
    ]);
  });

  test('are bounded: pairs beyond that are one', async () => {
    const calls = Array.from({ length: 10_002 }, (_, at) =>
      aCall({ provider: { service: `s${at}`, version: '1', virtual: false } }),
    );
    monitor.observeCalls(calls, new Date(NOW));
    expect(await dependencies(`?self=true&service=${overflowName}`)).toEqual([
      { parent: overflowName, child: overflowName, callCount: 2 },
    ]);
  });
});

describe('what is recorded', () => {
  async function callsOf(service: string): Promise<number> {
    const rows = await db
      .selectFrom('operation_minutes')
      .select(({ fn }) => fn.sum<number>('calls').as('calls'))
      .where('service', '=', service)
      .execute();
    return Number(rows[0]?.calls);
  }

  test('is written within the stated time, and when the hub closes', async () => {
    const quick = openMonitor(10);
    quick.record([counted()]);
    await vi.waitFor(async () => expect(await callsOf('shop')).toBe(1), 10_000);
    const slow = openMonitor();
    slow.record([counted()]);
    await slow.close();
    slow.record([counted()]);
    expect(await callsOf('shop')).toBe(2);
    await quick.close();
  });

  test('and could not be written is tried again, and not counted twice', async () => {
    const quick = openMonitor(10);
    await db.schema.alterTable('dependency_minutes').renameTo('gone').execute();
    quick.record([counted()]);
    quick.observeCalls([aCall()], new Date(NOW));
    await vi.waitFor(() => expect(errors.length).toBeGreaterThan(1), 10_000);
    expect(await callsOf('shop')).toBe(1);
    await db.schema.alterTable('gone').renameTo('dependency_minutes').execute();
    await quick.close();
    expect(await callsOf('shop')).toBe(1);
    const rows = await db.selectFrom('dependency_minutes').select('calls').execute();
    expect(rows).toEqual([{ calls: 1 }]);
  });

  test('by two hubs adds up', async () => {
    const other = openMonitor();
    monitor.record([counted({ calls: 2 })]);
    other.record([counted({ calls: 3 })]);
    await monitor.flush();
    await other.close();
    expect(await callsOf('shop')).toBe(5);
  });

  test('is forgotten with the spans', async () => {
    monitor.record([counted(), counted({ minute: MINUTE - 60 })]);
    monitor.observeCalls([aCall({ atMicros: (NOW - 3_600_000) * 1000 })], new Date(NOW));
    await monitor.flush();
    monitor.forgetBefore(new Date(NOW - 60_000));
    await monitor.close();
    expect(await callsOf('shop')).toBe(1);
    expect(await db.selectFrom('dependency_minutes').selectAll().execute()).toEqual([]);
  });

  test('a failure to forget is told', async () => {
    await db.schema.alterTable('operation_minutes').renameTo('gone').execute();
    monitor.forgetBefore(new Date(NOW));
    await vi.waitFor(() => expect(errors).toHaveLength(1), 10_000);
    await db.schema.alterTable('gone').renameTo('operation_minutes').execute();
  });

  test('is bounded while the database cannot be written', () => {
    const row = counted();
    const rows = Array.from({ length: 200_001 }, (_, at) => ({ ...row, operation: `o${at}` }));
    const full = openMonitor();
    full.record(rows);
    expect(full.dropped).toBe(1);
  });
});
