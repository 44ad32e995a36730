import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type FakeJaeger, startFakeJaeger } from './fake-jaeger.ts';
import { startHubProcess } from './hub-process.ts';
import { otlpBody, randomId, requestSpans } from './observed-traffic.ts';
import { observeRequest, senders, startTracedService } from './otel-services.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

async function aJaeger(): Promise<FakeJaeger> {
  const jaeger = await startFakeJaeger('2.21');
  onTestFinished(() => jaeger.close());
  return jaeger;
}

type Flags = NonNullable<Parameters<typeof startTestHub>[0]>['flags'];
type Env = NonNullable<Parameters<typeof startTestHub>[0]>['env'];

/** A hub in front of that Jaeger, which also reads from it. */
async function aHub(jaeger: FakeJaeger, flags: Flags = {}, env: Env = {}): Promise<TestHub> {
  const hub = await startTestHub({
    flags: { jaegerUrl: jaeger.otlpUrl, jaegerQueryUrl: jaeger.queryUrl, ...flags },
    env: { CONCORDAT_LOG_LEVEL: 'silent', ...env },
  });
  onTestFinished(() => hub.close());
  return hub;
}

/** One request between two services; its trace id. */
async function sendTrace(hub: Pick<TestHub, 'otlpUrl'>): Promise<string> {
  const traceId = randomId(16);
  const spans = requestSpans({
    consumer: { name: 'web' },
    provider: { name: 'orders' },
    request: 'GET /v1/orders/7',
    traceId,
  });
  const response = await fetch(`${hub.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: otlpBody(spans),
  });
  expect(response.status).toBe(200);
  return traceId;
}

/** An answer of the query API v1, as far as it is looked at. */
interface Answer {
  readonly data: readonly { readonly spans: readonly unknown[] }[] | null;
  readonly errors: unknown;
}

async function read(
  from: { readonly url: string },
  path: string,
): Promise<{ readonly status: number; readonly body: Answer }> {
  const response = await fetch(`${from.url}${path}`);
  return { status: response.status, body: (await response.json()) as Answer };
}

async function figure(hub: TestHub, name: string): Promise<number> {
  const response = await fetch(`${hub.url}/metrics`, { headers: { accept: 'text/plain' } });
  const line = (await response.text()).split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length));
}

const forwarded = 'concordat_forward_spans_total{outcome="forwarded"}';
const dropped = 'concordat_forward_spans_total{outcome="dropped"}';

async function arrived(hub: TestHub, spans: number): Promise<void> {
  await vi.waitFor(async () => expect(await figure(hub, forwarded)).toBe(spans), 20_000);
}

test('with --jaeger-url every trace arrives there too, and is still read from the own store', async () => {
  const jaeger = await aJaeger();
  const hub = await startTestHub({ flags: { jaegerUrl: jaeger.otlpUrl } });
  onTestFinished(() => hub.close());
  const web = startTracedService('web', senders.otlp(hub));
  const orders = startTracedService('orders', senders.jaeger(hub));
  const traceId = observeRequest(web, orders, { method: 'GET', path: '/v1/a', status: 200 });
  await Promise.all([web.flush(), orders.flush()]);
  const own = await read(hub, `/api/traces/${traceId}`);
  expect(own).toMatchObject({ status: 200, body: { errors: null } });
  await vi.waitFor(
    async () => expect(await read({ url: jaeger.queryUrl }, `/api/traces/${traceId}`)).toEqual(own),
    10_000,
  );
});

test('with --jaeger-query-url traces are read there, and none is kept here', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'concordat-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const jaeger = await aJaeger();
  const hub = await aHub(jaeger, { dataDir });
  const traceId = await sendTrace(hub);
  await arrived(hub, 2);
  const told = await read(hub, `/api/traces/${traceId}`);
  expect(told.body).toMatchObject({ data: [{ traceID: traceId }], errors: null });
  expect(told.body.data?.[0]?.spans).toHaveLength(2);
  await hub.close();
  const alone = await startTestHub({ flags: { dataDir } });
  onTestFinished(() => alone.close());
  expect((await read(alone, `/api/traces/${traceId}`)).status).toBe(404);
  expect((await read(alone, '/api/services')).body.data).toEqual([]);
});

test('what is sent while Jaeger is down arrives when it is back', async () => {
  const jaeger = await aJaeger();
  const hub = await aHub(jaeger);
  await jaeger.goDown();
  const ids = [await sendTrace(hub), await sendTrace(hub), await sendTrace(hub)];
  await vi.waitFor(
    async () => expect(await figure(hub, 'concordat_forward_queued_bytes')).toBeGreaterThan(0),
    10_000,
  );
  const answer = await read(hub, `/api/traces/${ids[0]}`);
  expect(answer).toMatchObject({
    status: 502,
    body: {
      data: null,
      errors: [{ code: 502, msg: expect.stringMatching(/^Jaeger at .* cannot be reached/) }],
    },
  });
  expect(await read(hub, '/api/v3/services')).toMatchObject({
    status: 502,
    body: { error: { httpCode: 502, message: expect.stringMatching(/cannot be reached/) } },
  });
  await jaeger.comeBack();
  await arrived(hub, 6);
  for (const id of ids) expect((await read(hub, `/api/v3/traces/${id}`)).status).toBe(200);
  expect(await figure(hub, dropped)).toBe(0);
  expect(await figure(hub, 'concordat_forward_queued_bytes')).toBe(0);
});

test('a Jaeger that is overloaded, or restarts while it answers, gets every span once it can take it', async () => {
  const jaeger = await aJaeger();
  const hub = await aHub(jaeger);
  jaeger.fail({ kind: 'answer', status: 429, headers: { 'retry-after': '1' } });
  await sendTrace(hub);
  await vi.waitFor(() => expect(jaeger.seen).toHaveLength(1), 10_000);
  jaeger.fail({ kind: 'hold' });
  await sendTrace(hub);
  await vi.waitFor(() => expect(jaeger.seen.length).toBeGreaterThan(1), 10_000);
  await jaeger.goDown();
  jaeger.fail(undefined);
  await jaeger.comeBack();
  await arrived(hub, 4);
  expect(await figure(hub, dropped)).toBe(0);
});

test('a Jaeger that answers rubbish loses those spans, which is counted, and takes the next ones', async () => {
  const jaeger = await aJaeger();
  const hub = await aHub(jaeger);
  const page = { headers: { 'content-type': 'text/html' }, body: '<!doctype html>' };
  jaeger.fail({ kind: 'answer', status: 200, ...page });
  await sendTrace(hub);
  await vi.waitFor(async () => expect(await figure(hub, dropped)).toBe(2), 10_000);
  expect((await read(hub, '/api/services')).body.errors).toEqual([
    { code: 502, msg: expect.stringMatching(/has no Jaeger query API/) },
  ]);
  jaeger.fail(undefined);
  const traceId = await sendTrace(hub);
  await arrived(hub, 2);
  expect((await read(hub, `/api/traces/${traceId}`)).status).toBe(200);
});

test('ingest answers at once while Jaeger answers nothing, and a full queue drops its oldest spans', async () => {
  const jaeger = await aJaeger();
  const hub = await aHub(jaeger, {}, { CONCORDAT_JAEGER_QUEUE_MEGABYTES: '1' });
  jaeger.fail({ kind: 'hold' });
  const note = 'x'.repeat(4_000);
  const send = async (): Promise<void> => {
    const consumer = { name: 'web', attributes: { note } };
    const provider = { name: 'orders', attributes: { note } };
    const seen = { consumer, provider, request: 'GET /v1/orders/7' };
    const spans = Array.from({ length: 100 }, () => requestSpans(seen)).flat();
    const response = await fetch(`${hub.otlpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: otlpBody(spans),
    });
    expect(response.status).toBe(200);
  };
  for (let request = 0; request < 4; request += 1) await send();
  await vi.waitFor(async () => expect(await figure(hub, dropped)).toBeGreaterThan(0), 10_000);
  expect(await figure(hub, 'concordat_forward_queued_bytes')).toBeLessThanOrEqual(1_048_576);
  jaeger.fail(undefined);
  await vi.waitFor(
    async () => expect((await figure(hub, forwarded)) + (await figure(hub, dropped))).toBe(800),
    10_000,
  );
});

test('a hub that closes sends what waits', async () => {
  const jaeger = await aJaeger();
  const hub = await aHub(jaeger);
  jaeger.fail({ kind: 'answer', status: 503, headers: { 'retry-after': '100' } });
  const traceId = await sendTrace(hub);
  await vi.waitFor(() => expect(jaeger.seen).toHaveLength(1), 10_000);
  jaeger.fail(undefined);
  await hub.close();
  const there = await read({ url: jaeger.queryUrl }, `/api/v3/traces/${traceId}`);
  expect(there.status).toBe(200);
});

test('a hub whose Jaeger is gone closes in time all the same', async () => {
  const jaeger = await aJaeger();
  const hub = await aHub(jaeger);
  await jaeger.goDown();
  await sendTrace(hub);
  await expect(hub.close()).resolves.toBeUndefined();
});

test('a Jaeger behind HTTPS and a user is sent to and read from, when its authority is known to Node.js', async () => {
  const folder = new URL('../cases/webhook-certificate/', import.meta.url);
  const certificate = fileURLToPath(new URL('certificate.pem', folder));
  const [cert, key] = [readFileSync(certificate), readFileSync(new URL('key.pem', folder))];
  const seen: string[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    const answer = request.url?.startsWith('/jaeger/') ? '{"services":["web"]}' : '';
    request.resume().on('end', () => response.end(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = `https://ann:secret@localhost:${(server.address() as AddressInfo).port}`;
  const dataDir = await mkdtemp(join(tmpdir(), 'concordat-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const hub = await startHubProcess(
    dataDir,
    { CONCORDAT_JAEGER_URL: address, CONCORDAT_JAEGER_QUERY_URL: `${address}/jaeger` },
    { NODE_EXTRA_CA_CERTS: certificate },
  );
  await sendTrace({ otlpUrl: hub.url });
  const basic = `Basic ${btoa('ann:secret')}`;
  await vi.waitFor(() => expect(seen).toContain(`POST /v1/traces ${basic}`), 10_000);
  expect(await read(hub, '/api/services')).toMatchObject({ status: 200, body: { data: ['web'] } });
  expect(seen).toContain(`GET /jaeger/api/v3/services ${basic}`);
});
