import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp, type MountedRouter } from '../../http/app.ts';
import { spansOf } from '../decode/column-batch.ts';
import { decodeOtlpJson } from '../decode/decode-otlp-json.ts';
import type { StoredTrace } from '../store/trace-reader.ts';
import { JaegerReadError } from './jaeger-read-error.ts';
import type { TraceReading } from './question.ts';
import { tracesRoutes } from './traces-routes.ts';
import { unknownApi } from './unknown-api.ts';

const traceId = 'a'.repeat(32);

function bodyOf(spans: number, id = traceId): object {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
  const list = Array.from({ length: spans }, (_, at) => ({
    traceId: id,
    spanId: (at + 1).toString(16).padStart(16, '0'),
    name: `span ${at}`,
    startTimeUnixNano: '1790000000000000000',
    endTimeUnixNano: '1790000000000001000',
  }));
  return { resourceSpans: [{ resource, scopeSpans: [{ spans: list }] }] };
}

function aTrace(spans: number): StoredTrace {
  return { traceId, spans: spansOf(decodeOtlpJson(Buffer.from(JSON.stringify(bodyOf(spans))))) };
}

const large = aTrace(1_000);
const archived: string[] = [];

const reading: TraceReading = {
  traces: {
    services: () => Promise.reject(new JaegerReadError('Jaeger does not answer.', 502)),
    operations: () => Promise.reject(new Error('a bug')),
    trace: async (id) => (id === traceId ? large : undefined),
    search: async () => [],
    archive: () => Promise.reject(new JaegerReadError('This Jaeger keeps no archive.', 501)),
  },
  now: () => new Date(1_790_000_000_000),
};

const keeping: TraceReading = {
  ...reading,
  traces: {
    ...reading.traces,
    archive: async (id) => {
      archived.push(id);
      return id === traceId;
    },
  },
};

const servers: Server[] = [];
let url = '';
let keepingUrl = '';

async function serve(deps: TraceReading): Promise<string> {
  const routes = tracesRoutes({
    ...deps,
    receiveThrift: (_request, response) => response.end('thrift'),
  });
  const routers: readonly MountedRouter[] = [
    { routes, under: ['api', 'analytics'] },
    { routes: unknownApi, under: ['api'] },
  ];
  const app = createApp({
    guard: (_request, _response, next) => next(),
    routers,
    baseUrls: [],
    log: () => undefined,
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  url = await serve(reading);
  keepingUrl = await serve(keeping);
});
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

// biome-ignore lint/suspicious/noExplicitAny: the answers are compared whole.
async function answerTo(request: Promise<Response>): Promise<{ status: number; body: any }> {
  const response = await request;
  return { status: response.status, body: await response.json() };
}

function refusal(code: number, msg: string | RegExp): object {
  const text = typeof msg === 'string' ? msg : expect.stringMatching(msg);
  const errors = [{ code, msg: text }];
  return { status: code, body: { data: null, total: 0, limit: 0, offset: 0, errors } };
}

describe('a large trace', () => {
  test('comes in chunks, and is the same JSON', async () => {
    const response = await fetch(`${url}/api/traces/${traceId}`);
    expect(response.headers.get('content-length')).toBeNull();
    expect(response.headers.get('content-type')).toBe('application/json;charset=utf-8');
    const { data } = (await response.json()) as { data: readonly { spans: readonly unknown[] }[] };
    expect(data[0]?.spans).toHaveLength(1_000);
  });

  test('comes in chunks of v3 too', async () => {
    const { body } = await answerTo(fetch(`${url}/api/v3/traces/${traceId}`));
    expect(body.result.resourceSpans[0].scopeSpans[0].spans).toHaveLength(1_000);
  });

  test('is laid out for people when they ask', async () => {
    const compact = await (await fetch(`${url}/api/traces/${traceId}`)).json();
    for (const wish of ['true', '1', 'yes']) {
      const pretty = await fetch(`${url}/api/traces/${traceId}?prettyPrint=${wish}`);
      expect(await pretty.text()).toBe(JSON.stringify(compact, null, 4));
    }
    const plain = await fetch(`${url}/api/traces/${traceId}?prettyPrint=false`);
    expect(await plain.text()).toBe(JSON.stringify(compact));
  });

  test('is not made to its end for a client that goes away', async () => {
    const stop = new AbortController();
    const response = await fetch(`${url}/api/traces/${traceId}?prettyPrint=true`, {
      signal: stop.signal,
    });
    await response.body?.getReader().read();
    stop.abort();
    expect((await fetch(`${url}/api/traces?service=a`)).status).toBe(200);
  });
});

describe('archiving', () => {
  test('is told to be missing where traces cannot be kept', async () => {
    expect(await answerTo(fetch(`${url}/api/archive/${traceId}`, { method: 'POST' }))).toEqual(
      refusal(501, 'This Jaeger keeps no archive.'),
    );
  });

  test('keeps a trace, and tells of one that is not there or no id', async () => {
    const post = (id: string) =>
      answerTo(fetch(`${keepingUrl}/api/archive/${id}`, { method: 'POST', body: '{}' }));
    expect(await post('A'.repeat(32))).toEqual({
      status: 200,
      body: { data: [], total: 0, limit: 0, offset: 0, errors: null },
    });
    expect(await post('b')).toEqual(refusal(404, 'trace not found'));
    expect(await post('x')).toEqual(refusal(400, /not a trace id/));
    expect(archived).toEqual([traceId, 'b'.padStart(32, '0')]);
  });
});

describe('a file of OTLP/JSON', () => {
  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    answerTo(fetch(`${url}/api/transform`, { method: 'POST', body, headers }));

  test('is told as traces, whatever type it is sent with, and without its secrets', async () => {
    const [group] = (bodyOf(2) as { resourceSpans: object[] }).resourceSpans;
    const other = (bodyOf(1, 'b'.repeat(32)) as { resourceSpans: object[] }).resourceSpans;
    const secret = structuredClone(other) as never as [
      { scopeSpans: [{ spans: [Record<string, unknown>] }] },
    ];
    secret[0].scopeSpans[0].spans[0].attributes = [
      { key: 'url.query', value: { stringValue: 'token=s3cret' } },
    ];
    const text = JSON.stringify({ resourceSpans: [group, ...secret] });
    const { status, body } = await post(text);
    expect([status, body.errors]).toEqual([200, null]);
    expect(body.data.map((trace: { spans: unknown[] }) => trace.spans.length)).toEqual([2, 1]);
    expect(JSON.stringify(body)).not.toContain('s3cret');
    const packed = await post(gzipSync(text), { 'content-encoding': 'gzip' });
    expect(packed.body).toEqual(body);
    expect((await post('{}')).body.data).toEqual([]);
  });

  test.each([
    ['not json', '{', 400, /not JSON/],
    ['no object', '[]', 400, /must be a JSON object/],
    ['no list', '{"resourceSpans":{}}', 400, /'resourceSpans' must be a list/],
    ['only spans without ids', JSON.stringify(bodyOf(1, '')), 400, /No span could be read: 1 × /],
    ['too many bytes', `"${' '.repeat(16_800_000)}"`, 413, /larger than 16777216 bytes/],
  ])('%s is refused', async (...[, body, status, message]) => {
    expect(await post(body)).toEqual(refusal(status, message));
  });

  test('of which not every span could be read says so', async () => {
    const { resourceSpans } = bodyOf(1) as { resourceSpans: object[] };
    const broken = (bodyOf(1, '12') as { resourceSpans: object[] }).resourceSpans;
    const text = JSON.stringify({ resourceSpans: [...resourceSpans, ...broken] });
    const { body } = await post(text);
    expect(body.data[0].warnings).toEqual([expect.stringMatching(/^Not read from the file: 1 × /)]);
  });

  test('of an unknown or broken encoding is refused', async () => {
    expect(await post('x', { 'content-encoding': 'br' })).toEqual(
      refusal(400, /'br' is not known/),
    );
    expect(await post('x', { 'content-encoding': 'gzip' })).toEqual(
      refusal(400, /not complete gzip/),
    );
  });
});

describe('the reader’s own failures', () => {
  test('are told in the shape of the API, with the status they have', async () => {
    expect(await answerTo(fetch(`${url}/api/services`))).toEqual(
      refusal(502, 'Jaeger does not answer.'),
    );
    expect(await answerTo(fetch(`${url}/api/v3/services`))).toEqual({
      status: 502,
      body: { error: { httpCode: 502, message: 'Jaeger does not answer.' } },
    });
  });

  test('that are bugs are told as everywhere in the hub', async () => {
    expect((await fetch(`${url}/api/operations?service=a`)).status).toBe(500);
  });
});

describe('methods and paths', () => {
  test.each([
    ['OPTIONS', '/api/services', 200, null],
    ['HEAD', '/api/services', 405, 'GET, OPTIONS'],
    ['POST', '/api/services', 405, 'GET, OPTIONS'],
    ['DELETE', '/api/traces', 405, 'GET, POST, OPTIONS'],
    ['GET', '/api/transform', 405, 'POST, OPTIONS'],
    ['GET', '/api/archive/1', 405, 'POST, OPTIONS'],
    ['PUT', '/api/v3/traces/1', 405, 'GET, OPTIONS'],
    ['POST', '/api/services/team/a/operations', 405, 'GET, OPTIONS'],
    ['POST', '/api/nothing', 404, null],
    ['GET', '/api/v3/nothing', 404, null],
    ['GET', '/api', 404, null],
  ])('%s %s: %d', async (...[method, path, status, allow]) => {
    const response = await fetch(`${url}${path}`, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([status, allow]);
  });

  test.each(['text/plain', 'application/x-protobuf', 'application/hal+json', 'text/html'])(
    'who accepts %s only gets JSON all the same',
    async (accept) => {
      for (const path of ['/api/traces?service=a', '/api/v3/capabilities']) {
        const answer = await fetch(`${url}${path}`, { headers: { accept } });
        expect([answer.status, answer.headers.get('content-type')]).toEqual([
          200,
          'application/json;charset=utf-8',
        ]);
      }
    },
  );

  test('the collector shares one path with the search', async () => {
    const answer = await fetch(`${url}/api/traces`, { method: 'POST', body: 'x' });
    expect(await answer.text()).toBe('thrift');
  });

  test('a search for spans is not implemented, and the capabilities say so', async () => {
    const search = { withoutServiceName: true, sameSpanConjunction: true };
    expect(await answerTo(fetch(`${url}/api/v3/capabilities`))).toEqual({
      status: 200,
      body: { search },
    });
    expect((await fetch(`${url}/api/v3/spans`)).status).toBe(501);
  });

  test('deep dependencies need a service', async () => {
    const message = "parameter 'service' is required";
    expect(await answerTo(fetch(`${url}/api/deep-dependencies`))).toEqual(refusal(400, message));
    expect((await answerTo(fetch(`${url}/analytics/v1/dependencies?service=a`))).body).toEqual({
      dependencies: [],
    });
  });

  test('ids may be asked for again and again, but not without end', async () => {
    const many = Array.from({ length: 101 }, () => 'traceID=1').join('&');
    expect(await answerTo(fetch(`${url}/api/traces?${many}`))).toEqual(
      refusal(400, /100 times, and is 101/),
    );
    const twice = await answerTo(fetch(`${url}/api/traces?traceID=1&traceID=01&raw=true`));
    expect(twice.body.errors).toEqual([
      { code: 404, msg: 'trace not found', traceID: '1'.padStart(16, '0') },
    ]);
  });
});
