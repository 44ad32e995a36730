import { readFileSync } from 'node:fs';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { send } from './exact-request.ts';
import { connectRaw, type RawConnection } from './raw-connection.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

const recorded = JSON.parse(
  readFileSync(new URL('../cases/traces/recorded-bodies.json', import.meta.url), 'utf8'),
);
const body = Buffer.from(recorded.otlpProtobufBase64, 'base64');
const page = 'https://shop.example';

let hub: TestHub;
let connection: RawConnection;

beforeAll(async () => {
  hub = await startTestHub({ env: { CONCORDAT_OTLP_CORS_ORIGINS: page } });
});
afterAll(async () => {
  connection.close();
  await hub.close();
});

function head(...lines: readonly string[]): string {
  const all = ['POST /v1/traces HTTP/1.1', 'host: hub', 'content-type: application/x-protobuf'];
  return `${[...all, ...lines].join('\r\n')}\r\n\r\n`;
}
const whole = head(`content-length: ${body.length}`);
const statuses = (text: string): readonly string[] =>
  Array.from(text.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status = '']) => status);

describe.each([
  ['the OTLP port', () => String(hub.otlpUrl)],
  ['the main port', () => hub.url],
])('on a connection to %s', (_where, url) => {
  test('requests that are sent one behind the other are all answered, in order', async () => {
    connection = await connectRaw(url());
    connection.write(whole, body, head('content-length: 3'), 'xyz', whole, body);
    const text = await connection.until(/(HTTP\/1\.1 \d+[\s\S]*?\r\n\r\n[\s\S]*){3}/);
    expect(statuses(text)).toEqual(['200', '400', '200']);
  });

  test.each([
    ['undecodable', '400', head('content-length: 3'), 'xyz'],
    ['of an unknown encoding', '415', head('content-length: 3', 'content-encoding: br'), 'xyz'],
    ['no gzip', '400', head('content-length: 3', 'content-encoding: gzip'), 'xyz'],
    ['too large as announced', '413', head('content-length: 70000000'), Buffer.alloc(70_000_000)],
  ])('a body that is %s does not end it', async (...[, status, headers, bytes]) => {
    connection = await connectRaw(url());
    connection.write(headers, bytes, whole, body);
    const text = await connection.until(/HTTP\/1\.1 200/);
    expect(statuses(text)).toEqual([status, '200']);
  });

  test('chunks of any size make one body', async () => {
    connection = await connectRaw(url());
    const chunk = (bytes: Buffer): Buffer =>
      Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
    connection.write(head('transfer-encoding: chunked'));
    for (let at = 0; at < body.length; at += 97)
      connection.write(chunk(body.subarray(at, at + 97)));
    connection.write('0\r\n\r\n');
    expect(statuses(await connection.until(/HTTP\/1\.1 \d+/))).toEqual(['200']);
  });

  test('who expects 100 Continue gets it, and then the answer', async () => {
    connection = await connectRaw(url());
    connection.write(head(`content-length: ${body.length}`, 'expect: 100-continue'));
    await connection.until(/HTTP\/1\.1 100 Continue/);
    connection.write(body);
    expect(statuses(await connection.until(/HTTP\/1\.1 200/))).toEqual(['100', '200']);
  });

  test('who goes away in the middle of a body leaves a hub that goes on', async () => {
    connection = await connectRaw(url());
    connection.write(whole, body.subarray(0, 100));
    connection.close();
    connection = await connectRaw(url());
    connection.write(whole, body);
    expect(statuses(await connection.until(/HTTP\/1\.1 \d+/))).toEqual(['200']);
  });

  test('what is no HTTP is answered 400, and the connection ends', async () => {
    connection = await connectRaw(url());
    connection.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    expect(statuses(await connection.ended())).toEqual(['400']);
  });

  test.each(['HEAD', 'GET', 'PUT', 'DELETE', 'OPTIONS'])(
    '%s: 405 that names POST',
    async (method) => {
      const answer = await send({ url: url() }, { method, path: '/v1/traces' });
      expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
      expect(answer.text).toBe(
        method === 'HEAD' ? '' : '405 method not allowed, supported: [POST]',
      );
    },
  );

  test.each([
    ['APPLICATION/X-PROTOBUF'],
    ['application/x-protobuf; charset=utf-8'],
    ['application/x-protobuf ;messageType=x'],
  ])('the content type %s is protobuf', async (type) => {
    const response = await post(`${url()}/v1/traces`, body, { 'content-type': type });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/x-protobuf',
    ]);
  });

  test.each([
    ['gzip', gzipSync(body)],
    ['GZIP', gzipSync(body)],
    ['deflate', deflateSync(body)],
    ['identity', body],
    ['gzip', Buffer.concat([gzipSync(body.subarray(0, 99)), gzipSync(body.subarray(99))])],
  ])('the content encoding %s is understood', async (encoding, packed) => {
    const response = await post(`${url()}/v1/traces`, packed, { 'content-encoding': encoding });
    expect(response.status).toBe(200);
  });

  test.each(['/v1/traces', '/v1/metrics', '/v1/logs'])(
    'a page of a listed origin may send to %s, and reads answers of every kind',
    async (path) => {
      const preflight = await fetch(`${url()}${path}`, {
        method: 'OPTIONS',
        headers: { origin: page, 'access-control-request-method': 'POST' },
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-methods')).toBe('POST');
      for (const type of ['application/x-protobuf', 'text/plain']) {
        const answer = await fetch(`${url()}${path}`, {
          method: 'POST',
          headers: { origin: page, 'content-type': type },
          body: 'xyz',
        });
        expect(answer.headers.get('access-control-allow-origin')).toBe(page);
        expect(answer.headers.get('vary')).toBe('Origin');
      }
    },
  );
});

test('who has said everything and closes its side still gets the answer', async () => {
  connection = await connectRaw(String(hub.otlpUrl));
  connection.write(whole, body);
  connection.end();
  expect(statuses(await connection.ended())).toEqual(['200']);
});

test.each(['/', '/v1/trace', '/v1/traces/', '/v1/metric'])(
  'what is posted to %s of the OTLP port is told the right path, in plain text',
  async (path) => {
    const response = await post(`${hub.otlpUrl}${path}`, body);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('POST /v1/traces');
  },
);

function post(url: string, bytes: Buffer, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: new Uint8Array(bytes),
    headers: { 'content-type': 'application/x-protobuf', ...headers },
  });
}
