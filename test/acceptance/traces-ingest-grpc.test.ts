import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { exportTraces, type GrpcClient, grpcClient } from './grpc-client.ts';
import { observeRequest, startTracedService } from './otel-services.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

const recorded = JSON.parse(
  readFileSync(new URL('../cases/traces/recorded-bodies.json', import.meta.url), 'utf8'),
);
const body = Buffer.from(recorded.otlpProtobufBase64, 'base64');
const codes = { invalid: 3, late: 4, notFound: 5, exhausted: 8, unimplemented: 12, unknown: 16 };

let hub: TestHub;
let client: GrpcClient;

beforeAll(async () => {
  hub = await startTestHub();
  client = grpcClient(String(hub.otlpGrpcUrl));
});
afterAll(async () => {
  client.close();
  await hub.close();
});

async function metric(line: string): Promise<number> {
  const response = await fetch(`${hub.url}/metrics`, { headers: { accept: 'text/plain' } });
  const text = await response.text();
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return Number(found?.split(' ')[1] ?? 0);
}

describe('OTLP over gRPC', () => {
  test('a whole batch is answered OK with an empty message', async () => {
    expect(await client.call(exportTraces, body)).toMatchObject({ code: 0, body: Buffer.alloc(0) });
  });

  test('a gzip batch of the real client is taken', async () => {
    expect((await client.call(exportTraces, body, { gzip: true })).code).toBe(0);
  });

  test('the real exporter sends gzip, and its trace is read back', async () => {
    const compression = 'gzip' as NonNullable<
      ConstructorParameters<typeof OTLPTraceExporter>[0]
    >['compression'];
    const exporter = () =>
      new OTLPTraceExporter({
        url: String(hub.otlpGrpcUrl),
        ...(compression && { compression }),
      });
    const web = startTracedService('grpc-web', exporter());
    const orders = startTracedService('grpc-orders', exporter());
    const request = { method: 'GET', path: '/v1/orders/7', status: 200 };
    const traceId = observeRequest(web, orders, request);
    await Promise.all([web.flush(), orders.flush()]);
    const response = await fetch(`${hub.url}/api/traces/${traceId}`);
    const { data } = (await response.json()) as { data: [{ spans: unknown[] }] };
    expect(data[0].spans).toHaveLength(3);
  });

  test('an empty request is a success', async () => {
    expect((await client.call(exportTraces, Buffer.alloc(0))).code).toBe(0);
  });

  test('refused spans are told as partial success', async () => {
    const answer = await client.call(exportTraces, withOneBadSpan());
    expect(answer.code).toBe(0);
    expect(answer.body.subarray(0, 4)).toEqual(Buffer.from([0x0a, answer.body.length - 2, 8, 1]));
    expect(answer.body.toString()).toContain('trace_id');
  });

  test.each([
    ['MetricsService', 'metrics'],
    ['LogsService', 'logs'],
  ])('%s: taken and counted', async (service, signal) => {
    const line = `concordat_ingest_unkept_requests_total{signal="${signal}"}`;
    const before = await metric(line);
    const path = `/opentelemetry.proto.collector.${signal}.v1.${service}/Export`;
    expect((await client.call(path, body)).code).toBe(0);
    expect(await metric(line)).toBe(before + 1);
  });

  test.each([
    ['rubbish', Buffer.from('rubbish'), /Not valid protobuf at byte/],
    ['a batch that is cut off', body.subarray(0, 90), /Not valid protobuf at byte/],
  ])('%s: INVALID_ARGUMENT that says why', async (_what, bytes, told) => {
    const answer = await client.call(exportTraces, bytes);
    expect(answer.code).toBe(codes.invalid);
    expect(answer.message).toMatch(told);
    expect(answer.details).toBeUndefined();
  });

  test('more than the bound: RESOURCE_EXHAUSTED without RetryInfo, so that nobody repeats it', async () => {
    const answer = await client.call(exportTraces, Buffer.alloc(70_000_000));
    expect(answer.code).toBe(codes.exhausted);
    expect(answer.details).toBeUndefined();
    expect((await client.call(exportTraces, body)).code).toBe(0);
  });

  test('a bomb of 100 MB in 100 kB: RESOURCE_EXHAUSTED', async () => {
    const bomb = Buffer.alloc(100_000_000);
    expect((await client.call(exportTraces, bomb, { gzip: true })).code).toBe(codes.exhausted);
  });

  test.each([
    ['/opentelemetry.proto.collector.trace.v1.TraceService/Import'],
    ['/jaeger.api_v3.QueryService/GetTrace'],
    ['/nonsense'],
  ])('%s: UNIMPLEMENTED that names what there is', async (path) => {
    const answer = await client.call(path, body);
    expect(answer.code).toBe(codes.unimplemented);
    expect(answer.message).toContain('TraceService');
  });

  test('a deadline that has passed ends the call, and the next one is taken', async () => {
    const answer = await client.call(exportTraces, body, { deadlineMs: 0 });
    expect(answer.code).toBe(codes.late);
    expect((await client.call(exportTraces, body)).code).toBe(0);
  });

  test('calls that are cancelled leave nothing behind', async () => {
    const cancelled = Array.from({ length: 100 }, () => client.cancel(exportTraces, body));
    for (const answer of await Promise.all(cancelled)) expect(answer.code).toBe(1);
    expect((await client.call(exportTraces, body)).code).toBe(0);
  });

  test('a thousand calls at once are all taken', async () => {
    const line = 'concordat_ingest_requests_total{transport="otlp-grpc",outcome="taken"}';
    const before = await metric(line);
    const calls = Array.from({ length: 1_000 }, () => client.call(exportTraces, body));
    const answers = await Promise.all(calls);
    expect(answers.filter((answer) => answer.code !== 0)).toEqual([]);
    expect(await metric(line)).toBe(before + 1_000);
  });

  test('HTTP/1 on this port is told where to go', async () => {
    const response = await fetch(`${hub.otlpGrpcUrl}/v1/traces`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('4318');
  });

  test('a client that connects and never says a word does not keep the hub from closing', async () => {
    const silent = connect({ host: '127.0.0.1', port: Number(hub.ports.otlpGrpc) });
    silent.on('error', () => undefined);
    const other = await startTestHub();
    const mute = connect({ host: '127.0.0.1', port: Number(other.ports.otlpGrpc) });
    mute.on('error', () => undefined);
    await vi.waitFor(() => expect(mute.readyState).toBe('open'), 10_000);
    await other.close();
    await vi.waitFor(() => expect(mute.destroyed).toBe(true), 10_000);
    silent.destroy();
  });
});

describe('gRPC health', () => {
  const check = '/grpc.health.v1.Health/Check';
  const named = (service: string) =>
    Buffer.concat([Buffer.from([0x0a, service.length]), Buffer.from(service)]);
  const serving = Buffer.from([8, 1]);

  test.each([
    ['all', Buffer.alloc(0)],
    ['the service of traces', named('opentelemetry.proto.collector.trace.v1.TraceService')],
  ])('%s: SERVING', async (_what, question) => {
    expect((await client.call(check, question)).body).toEqual(serving);
  });

  test('another service: NOT_FOUND', async () => {
    expect((await client.call(check, named('other'))).code).toBe(codes.notFound);
  });

  test('a question that is none: INVALID_ARGUMENT', async () => {
    expect((await client.call(check, Buffer.from([0x0a, 9]))).code).toBe(codes.invalid);
  });

  test('another method: UNIMPLEMENTED', async () => {
    const path = '/grpc.health.v1.Health/List';
    expect((await client.call(path, Buffer.alloc(0))).code).toBe(codes.unimplemented);
  });

  test('who watches is told at once, and again when the hub closes', async () => {
    const watch = '/grpc.health.v1.Health/Watch';
    expect(await client.stream(watch, named('other'), 1)).toEqual([Buffer.from([8, 3])]);
    const other = await startTestHub();
    const watcher = grpcClient(String(other.otlpGrpcUrl));
    expect((await watcher.call(check, Buffer.alloc(0))).body).toEqual(serving);
    const watched = watcher.stream(watch, Buffer.alloc(0), 3);
    // The first call after it on the same connection is answered after it was heard.
    await watcher.call(check, Buffer.alloc(0));
    await other.close();
    expect(await watched).toEqual([serving, Buffer.from([8, 2])]);
    watcher.close();
  });
});

describe('with credentials configured', () => {
  let closed: TestHub;
  let stranger: GrpcClient;
  const word = Buffer.from('ci:word').toString('base64');

  beforeAll(async () => {
    closed = await startTestHub({
      env: {
        CONCORDAT_BASIC_AUTH_USERNAME: 'ci',
        CONCORDAT_BASIC_AUTH_PASSWORD: 'word',
        CONCORDAT_TOKENS: 'read=reader publish=publisher',
      },
    });
    stranger = grpcClient(String(closed.otlpGrpcUrl));
  });
  afterAll(async () => {
    stranger.close();
    await closed.close();
  });

  test.each([
    ['no credentials', {}, 16],
    [
      'another password',
      { authorization: `Basic ${Buffer.from('ci:other').toString('base64')}` },
      16,
    ],
    ['a token that may only read', { authorization: 'Bearer reader' }, 16],
    ['another scheme', { authorization: 'Digest x' }, 3],
    ['the user', { authorization: `Basic ${word}` }, 0],
    ['a token that may publish', { authorization: 'Bearer publisher' }, 0],
  ])('%s in the metadata', async (_what, metadata, code) => {
    expect((await stranger.call(exportTraces, body, { metadata })).code).toBe(code);
  });

  test('health needs none', async () => {
    expect((await stranger.call('/grpc.health.v1.Health/Check', Buffer.alloc(0))).code).toBe(0);
  });
});

test('a call that is running when the hub closes is answered', async () => {
  const other = await startTestHub();
  const caller = grpcClient(String(other.otlpGrpcUrl));
  const answers = Promise.all(Array.from({ length: 50 }, () => caller.call(exportTraces, body)));
  await caller.call(exportTraces, body);
  await other.close();
  const codesSeen = new Set((await answers).map((answer) => answer.code));
  expect([...codesSeen].filter((code) => code !== 0 && code !== 14)).toEqual([]);
  expect(codesSeen).toContain(0);
  caller.close();
});

/** The recorded batch and one more span without a trace id. */
function withOneBadSpan(): Buffer {
  const bad = Buffer.from([0x0a, 0x07, 0x12, 0x05, 0x12, 0x03, 0x2a, 0x01, 0x61]);
  return Buffer.concat([body, bad]);
}
