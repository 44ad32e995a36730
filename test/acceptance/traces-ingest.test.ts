import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from './start-hub.ts';

const recorded = JSON.parse(
  readFileSync(new URL('../cases/traces/recorded-bodies.json', import.meta.url), 'utf8'),
);
const protobuf = Buffer.from(recorded.otlpProtobufBase64, 'base64');
const json = Buffer.from(JSON.stringify(recorded.otlpJson));
const thrift = Buffer.from(recorded.jaegerThriftBase64, 'base64');

const asProtobuf = { 'content-type': 'application/x-protobuf' };
const asJson = { 'content-type': 'application/json; charset=utf-8' };
const asThrift = { 'content-type': 'application/x-thrift' };
const gzip = { 'content-encoding': 'gzip' };

let hub: TestHub;
let otlp: string;
let jaeger: string;

beforeAll(async () => {
  hub = await startTestHub();
  otlp = `${hub.otlpUrl}/v1/traces`;
  jaeger = `${hub.jaegerUrl}/api/traces`;
});
afterAll(async () => {
  await hub.close();
});

function post(url: string, body: Buffer | string, headers: Record<string, string>) {
  return fetch(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers,
  });
}

/** The fields of a protobuf message of small varints and texts: what a google.rpc.Status is. */
function statusOf(bytes: Buffer): { code: number; message: string } {
  const code = bytes[1] as number;
  const start = bytes[3] !== undefined && bytes[3] >= 0x80 ? 5 : 4;
  return { code, message: bytes.subarray(start).toString('utf8') };
}

describe('POST /v1/traces', () => {
  test.each([
    ['protobuf', protobuf, asProtobuf],
    ['protobuf, gzip', gzipSync(protobuf), { ...asProtobuf, ...gzip }],
    ['an empty body', Buffer.alloc(0), asProtobuf],
  ])('%s: 200 with an empty answer of the same type', async (_what, body, headers) => {
    const response = await post(otlp, body, headers);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-protobuf');
    expect((await response.arrayBuffer()).byteLength).toBe(0);
  });

  test.each([
    ['JSON', json, asJson],
    ['JSON, gzip', gzipSync(json), { ...asJson, ...gzip }],
    ['an empty object', '{}', asJson],
  ])('%s: 200 with an empty object', async (_what, body, headers) => {
    const response = await post(otlp, body, headers);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({});
  });

  test('the main port takes traces too', async () => {
    expect((await post(`${hub.url}/v1/traces`, protobuf, asProtobuf)).status).toBe(200);
  });

  test('a body without announced length is taken', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(protobuf.subarray(0, 100));
        controller.enqueue(protobuf.subarray(100));
        controller.close();
      },
    });
    const init = { method: 'POST', body, headers: asProtobuf, duplex: 'half' } as RequestInit;
    expect((await fetch(otlp, init)).status).toBe(200);
  });

  test('refused spans are told as partial success, and the others are kept', async () => {
    const good = recorded.otlpJson.resourceSpans[0].scopeSpans[0].spans[0];
    const spans = [
      { ...good, traceId: 'd'.repeat(32) },
      { ...good, traceId: '0'.repeat(32) },
    ];
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    const response = await post(otlp, body, asJson);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringContaining('trace_id') },
    });
    expect((await fetch(`${hub.url}/api/traces/${'d'.repeat(32)}`)).status).toBe(200);
  });

  test.each([
    ['broken protobuf', protobuf.subarray(0, 90), asProtobuf, 400, /Not valid protobuf at byte/],
    [
      'cut gzip',
      gzipSync(protobuf).subarray(0, 60),
      { ...asProtobuf, ...gzip },
      400,
      /not complete gzip/,
    ],
    ['gzip that is none', protobuf, { ...asProtobuf, ...gzip }, 400, /not complete gzip/],
    ['only spans without ids', requestWithoutIds(), asProtobuf, 400, /No span could be taken/],
    [
      'a bomb of 100 MB in 100 kB',
      gzipSync(Buffer.alloc(100_000_000)),
      { ...asProtobuf, ...gzip },
      413,
      /larger than/,
    ],
  ])('%s: a google.rpc.Status in protobuf', async (...[, body, headers, status, told]) => {
    const response = await post(otlp, body, headers);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/x-protobuf');
    const answer = statusOf(Buffer.from(await response.arrayBuffer()));
    expect(answer.code).toBe(status === 400 ? 3 : 8);
    expect(answer.message).toMatch(told);
  });

  test.each([
    ['broken JSON', '{"resourceSpans":', 400, 3],
    ['JSON of another shape', '{"resourceSpans":7}', 400, 3],
    ['deep JSON', '['.repeat(1_000_000), 400, 3],
    ['a 100 MB body', ' '.repeat(100_000_000), 413, 8],
  ])('%s: a google.rpc.Status in JSON', async (...[, body, status, code]) => {
    const response = await post(otlp, body, asJson);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ code, message: expect.stringMatching(/.{10}/) });
  });

  test('another content type: 415 in plain text that names the supported ones', async () => {
    const response = await post(otlp, protobuf, { 'content-type': 'text/plain' });
    expect(response.status).toBe(415);
    expect(await response.text()).toBe(
      '415 unsupported media type, supported: [application/json, application/x-protobuf]',
    );
  });

  test('another content encoding: 415 that names the supported ones', async () => {
    const response = await post(otlp, protobuf, { ...asProtobuf, 'content-encoding': 'br' });
    expect(response.status).toBe(415);
    expect(await response.text()).toContain('gzip');
  });

  test('another method: 405 that names POST', async () => {
    const response = await fetch(otlp);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await response.text()).toBe('405 method not allowed, supported: [POST]');
  });

  test.each([
    ['/v1/metrics', protobuf, asProtobuf, ''],
    ['/v1/logs', '{"resourceLogs":[]}', asJson, '{}'],
  ])(
    '%s: taken and counted, so that SDKs log no failure',
    async (...[path, body, headers, answer]) => {
      for (const base of [hub.otlpUrl, hub.url]) {
        const response = await post(`${base}${path}`, body, headers);
        expect([response.status, await response.text()]).toEqual([200, answer]);
        expect(headers['content-type']).toContain(response.headers.get('content-type'));
      }
      const metrics = await (
        await fetch(`${hub.url}/metrics`, { headers: { accept: 'text/plain' } })
      ).text();
      const signal = path.slice('/v1/'.length);
      expect(metrics).toContain(`concordat_ingest_unkept_requests_total{signal="${signal}"} 2`);
    },
  );

  test('/v1/metrics: a body that is too large is refused', async () => {
    const response = await post(`${hub.otlpUrl}/v1/metrics`, Buffer.alloc(100_000_000), asProtobuf);
    expect(response.status).toBe(413);
  });

  test.each(['/', '/v1/trace', '/v1/metric'])('%s: 404 that names the right path', async (path) => {
    const response = await post(`${hub.otlpUrl}${path}`, protobuf, asProtobuf);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('POST /v1/traces');
  });
});

describe('POST /api/traces of the Thrift port', () => {
  test.each([
    ['as the exporter sends it', '/api/traces', asThrift],
    ['with a format in the query', '/api/traces?format=jaeger.thrift', asThrift],
    ['to the root, when the endpoint has no path', '/', asThrift],
    [
      'by its long name',
      '/api/traces',
      { 'content-type': 'application/vnd.apache.thrift.binary; v=1' },
    ],
  ])('%s: 202 without a body', async (_what, path, headers) => {
    const response = await post(`${hub.jaegerUrl}${path}`, thrift, headers);
    expect([response.status, await response.text()]).toEqual([202, '']);
  });

  test('the main port takes Thrift on the path of the search', async () => {
    expect((await post(`${hub.url}/api/traces`, thrift, asThrift)).status).toBe(202);
  });

  test.each([
    ['a batch that is cut off', thrift.subarray(0, 99), asThrift, '/api/traces', 400],
    ['another content type', thrift, asJson, '/api/traces', 400],
    ['no content type', thrift, { 'content-type': '' }, '/api/traces', 400],
    ['a 100 MB body', Buffer.alloc(100_000_000), asThrift, '/api/traces', 413],
    ['another path', thrift, asThrift, '/api/spans', 404],
  ])('%s is refused in words', async (...[, body, headers, path, status]) => {
    const response = await post(`${hub.jaegerUrl}${path}`, body, headers);
    expect(response.status).toBe(status);
    expect((await response.text()).length).toBeGreaterThan(10);
  });

  test('another method: 405 that names POST', async () => {
    const response = await fetch(jaeger);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

test('spans in the wrong order and twice make one trace, each span once, the root first', async () => {
  const [resourceSpans] = recorded.otlpJson.resourceSpans;
  const traceId = 'e'.repeat(32);
  const spans = resourceSpans.scopeSpans[0].spans.map((span: object) => ({ ...span, traceId }));
  for (const span of [...spans, ...spans].reverse()) {
    const body = { resourceSpans: [{ ...resourceSpans, scopeSpans: [{ spans: [span] }] }] };
    expect((await post(otlp, JSON.stringify(body), asJson)).status).toBe(200);
  }
  const response = await fetch(`${hub.url}/api/traces/${traceId}`);
  const answer = (await response.json()) as { data: [{ spans: { operationName: string }[] }] };
  const names = answer.data[0].spans.map((span) => span.operationName);
  expect([names.length, names[0]]).toEqual([spans.length, 'work']);
});

describe('with credentials configured', () => {
  let closed: TestHub;
  const user = { CONCORDAT_BASIC_AUTH_USERNAME: 'ci', CONCORDAT_BASIC_AUTH_PASSWORD: 'word' };
  const known = { authorization: `Basic ${Buffer.from('ci:word').toString('base64')}` };

  beforeAll(async () => {
    closed = await startTestHub({ env: user });
  });
  afterAll(async () => {
    await closed.close();
  });

  test('spans without credentials are refused on every port, and with them taken', async () => {
    const places = [
      { url: `${closed.url}/v1/traces`, body: protobuf, headers: asProtobuf },
      { url: `${closed.otlpUrl}/v1/traces`, body: protobuf, headers: asProtobuf },
      { url: `${closed.jaegerUrl}/api/traces`, body: thrift, headers: asThrift },
    ];
    for (const { url, body, headers } of places) {
      expect((await post(url, body, headers)).status).toBe(401);
      expect((await post(url, body, { ...headers, ...known })).ok).toBe(true);
    }
  });
});

/** resource_spans { scope_spans { spans { name: "a" } } } */
function requestWithoutIds(): Buffer {
  return Buffer.from([0x0a, 0x07, 0x12, 0x05, 0x12, 0x03, 0x2a, 0x01, 0x61]);
}
