import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call } from '@concordat/domain';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HubError } from '../../http/hub-error.ts';
import { type Listener, listen } from '../../http/listener.ts';
import { overloadedReceipt } from '../ingest/engine-receipts.ts';
import type { Ingest } from '../ingest/ingest.ts';
import { openIngestHere } from '../ingest/ingest-here.ts';
import type { ServiceSighting } from '../ingest/observed.ts';
import { AnswerCounts } from './answer-counts.ts';
import { BodyBudget } from './body-budget.ts';
import { createOtlpHandler } from './otlp-handler.ts';
import type { Receipt } from './span-intake.ts';
import { createThriftHandler } from './thrift-handler.ts';

const recorded = JSON.parse(
  readFileSync(
    new URL('../../../../../test/cases/traces/recorded-bodies.json', import.meta.url),
    'utf8',
  ),
);
const protobuf = new Uint8Array(Buffer.from(recorded.otlpProtobufBase64, 'base64'));
const thrift = new Uint8Array(Buffer.from(recorded.jaegerThriftBase64, 'base64'));
const page = 'https://page.example';

let directory: string;
let ingest: Ingest;
let take: Ingest['take'];
let otlp: Listener;
let jaeger: Listener;
let calls: Call[];
let seen: ServiceSighting[];
let logged: string[];
let answers: AnswerCounts;
let guard: () => void;
/** Long enough for every body that is sent at once. */
const bodyMillis = 1_500;
let onCalls: (calls: readonly Call[]) => void;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'concordat-receive-'));
  calls = [];
  seen = [];
  logged = [];
  onCalls = (told) => calls.push(...told);
  const log = (_level: string, message: string): void => void logged.push(message);
  answers = new AnswerCounts();
  guard = () => undefined;
  ingest = await openIngestHere(
    {
      dataDir: directory,
      forwardTo: undefined,
      keepsSpans: true,
      retentionHours: 1,
      retentionBytes: 1e9,
      pairingWindowSeconds: 20,
      transparentServices: [],
      maxQueuedBytes: 100_000,
    },
    {
      onObserved: (observed) => {
        onCalls(observed.calls);
        seen.push(...observed.services);
      },
      now: () => new Date(1_790_000_000_000),
      log,
    },
  );
  take = ingest.take;
  const receiving = {
    intake: { ...ingest, take: (body: Parameters<Ingest['take']>[0]) => take(body) },
    budget: new BodyBudget(20_000),
    answers,
    maxBodyBytes: 100_000,
    maxBodyMillis: bodyMillis,
    guard: () => guard(),
    log,
    corsOrigins: [page],
  };
  otlp = await listen(createOtlpHandler(receiving), {
    ...{ host: '127.0.0.1', port: 0 },
    answersHalfClosed: true,
  });
  jaeger = await listen(createThriftHandler(receiving), { host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await Promise.all([otlp.close(0), jaeger.close(0)]);
  await ingest.close();
  await rm(directory, { recursive: true, force: true });
});

function send(body: Uint8Array<ArrayBuffer> = protobuf, headers: Record<string, string> = {}) {
  return fetch(`${otlp.url}/v1/traces`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-protobuf', ...headers },
  });
}

function sendThrift() {
  const headers = { 'content-type': 'application/x-thrift' };
  return fetch(`${jaeger.url}/api/traces`, { method: 'POST', body: thrift, headers });
}

describe('a batch that is taken', () => {
  test('tells its calls and the versions it saw, once a batch', async () => {
    expect((await send()).status).toBe(200);
    await ingest.drain();
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      consumer: { service: 'web', version: '1.0.0', virtual: false },
      exchange: { method: 'GET', path: '/v1/orders/7', query: 'token=REDACTED', status: 500 },
      environment: 'production',
      failed: true,
    });
    expect(seen).toEqual([
      {
        service: 'web',
        version: '1.0.0',
        environment: 'production',
        traceId: calls[0]?.traceId,
        atMicros: expect.any(Number),
      },
    ]);
  });

  test('tells the same calls whichever exporter sent it', async () => {
    await send();
    await ingest.reader.services();
    expect((await sendThrift()).status).toBe(202);
    await ingest.drain();
    const [first, second] = calls.map(({ exchange, consumer, provider, environment }) => ({
      exchange,
      consumer,
      provider,
      environment,
    }));
    expect(second).toEqual(first);
    expect(ingest.counts().accepted).toMatchObject({
      'otlp-protobuf': 3,
      'otlp-json': 0,
      'jaeger-thrift': 3,
    });
  });

  test('twice tells its calls once', async () => {
    await send();
    await ingest.reader.services();
    await send();
    await ingest.drain();
    expect(calls).toHaveLength(1);
    expect(ingest.counts().pairing.duplicates).toBe(3);
  });

  test('that holds nothing tells nothing', async () => {
    expect((await send(new Uint8Array(0))).status).toBe(200);
    await ingest.drain();
    expect([calls, seen]).toEqual([[], []]);
  });
});

describe('too much at once', () => {
  test('a full queue answers 429 with Retry-After, keeps nothing, and counts it', async () => {
    take = async () => overloadedReceipt;
    const responses = [await send(), await sendThrift()];
    expect(responses.map((response) => response.status)).toEqual([429, 429]);
    expect(responses.map((response) => response.headers.get('retry-after'))).toEqual(['1', '1']);
    expect(answers.figures()).toEqual({
      'otlp-protobuf': { overloaded: 1 },
      'jaeger-thrift': { overloaded: 1 },
    });
    take = ingest.take;
    expect((await send()).status).toBe(200);
  });

  test('bodies that are read side by side share one bound', async () => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': '15000' };
    const held = request(`${otlp.url}/v1/traces`, { method: 'POST', headers });
    held.on('error', () => undefined);
    held.write(Buffer.alloc(10_000));
    await vi.waitFor(async () => {
      const refused = await send(new Uint8Array(15_000));
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    }, 10_000);
    held.destroy();
    await vi.waitFor(async () => {
      expect((await send(new Uint8Array(15_000))).status).toBe(400);
    }, 10_000);
  });

  test('who announces much and sends nothing keeps nobody out', async () => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': '19000' };
    const idle = request(`${otlp.url}/v1/traces`, { method: 'POST', headers });
    idle.on('error', () => undefined);
    idle.flushHeaders();
    expect((await send(new Uint8Array(15_000))).status).toBe(400);
    idle.destroy();
  });

  test('a body of unknown length that outgrows the bound is refused before its end', async () => {
    const headers = { 'content-type': 'application/x-protobuf' };
    const growing = request(`${otlp.url}/v1/traces`, { method: 'POST', headers });
    growing.write(Buffer.alloc(50_000));
    const [response] = await once(growing, 'response');
    expect([response.statusCode, response.headers['retry-after']]).toEqual([429, '1']);
    growing.destroy();
    expect((await send()).status).toBe(200);
  });
});

describe('credentials that do not allow it', () => {
  test.each([
    ['missing', new HubError('NOT_AUTHENTICATED', 'Who are you?'), 401, 16],
    ['not enough', new HubError('NOT_ALLOWED', 'Not you.'), 403, 7],
    ['of another kind', new HubError('UNSUPPORTED_SCHEME', 'Basic or Bearer.'), 400, 3],
  ])(
    '%s: a google.rpc.Status in the encoding of the request',
    async (...[, refusal, status, code]) => {
      guard = () => {
        throw refusal;
      };
      const binary = await send();
      expect([binary.status, binary.headers.get('content-type')]).toEqual([
        status,
        'application/x-protobuf',
      ]);
      const bytes = Buffer.from(await binary.arrayBuffer());
      expect([...bytes.subarray(0, 2)]).toEqual([8, code]);
      expect(bytes.toString()).toContain(refusal.message);
      const text = await send(protobuf, { 'content-type': 'application/json' });
      expect(text.status).toBe(status);
      expect(await text.json()).toEqual({ code, message: refusal.message });
      expect((await sendThrift()).status).toBe(status);
    },
  );
});

test('a sender that has closed its side gets the answer that takes a while', async () => {
  let release = (_receipt: Receipt): void => undefined;
  take = () =>
    new Promise((resolve) => {
      release = resolve;
    });
  const socket = connect({ port: otlp.port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.write(
    `POST /v1/traces HTTP/1.1\r\nhost: hub\r\ncontent-type: application/x-protobuf\r\ncontent-length: ${protobuf.length}\r\n\r\n`,
  );
  socket.end(protobuf);
  await once(socket, 'finish');
  const waiting = setTimeout(
    () => release({ kind: 'taken', accepted: 3, rejected: 0, reasons: [] }),
    50,
  );
  await once(socket, 'end');
  clearTimeout(waiting);
  expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
});

describe('a sender that is slow', () => {
  test('gets 503 when its body stalls, and its connection ends', async () => {
    const headers = { 'content-type': 'application/x-protobuf', 'content-length': '5000' };
    const stalling = request(`${otlp.url}/v1/traces`, { method: 'POST', headers });
    stalling.on('error', () => undefined);
    stalling.write(Buffer.alloc(100));
    const [response] = await once(stalling, 'response');
    expect([
      response.statusCode,
      response.headers['retry-after'],
      response.headers.connection,
    ]).toEqual([503, '1', 'close']);
    expect(answers.figures()).toEqual({ 'otlp-protobuf': { stalled: 1 } });
  });
});

describe('when something is wrong inside', () => {
  test('a hub that shuts down answers 503 with Retry-After, and concludes what waited', async () => {
    await ingest.close();
    const responses = [await send(), await sendThrift()];
    expect(responses.map((response) => response.status)).toEqual([503, 503]);
    expect(responses.map((response) => response.headers.get('retry-after'))).toEqual(['1', '1']);
  });

  test('a bug answers 503, is logged, and the next batch is taken', async () => {
    take = () => Promise.reject(new Error('bug'));
    const response = await send();
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(logged).toContain('receiving spans failed');
    take = ingest.take;
    expect((await sendThrift()).status).toBe(202);
  });

  test('a bug behind the queue is logged, and the next batch is told', async () => {
    onCalls = () => {
      throw new Error('bug');
    };
    expect((await send()).status).toBe(200);
    await ingest.drain();
    expect(logged).toContain('what came of spans could not be told');
    onCalls = (told) => calls.push(...told);
    await ingest.reader.services();
    expect((await sendThrift()).status).toBe(202);
    await ingest.drain();
    expect(calls).toHaveLength(1);
  });

  test('a body that cannot be decoded is counted', async () => {
    await send(new Uint8Array([1, 2, 3]));
    await send(new Uint8Array([1, 2, 3]), { 'content-encoding': 'gzip' });
    expect(ingest.counts()).toMatchObject({ decodeErrors: 1, unreadable: { 'otlp-protobuf': 1 } });
  });
});

describe('browsers', () => {
  const preflight = (origin: string) =>
    fetch(`${otlp.url}/v1/traces`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-team',
      },
    });

  test('a page of a listed origin may send', async () => {
    const asked = await preflight(page);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(page);
    expect(asked.headers.get('access-control-allow-headers')).toBe('content-type,x-team');
    const sent = await send(protobuf, { origin: page });
    expect(sent.headers.get('access-control-allow-origin')).toBe(page);
  });

  test('a page of another origin may not', async () => {
    const asked = await preflight('https://other.example');
    expect(asked.status).toBe(405);
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
  });
});
