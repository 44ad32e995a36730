import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startProxy } from './hub-proxy.ts';
import { observeRequest, senders, startTracedService } from './otel-services.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

// What readers and senders of traces were seen to stumble over; each test is named after one of them.

let hub: TestHub;
let otlpTrace = '';
let jaegerTrace = '';
const nowMs = Date.now();
const partial = '3'.repeat(32);
const short = `${'0'.repeat(16)}${'2'.repeat(16)}`;

// biome-ignore lint/suspicious/noExplicitAny: the answers are compared whole.
type Json = any;

async function ask(path: string): Promise<{ status: number; text: string; body: Json }> {
  const response = await fetch(`${hub.url}${path}`);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, text, body: isJson ? JSON.parse(text) : undefined };
}

function aSpan(traceId: string, more: object): object {
  return {
    traceId,
    spanId: 'd'.repeat(16),
    name: 'tidy',
    kind: 1,
    startTimeUnixNano: `${nowMs - 1_000}000000`,
    endTimeUnixNano: `${nowMs - 999}000000`,
    ...more,
  };
}

async function send(spans: readonly object[], service = 'team/a'): Promise<Response> {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] };
  return fetch(`${hub.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
  });
}

beforeAll(async () => {
  hub = await startTestHub();
  const request = { method: 'GET', path: '/v1/orders/7?card=4711&token=s3cret', status: 200 };
  for (const name of ['otlp', 'jaeger'] as const) {
    const web = startTracedService(`${name}-web`, senders[name](hub), '2.1.0');
    const orders = startTracedService(`${name}-orders`, senders[name](hub));
    const traceId = observeRequest(web, orders, request);
    if (name === 'otlp') otlpTrace = traceId;
    else jaegerTrace = traceId;
    await Promise.all([web.flush(), orders.flush()]);
  }
  const attributes = [
    { key: 'small', value: { intValue: 7 } },
    { key: 'big', value: { intValue: '9007199254740993' } },
  ];
  const answers = await Promise.all([
    send([aSpan(partial, { parentSpanId: 'e'.repeat(16), attributes })]),
    send([aSpan(short, {})]),
  ]);
  expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
  await vi.waitFor(async () => {
    for (const id of [otlpTrace, jaegerTrace])
      expect((await ask(`/api/traces/${id}`)).body.data[0].spans).toHaveLength(3);
  }, 10_000);
});
afterAll(async () => {
  await hub.close();
});

const window = (): string =>
  `query.startTimeMin=${new Date(nowMs - 3_600_000).toISOString()}&query.startTimeMax=${new Date(Date.now() + 1_000).toISOString()}`;

describe('reading', () => {
  test('1: the v1 search that Jaeger removed in 2.21 is still answered, because Grafana asks it', async () => {
    for (const path of [
      '/api/services',
      '/api/operations?service=otlp-web',
      '/api/services/otlp-web/operations',
      '/api/traces?service=otlp-web',
    ]) {
      const { status, body } = await ask(path);
      expect([path, status, body.errors]).toEqual([path, 200, null]);
      expect(body.data.length).toBeGreaterThan(0);
    }
  });

  test('2: API v3 and what of v1 the newer UI needs are answered beside each other', async () => {
    const { body } = await ask(`/api/v3/trace-summaries?${window()}`);
    const ids = body.summaries.map((one: { traceId: string }) => one.traceId);
    expect(ids).toContain(otlpTrace);
    for (const path of [
      '/api/v3/services',
      '/api/v3/operations?service=otlp-web',
      `/api/traces/${otlpTrace}`,
      '/api/dependencies',
      '/api/deep-dependencies?service=otlp-web',
    ])
      expect([path, (await ask(path)).status]).toEqual([path, 200]);
  });

  test.each([
    ['a list', '/api/services', 5],
    ['operations', '/api/operations?service=team/a', 1],
    ['a search', '/api/traces?service=team/a', 0],
    ['a search without result', '/api/traces?service=nobody', 0],
  ])(
    '3: errors are JSON null on success, and total counts lists only: %s',
    async (_what, path, total) => {
      const { text, body } = await ask(path);
      expect(text).toContain('"errors":null');
      expect(body).toMatchObject({ total, limit: 0, offset: 0 });
    },
  );

  test('3: one trace answers errors null as well', async () => {
    expect((await ask(`/api/traces/${otlpTrace}`)).text).toMatch(
      /"total":0,"limit":0,"offset":0,"errors":null\}$/,
    );
  });

  test('4: no answer holds a trace without spans, for Grafana looks at the first', async () => {
    for (const path of [
      '/api/traces',
      '/api/traces?service=nobody',
      '/api/traces?tags={"no":"such"}',
    ])
      for (const trace of (await ask(encodeURI(path))).body.data)
        expect(trace.spans.length).toBeGreaterThan(0);
    expect((await ask(`/api/traces/${'4'.repeat(32)}`)).status).toBe(404);
  });

  test.each(['otlp', 'jaeger'])(
    '4: the root stands first, though it was sent last: %s',
    async (name) => {
      const { body } = await ask(`/api/traces/${name === 'otlp' ? otlpTrace : jaegerTrace}`);
      expect(body.data[0].spans[0]).toMatchObject({ operationName: 'work', references: [] });
    },
  );

  test('5: times, durations and counts are JSON integers, for Go reads them into int64', async () => {
    const texts = await Promise.all(
      ['/api/traces', '/api/dependencies', `/api/v3/trace-summaries?${window()}`].map(ask),
    );
    const integers =
      /"(?:startTime|duration|timestamp|callCount|spanCount|errorSpanCount|orphanSpanCount)":([^,}\]]+)/g;
    const found = texts.flatMap(({ text }) =>
      [...text.matchAll(integers)].map(([, value]) => value),
    );
    expect(found.length).toBeGreaterThan(20);
    for (const value of found) expect(value).toMatch(/^\d+$/);
  });

  test('5: integers beyond 2^53 are decimal strings, smaller ones are numbers', async () => {
    const { text } = await ask(`/api/traces/${partial}`);
    expect(text).toContain('{"key":"small","type":"int64","value":7}');
    expect(text).toContain('{"key":"big","type":"int64","value":"9007199254740993"}');
  });

  test('the path of Grafana’s Go backend: the slash of team/a stays unescaped', async () => {
    expect((await ask('/api/services/team/a/operations')).body.data).toEqual(['tidy']);
  });

  test('an empty service means any', async () => {
    const all = await ask('/api/traces?service=');
    expect(all.body.data).toHaveLength(4);
  });

  test('summaries tell trace ids with all 32 digits, v1 the short form', async () => {
    const { body } = await ask(`/api/v3/trace-summaries?${window()}`);
    for (const { traceId } of body.summaries) expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect((await ask(`/api/traces/${short}`)).body.data[0].traceID).toBe(short.slice(16));
  });

  test('summaries tell times as decimal strings', async () => {
    const { body } = await ask(`/api/v3/trace-summaries?${window()}`);
    for (const { minStartTimeUnixNano, maxEndTimeUnixNano } of body.summaries)
      expect(`${minStartTimeUnixNano} ${maxEndTimeUnixNano}`).toMatch(/^\d{19} \d{19}$/);
  });

  test('API v3 answers 404 where no trace is found, and summaries an empty list', async () => {
    const nothing = { error: { httpCode: 404, message: 'No traces found' } };
    expect(await ask(`/api/v3/traces?${window()}&query.serviceName=nobody`)).toMatchObject({
      status: 404,
      body: nothing,
    });
    expect(await ask(`/api/v3/traces/${'4'.repeat(32)}`)).toMatchObject({
      status: 404,
      body: nothing,
    });
    const { status, body } = await ask(
      `/api/v3/trace-summaries?${window()}&query.serviceName=nobody`,
    );
    expect([status, body]).toEqual([200, { summaries: [] }]);
  });

  test.each([
    ['milliseconds', nowMs - 60_000, nowMs + 60_000],
    ['microseconds', (nowMs - 60_000) * 1000, (nowMs + 60_000) * 1000],
    ['milliseconds of another day', nowMs - 172_800_000, nowMs - 86_400_000],
  ])('Grafana’s time beside a trace id is a hint: %s', async (_unit, start, end) => {
    const { status, body } = await ask(`/api/traces/${otlpTrace}?start=${start}&end=${end}`);
    expect([status, body.data[0].spans.length]).toEqual([200, 3]);
  });

  test('the first link to a service of the deep dependency page asks from 0 to 0', async () => {
    for (const path of ['/api/deep-dependencies', '/analytics/v1/dependencies']) {
      const { body } = await ask(`${path}?end=0&service=otlp-orders&start=0`);
      expect(body.dependencies).toEqual([
        {
          path: [
            { service: 'otlp-web', operation: 'work' },
            { service: 'otlp-orders', operation: 'GET /v1/orders/:id' },
          ],
          attributes: [{ key: 'exemplar_trace_id', value: otlpTrace }],
        },
      ]);
    }
  });

  test('a trace that is not complete says so', async () => {
    const { body } = await ask(`/api/traces/${partial}`);
    expect(body.data[0].warnings).toEqual([
      'The trace is not complete: the parents of 1 of its spans are not here.',
    ]);
    expect(body.data[0].spans[0].warnings[0]).toContain('e'.repeat(16));
    const { body: summaries } = await ask(`/api/v3/trace-summaries?${window()}`);
    const orphans = summaries.summaries.map((one: Json) => [one.traceId, one.orphanSpanCount]);
    expect(orphans).toContainEqual([partial, 1]);
  });

  test('reading does not change what is stored', async () => {
    const raw = (await ask(`/api/traces/${partial}?raw=true`)).text;
    await ask(`/api/traces/${partial}`);
    await ask(`/api/v3/traces/${partial}`);
    expect((await ask(`/api/traces/${partial}?raw=true`)).text).toBe(raw);
  });

  test('below a path of a proxy, as Grafana’s sub-path, everything answers as at the root', async () => {
    const proxy = await startProxy(hub, '/team/traces');
    for (const path of [
      '/api/services',
      '/api/services/team/a/operations',
      `/api/traces/${otlpTrace}`,
      '/api/v3/services',
    ]) {
      const below = await fetch(`${proxy.url}${path}`);
      expect([path, below.status, await below.text()]).toEqual([path, 200, (await ask(path)).text]);
    }
  });

  test('an unknown path of the API is a 404 in plain text, and no page', async () => {
    expect(await ask('/api/nothing/here')).toEqual({
      status: 404,
      text: '404 page not found\n',
      body: undefined,
    });
  });
});

describe('ingest', () => {
  test('6: a body without Content-Length is taken, and measured while it comes', async () => {
    const traceId = '6'.repeat(32);
    const span = {
      ...aSpan(traceId, {}),
      startTimeUnixNano: '1000000',
      endTimeUnixNano: '2000000',
    };
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
    const post = (chunks: readonly string[]): Promise<Response> =>
      fetch(`${hub.otlpUrl}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: ReadableStream.from(chunks.map((chunk) => Buffer.from(chunk))),
        duplex: 'half',
      } as RequestInit);
    expect((await post([body.slice(0, 50), body.slice(50)])).status).toBe(200);
    expect((await ask(`/api/traces/${traceId}`)).status).toBe(200);
    const tooMuch = Array.from({ length: 70 }, () => ' '.repeat(1_048_576));
    expect((await post([body, ...tooMuch])).status).toBe(413);
  });

  test('7: whole numbers come as JSON numbers and as text, and both are int64', async () => {
    const tags = (await ask(`/api/traces/${partial}`)).body.data[0].spans[0].tags;
    expect(tags.slice(0, 2).map((tag: Json) => tag.type)).toEqual(['int64', 'int64']);
  });

  test('8: exporter-jaeger names no format in the query, and its spans are here', async () => {
    expect((await ask(`/api/traces/${jaegerTrace}`)).body.data[0].spans).toHaveLength(3);
  });

  test('9: what exporter-jaeger does to types and resources is undone', async () => {
    const [told, sent] = await Promise.all(
      [jaegerTrace, otlpTrace].map(async (id) => (await ask(`/api/traces/${id}`)).body.data[0]),
    );
    const server = (trace: Json): Json =>
      trace.spans.find((span: Json) => span.operationName === 'GET /v1/orders/:id');
    const status = { key: 'http.response.status_code', type: 'int64', value: 200 };
    expect(server(told).tags).toContainEqual(status);
    const keys = (tags: readonly { key: string }[]): string[] =>
      tags
        .map((tag) => tag.key)
        .filter((key) => !key.startsWith('telemetry.'))
        .sort();
    expect(keys(server(told).tags)).toEqual(keys(server(sent).tags));
    const process = (trace: Json): Json => trace.processes[server(trace).processID];
    expect(keys(process(told).tags)).toEqual(expect.arrayContaining(keys(process(sent).tags)));
    expect(process(told).tags).toContainEqual({
      key: 'service.version',
      type: 'string',
      value: '1.0.0',
    });
  });

  test('13: a client span is called GET, and its call is known all the same', async () => {
    await vi.waitFor(async () => {
      const { body } = await ask('/api/dependencies');
      expect(body.data).toContainEqual({ parent: 'otlp-web', child: 'otlp-orders', callCount: 1 });
    }, 10_000);
  });

  test('16: secrets in URLs are gone before anybody reads them', async () => {
    for (const id of [otlpTrace, jaegerTrace])
      for (const path of [`/api/traces/${id}?raw=true`, `/api/v3/traces/${id}`]) {
        const { text } = await ask(path);
        expect(text).not.toContain('s3cret');
        expect(text).toContain('token=REDACTED');
      }
  });

  test('19: the dependencies are here at once and without a job', async () => {
    const { body } = await ask(`/api/dependencies?endTs=${Date.now()}&lookback=604800000`);
    expect(body.data).toContainEqual(expect.objectContaining({ parent: 'jaeger-web' }));
  });
});
