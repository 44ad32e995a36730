// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInsightsClient, type OperationUsage, type UsageQuery } from '@concordat/api';
import { readCliEnvironment, runCli } from '@concordat/cli';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { eventSpans, otlpBody, requestSpans, type SentSpans } from './observed-traffic.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import { type TestHub, withEnvironments } from './start-hub.ts';

const floor = {
  CONCORDAT_EVIDENCE_MINIMUM_CALLS: '5',
  CONCORDAT_EVIDENCE_MINIMUM_WINDOW_SECONDS: '0',
  CONCORDAT_PAIRING_WINDOW_SECONDS: '1',
};
const web = (version: string, environment = 'production') => ({
  name: 'web',
  version,
  environment,
});
const shop = { name: 'shop', version: 's1', environment: 'production' };
const mail = { name: 'mail', version: 'm1', environment: 'production' };

const byPattern = (regex: string) => ({ path: { matchers: [{ match: 'regex', regex }] } });
const order = {
  description: 'an order',
  providerState: 'an order exists',
  request: { method: 'GET', path: '/v1/orders/42', matchingRules: byPattern('^/v1/orders/\\d+$') },
  response: { status: 200 },
};
const missing = { ...order, description: 'no order', response: { status: 404 } };
const otherwise = { ...missing, description: 'an order of somebody else' };
const removal = {
  description: 'no more order',
  request: { ...order.request, method: 'DELETE' },
  response: { status: 204 },
};

const openapi = `openapi: 3.1.0
info: {title: Shop, version: "1"}
servers: [{url: /v1}]
paths:
  /orders: {get: {responses: {"200": {description: ok}}}}
  /orders/{orderId}: {parameters: [{name: orderId, in: path, required: true}], get: {}, delete: {}}
  /stock/{sku}: {parameters: [{name: sku, in: path, required: true}], get: {}}
`;
const asyncapi = JSON.stringify({
  asyncapi: '3.0.0',
  info: { title: 'Events', version: '1' },
  channels: { placed: { address: 'order.placed' }, gone: { address: 'order.gone' } },
  operations: {
    sendPlaced: { action: 'send', channel: { $ref: '#/channels/placed' } },
    sendGone: { action: 'send', channel: { $ref: '#/channels/gone' } },
  },
});

describe.each(relationalDatabases)('the usage ledger on %s', (database) => {
  let hub: TestHub;

  const usage = (query: UsageQuery) => createInsightsClient(hub.url, fetch).usage(query);

  async function operation(name: string, query: UsageQuery = {}): Promise<OperationUsage> {
    const { operations } = await usage({ provider: 'shop', operation: name, ...query });
    expect(operations.map((one) => one.operation)).toHaveLength(1);
    return operations[0] as OperationUsage;
  }

  async function put(path: string, body: object | string, type = 'application/json') {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const headers = { 'content-type': type };
    const response = await fetch(`${hub.url}${path}`, { method: 'PUT', body: text, headers });
    expect(response.status).toBe(201);
  }

  const publish = (version: string, interactions: readonly object[]) =>
    put(`/pacts/provider/shop/consumer/web/version/${version}`, {
      consumer: { name: 'web' },
      provider: { name: 'shop' },
      interactions,
    });

  async function send(spans: readonly SentSpans[]): Promise<void> {
    const body = otlpBody(spans);
    const headers = { 'content-type': 'application/json' };
    await fetch(`${hub.url}/v1/traces`, { method: 'POST', headers, body });
  }

  const calls = (count: number, request: string, version = 'w1') =>
    Array.from({ length: count }, () =>
      requestSpans({ consumer: web(version), provider: shop, request }),
    ).flat();

  async function run(...args: readonly string[]) {
    const lines: string[] = [];
    const take = (text: string): void => {
      lines.push(text);
    };
    const output = { result: take, note: take } as unknown as Parameters<
      typeof runCli
    >[1]['output'];
    const environment = readCliEnvironment({ PACT_BROKER_BASE_URL: hub.url });
    const { signal } = new AbortController();
    const code = await runCli(args, { environment, output, cwd: hub.dataDir, signal });
    return { code, lines: lines.join('\n') };
  }

  beforeAll(async () => {
    hub = await startHubOn(database, { ...withEnvironments, ...floor });
    await publish('w1', [order, missing, otherwise, removal]);
    await publish('w2', [order]);
    await put('/contracts/provider/shop/version/s1', openapi, 'application/yaml');
    await put('/contracts/provider/shop/version/s1?specification=asyncapi', asyncapi);
    // The promises are watched from the first book on.
    await usage({ provider: 'shop' });
    await send([
      ...calls(6, 'GET /v1/orders/7'),
      ...calls(2, 'GET /v1/orders/8', 'w2'),
      ...requestSpans({
        consumer: web('w1', 'test-2'),
        provider: { ...shop, environment: 'test-2' },
        request: 'GET /v1/orders/9',
      }),
      ...requestSpans({
        consumer: web('w1'),
        provider: shop,
        request: 'GET /v1/nowhere',
        route: '',
      }),
      ...requestSpans({
        ...{ consumer: { name: 'stranger' }, provider: shop },
        ...{ request: 'GET /v1/stock/a-b', status: 503, route: '' },
      }),
      ...eventSpans({ consumer: mail, provider: shop, event: 'order.placed' }),
    ]);
    await vi.waitFor(async () => {
      const { operations } = await usage({ provider: 'shop' });
      expect(operations.reduce((sum, { count }) => sum + count, 0)).toBe(12);
    }, 10_000);
  });
  afterAll(async () => {
    await hub.close();
  });

  test('every promised, declared or called operation is listed once, by the name of the pacts', async () => {
    const { operations, page } = await usage({ provider: 'shop' });
    expect(
      operations.map(({ operation: name, usage: state, count, promised, declaredBy }) => [
        ...[name, state, count, promised],
        declaredBy.map((document) => document.operation).join(),
      ]),
    ).toEqual([
      ['DELETE /v1/orders/{id}', 'not-seen', 0, true, 'DELETE /orders/{orderId}'],
      ['GET /v1/nowhere', 'used', 1, false, ''],
      ['GET /v1/orders', 'not-seen', 0, false, 'GET /orders'],
      ['GET /v1/orders/{id}', 'used', 9, true, 'GET /orders/{orderId}'],
      ['GET /v1/stock/{sku}', 'used', 1, false, 'GET /stock/{sku}'],
      ['send order.gone', 'no-evidence', 0, false, 'send order.gone'],
      ['send order.placed', 'used', 1, false, 'send order.placed'],
    ]);
    expect(page).toEqual({ number: 1, size: 100, totalElements: 7, totalPages: 1 });
  });

  test('a promise tells who promises it and which versions use it, each by evidence of its own', async () => {
    const { interactions, callers, evidence, exemplarTraceIds } =
      await operation('GET /v1/orders/:id');
    const [used, unseen] = interactions;
    expect(used).toMatchObject({
      ...{ consumer: 'web', description: 'an order', providerStates: ['an order exists'] },
      ...{ status: 200, usage: 'used', count: 9, indistinguishableFrom: [], guarded: null },
      promisedBy: [{ consumerVersion: 'w2' }, { consumerVersion: 'w1' }],
    });
    expect(versionsOf(used?.consumerVersions)).toEqual([
      ['w1', 'production', 'used', 6],
      ['w1', 'test-2', 'used', 1],
      ['w2', 'production', 'used', 2],
    ]);
    expect(versionsOf(used?.providerVersions)).toEqual([
      ['s1', 'production', 'used', 8],
      ['s1', 'test-2', 'used', 1],
    ]);
    expect(unseen).toMatchObject({
      ...{ description: 'no order', status: 404, usage: 'not-seen', count: 0, firstSeen: null },
      indistinguishableFrom: ['an order of somebody else'],
      evidence: { calls: 10, sampleRate: 1, floor: { calls: 5, window: 0 } },
    });
    // Seven calls are enough for the one environment, one call is not for the other; w2 never promised it.
    expect(versionsOf(unseen?.consumerVersions)).toEqual([
      ['w1', 'production', 'not-seen', 0],
      ['w1', 'test-2', 'no-evidence', 0],
    ]);
    expect(
      callers.map((caller) => [caller.consumerVersion, caller.environment, caller.count]),
    ).toEqual([
      ['w1', 'production', 6],
      ['w2', 'production', 2],
      ['w1', 'test-2', 1],
    ]);
    expect(callers[0]).toMatchObject({
      consumer: 'web',
      providerVersion: 's1',
      promised: true,
      statuses: { 200: 6 },
    });
    expect(evidence).toMatchObject({ calls: 11, sampleRate: 1 });
    expect(exemplarTraceIds.length).toBeGreaterThan(1);
    for (const id of exemplarTraceIds) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });

  test('what is called and promised nowhere has its callers', async () => {
    expect(await operation('GET /v1/stock/x')).toMatchObject({
      ...{ promised: false, interactions: [] },
      callers: [
        { consumer: 'stranger', consumerVersion: null, promised: false, statuses: { 503: 1 } },
      ],
    });
    expect(await operation('order.placed')).toMatchObject({
      ...{ transport: 'message', promised: false },
      callers: [{ consumer: 'mail', statuses: {} }],
    });
  });

  test('an environment, a consumer and a time narrow what is looked at', async () => {
    const quiet = await operation('GET /v1/orders/{id}', { environment: 'test-2' });
    expect(quiet).toMatchObject({
      usage: 'used',
      count: 1,
      interactions: [{}, { usage: 'no-evidence' }, {}],
    });
    const { operations } = await usage({ consumer: 'stranger' });
    expect(operations.map(({ provider, operation: name }) => [provider, name])).toEqual([
      ['shop', 'GET /v1/stock/{sku}'],
    ]);
    expect((await operation('GET /v1/orders/{id}', { window: '1h' })).count).toBe(9);
    expect(
      await operation('GET /v1/orders/{id}', { since: '2020-01-01', until: '2020-01-02' }),
    ).toMatchObject({
      ...{ usage: 'no-evidence', count: 0, callers: [] },
      evidence: { calls: 0 },
    });
  });

  test('pages hold what is asked for, and a provider that nobody knows has no operations', async () => {
    const { operations, page } = await usage({ provider: 'shop', page: 2, size: 3 });
    expect(operations.map(({ operation: name }) => name)).toEqual([
      'GET /v1/orders/{id}',
      'GET /v1/stock/{sku}',
      'send order.gone',
    ]);
    expect(page).toEqual({ number: 2, size: 3, totalElements: 7, totalPages: 3 });
    expect((await usage({ provider: 'nobody' })).page.totalElements).toBe(0);
  });

  test('the routes that contracts name are told as a list and as the configuration of a collector', async () => {
    const { routes } = await createInsightsClient(hub.url, fetch).routes('shop');
    expect(routes.filter(({ method }) => method === 'GET')).toMatchObject([
      { route: '/orders', guessed: false, exported: true },
      { route: '/orders/{orderId}' },
      { route: '/stock/{sku}' },
      { route: '/v1/orders' },
      { route: '/v1/orders/{id}' },
      { route: '/v1/orders/{id}' },
      { route: '/v1/stock/{sku}' },
    ]);
    const answer = await fetch(`${hub.url}/insights/routes?provider=shop&format=otel-collector`);
    expect(answer.headers.get('content-type')).toBe('application/yaml;charset=utf-8');
    expect(Object.keys((parse(await answer.text()) as { processors: object }).processors)).toEqual([
      'transform/routes-shop',
    ]);
  });

  test('the commands say the same, and end with 1 for what nobody knows', async () => {
    const told = await run('usage', '--provider', 'shop', '--operation', 'GET /v1/orders/7');
    expect(told.code).toBe(0);
    expect(told.lines).toContain('✓ shop  GET /v1/orders/{id}  9 calls, last ');
    const json = await run('usage', '--consumer', 'stranger', '--window', '1h', '--json');
    expect(JSON.parse(json.lines)).toMatchObject({ operations: [{ provider: 'shop', count: 1 }] });
    expect((await run('usage', '--provider', 'nobody')).code).toBe(1);
    expect(await run('usage', '--provider', 'shop', '--window', 'x')).toMatchObject({ code: 2 });
    expect(await run('usage')).toMatchObject({ code: 2 });
    const yaml = await run('routes', '--provider', 'shop', '--format', 'otel-collector');
    expect(yaml.lines).toContain('set(span.attributes["http.route"], "/v1/orders/{id}")');
    expect((await run('routes', '--provider', 'shop')).lines).toContain('GET /v1/stock/{sku}');
    expect(JSON.parse((await run('routes', '--provider', 'shop', '--json')).lines)).toMatchObject({
      provider: 'shop',
    });
    expect((await run('routes', '--provider', 'nobody')).code).toBe(1);
    expect((await run('routes', '--provider', 'shop', '--format', 'xml')).code).toBe(2);
    const file = join(hub.dataDir, 'routes.yaml');
    await run('routes', '--provider', 'shop', '--format', 'otel-collector', '--output', file);
    expect(await readFile(file, 'utf8')).toBe(`${yaml.lines}\n`);
  });

  test.each([
    ['neither provider nor consumer', '', 'provider and consumer are missing'],
    ['an unknown parameter', '?provider=shop&sinse=1', 'Unknown parameter "sinse"'],
    ['an unknown format of routes', '/../routes?provider=shop&format=xml', 'format is "xml"'],
    ['routes of nobody', '/../routes', 'provider is missing'],
    ['a window of an unknown unit', '?provider=shop&window=7y', 'window is "7y"'],
    ['a window and a time', '?provider=shop&window=7d&since=2026-01-01', 'exclude each other'],
    ['a time that is none', '?provider=shop&since=yesterday', 'since is "yesterday"'],
  ])('%s is refused with the reason', async (_what, query, reason) => {
    const response = await fetch(`${hub.url}/insights/usage${query}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json;charset=utf-8',
    ]);
    expect(((await response.json()) as { detail: string }).detail).toContain(reason);
  });
});

function versionsOf(versions: OperationUsage['interactions'][number]['consumerVersions'] = []) {
  return versions
    .map(({ version, environment, usage, count }) => [version, environment, usage, count])
    .sort();
}
