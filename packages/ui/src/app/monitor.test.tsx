// @vitest-environment happy-dom
import type { WindowQuery } from '@concordat/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anOperation, aService, aServiceDetail } from '../testing/monitor-samples.ts';
import {
  aClient,
  address,
  click,
  enter,
  find,
  leavePage,
  open,
  preparePage,
  press,
  text,
} from '../testing/page-reader.tsx';
import { aDetail, anEdge } from '../testing/samples.tsx';

beforeEach(preparePage);
afterEach(leavePage);

const rows = () => [...document.querySelectorAll('tbody tr')].map((row) => row.textContent);
const hostile = '<img src=x onerror=alert(1)>';

describe('the monitor', () => {
  const services = [
    aService({ service: 'orders', rate: 2 }),
    aService({ service: 'mail', rate: 0.1, errorRate: 0.2 }),
    aService({ service: 'cron', calls: 0, rate: 0, latency: null }),
  ];

  test('is reached by key, orders services by what is asked, and opens one', async () => {
    await open('map', aClient({ monitored: async () => services }));
    await press('g');
    await press('o');
    expect(address()).toBe('/ui/monitor');
    expect(document.title).toBe('Monitor · Concordat');
    expect(rows().map((row) => row?.slice(0, 4))).toEqual(['orde', 'mail', 'cron']);
    expect(rows()[2]).toContain('answers nothing');
    await click('.sort', 'Errors');
    expect(address()).toBe('/ui/monitor?sort=-errors');
    expect(rows()[0]).toContain('20 %');
    await click('.sort', 'Service');
    expect(rows()[0]).toContain('cron');
    await enter('Search services', 'ord');
    expect(text()).toContain('Showing 1 of 3 services.');
    await click('tbody a', 'orders');
    expect(address()).toBe('/ui/monitor/orders');
    expect(document.title).toBe('orders · Concordat');
    expect(find('.rail [aria-current="page"]').textContent).toContain('Monitor');
  });

  test('asks for the time and the environment that the address names', async () => {
    const asked: WindowQuery[] = [];
    const monitored = async (window: WindowQuery) => {
      asked.push(window);
      return services;
    };
    await open('monitor?env=production', aClient({ monitored }));
    await enter('Time', '3d');
    expect(address()).toBe('/ui/monitor?env=production&range=3d');
    expect(asked.map(({ environment }) => environment)).toEqual(['production', 'production']);
    const back = asked.map(({ since = '' }) => Date.now() - Date.parse(since));
    expect(back[0]).toBeLessThan(3_700_000);
    expect(back[1]).toBeGreaterThan(259_000_000);
    await click('tbody a', 'orders');
    expect(address()).toBe('/ui/monitor/orders?env=production&range=3d');
  });

  test('without spans says why that may be and what to do', async () => {
    await open('monitor?env=staging&range=15m', aClient({ monitored: async () => [] }));
    expect(text()).toContain('No spans in the last 15 minutes in staging');
    expect(text()).toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
  });
});

describe('a service', () => {
  const detail = aServiceDetail({
    operations: [
      anOperation({ name: 'GET /slow', calls: 10, meanDuration: 90 }),
      anOperation({ name: hostile, calls: 1000, meanDuration: 0.1, errorRate: 0.004 }),
      anOperation({ name: '__overflow__', meanDuration: 1, calls: 1, exemplarTraceId: null }),
      anOperation({ name: 'POST', kind: 'client' }),
    ],
  });
  const client = () => aClient({ monitor: async () => detail });

  test('shows its operations by their impact, with the way to their traces', async () => {
    await open('monitor/orders?range=24h', client());
    expect(rows()).toHaveLength(3);
    expect(rows()[0]).toContain('GET /slow');
    expect(rows()[1]).toContain(hostile);
    expect(document.querySelector('img')).toBeNull();
    expect(rows()[2]).toContain('all other operations');
    expect(find('.monitor-chart figcaption').textContent).toContain('180 calls, 3.33 % failed');
    expect(find('td a', 'Latest trace of GET /slow').getAttribute('href')).toBe(
      `/ui/traces/${'e'.repeat(32)}`,
    );
    await click('td a', 'Traces of GET /slow');
    expect(address()).toBe('/ui/traces?service=orders&operation=GET+%2Fslow&lookback=24h');
  });

  test('shows what it asks of others, or every span', async () => {
    await open('monitor/orders', client());
    await click('.tools button', 'What it asks');
    expect(address()).toBe('/ui/monitor/orders?side=asks');
    expect(rows()).toHaveLength(1);
    await click('.tools button', 'Every span');
    expect(rows()).toHaveLength(4);
    await enter('Search operations', 'slow');
    expect(text()).toContain('Showing 1 of 4 operations.');
    await click('.tools button', 'What it answers');
    expect(address()).toBe('/ui/monitor/orders?q=slow');
  });

  test('that only asks says so, and one that is silent says what to do', async () => {
    const asks = aServiceDetail({ operations: [anOperation({ kind: 'client' })] });
    await open('monitor/cron', aClient({ monitor: async () => ({ ...asks, service: 'cron' }) }));
    expect(text()).toContain('cron has spans in this time, but none of this side.');
    await leavePage();
    preparePage();
    const silent = aServiceDetail({ operations: [] });
    await open('monitor/orders', aClient({ monitor: async () => silent }));
    expect(text()).toContain('orders was not heard of in this time');
  });

  test('with very many operations shows more of them on demand', async () => {
    const operations = Array.from({ length: 130 }, (_, index) =>
      anOperation({ name: `GET /${index}` }),
    );
    await open('monitor/orders', aClient({ monitor: async () => aServiceDetail({ operations }) }));
    expect(rows()).toHaveLength(100);
    await click('.more button');
    expect(rows()).toHaveLength(130);
  });
});

describe('databases and durations', () => {
  const database = anEdge({
    consumer: 'orders',
    provider: 'orders-db',
    transport: 'database',
    state: 'uncontracted',
    virtual: true,
    clientLatency: { p50: 1, p95: 2, p99: 3 },
  });

  test('stand on the map as their own kind, with durations beside them', async () => {
    const event = anEdge({
      consumer: 'mail',
      provider: 'orders',
      transport: 'message',
      clientLatency: { p50: 0.4, p95: 0.9, p99: 2 },
      transitLatency: { p50: 40, p95: 90, p99: 200 },
    });
    const rpc = anEdge({ consumer: 'orders', provider: 'maps', transport: 'rpc', virtual: true });
    const late = { ...event, calls: 90, errorRate: 0.5 };
    const silent = { ...database, calls: 0 };
    const noTime = { ...rpc, latency: null };
    await open(
      'map',
      aClient({
        edges: async () => [database, event, rpc],
        edgesSince: async () => [late, silent, noTime],
      }),
    );
    expect(find('.edge-message .edge-caption').textContent).toBe('event · 6 / min');
    expect(document.querySelectorAll('.node-database .node-lid')).toHaveLength(1);
    expect(document.querySelectorAll('.node-rpc')).toHaveLength(1);
    expect(find('.rail a', 'Map').textContent).toBe('Map');
    await click('.edge-database .badge');
    expect(find('.panel').textContent).toContain('Not judged');
    expect(find('.panel').textContent).toContain('In the last 15 minutesno call');
    expect(find('.panel').textContent).toContain('As the caller saw it1 ms · 2 ms · 3 ms');
    expect(find('.panel a', 'Monitor').getAttribute('href')).toBe('/ui/monitor/orders');
    await click('.edge-message .badge');
    expect(find('.panel').textContent).toContain('From sent to received40 ms · 90 ms · 200 ms');
    expect(find('.panel').textContent).toContain('Sending took');
    expect(find('.panel').textContent).toContain('6 / min · 50 % failed · p95 31 ms');
    await click('.edge-rpc .badge');
    expect(find('.panel').textContent).toContain('failed');
  });

  test('stand on the page of an integration, with what triggered the calls', async () => {
    const trigger = {
      operation: 'POST /checkout',
      kind: 'server' as const,
      outbound: 'SELECT orders',
      calls: 7,
      lastSeen: '2026-11-21T11:55:00Z',
      exemplarTraceId: 'd'.repeat(32),
    };
    const operation = {
      ...aDetail().operations[0],
      operation: 'SELECT orders',
      transport: 'database' as const,
      promised: false,
    };
    const many = Array.from({ length: 25 }, (_, index) => ({
      ...trigger,
      operation: `GET /${index}`,
      exemplarTraceId: null,
    }));
    const detail = aDetail({
      edges: [database],
      operations: [operation as ReturnType<typeof aDetail>['operations'][number]],
      triggeredBy: [trigger, ...many],
    });
    await open('i/orders/orders-db', aClient({ edge: async () => detail }));
    expect(text()).toContain('no pact speaks of them');
    const triggers = find('[aria-labelledby="triggers-title"]');
    expect(triggers.querySelectorAll('tbody tr')).toHaveLength(20);
    await click('.more button');
    expect(triggers.querySelectorAll('tbody tr')).toHaveLength(26);
    await click('td a', 'Trace of POST /checkout');
    expect(address()).toBe(`/ui/traces/${'d'.repeat(32)}`);
  });
});
