import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from './start-hub.ts';

let hub: TestHub;
const nowMs = Date.now();

interface SentSpan {
  readonly trace: string;
  readonly span: string;
  readonly parent?: string;
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly startMs: number;
  readonly durationMs?: number;
  readonly attributes?: Readonly<Record<string, object>>;
  readonly status?: number;
}

function attributesOf(values: Readonly<Record<string, object>>): object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

function toOtlp(sent: SentSpan): object {
  const resource = attributesOf({
    'service.name': { stringValue: sent.service },
    zone: { stringValue: 'north' },
  });
  const span = {
    traceId: sent.trace,
    spanId: sent.span,
    parentSpanId: sent.parent ?? '',
    name: sent.name,
    kind: sent.kind,
    startTimeUnixNano: `${sent.startMs}123456`,
    endTimeUnixNano: `${sent.startMs + (sent.durationMs ?? 10)}123456`,
    attributes: attributesOf(sent.attributes ?? {}),
    status: { code: sent.status ?? 0 },
    events: [
      {
        timeUnixNano: `${sent.startMs}200000`,
        name: 'note',
        attributes: attributesOf({ step: { intValue: 3 } }),
      },
    ],
  };
  return {
    resource: { attributes: resource },
    scopeSpans: [{ scope: { name: 'http', version: '0.1' }, spans: [span] }],
  };
}

const long = '1'.repeat(32);
const short = `${'0'.repeat(16)}${'2'.repeat(16)}`;
const lone = '3'.repeat(32);
const spans: readonly SentSpan[] = [
  {
    trace: long,
    span: 'b'.repeat(16),
    parent: 'a'.repeat(16),
    service: 'team/orders',
    name: 'GET /orders',
    kind: 2,
    startMs: nowMs - 5_000,
    attributes: {
      'http.request.method': { stringValue: 'GET' },
      'http.response.status_code': { intValue: 404 },
      big: { intValue: '9007199254740993' },
      ratio: { doubleValue: 0.5 },
      cached: { boolValue: false },
      list: { arrayValue: { values: [{ stringValue: 'a' }] } },
    },
    status: 2,
  },
  {
    trace: long,
    span: 'a'.repeat(16),
    service: 'web',
    name: 'GET',
    kind: 3,
    startMs: nowMs - 5_000,
    durationMs: 1_500,
  },
  {
    trace: short,
    span: 'c'.repeat(16),
    service: 'web',
    name: 'GET',
    kind: 3,
    startMs: nowMs - 60_000,
  },
  {
    trace: lone,
    span: 'd'.repeat(16),
    parent: 'e'.repeat(16),
    service: 'jobs',
    name: 'tidy',
    kind: 0,
    startMs: nowMs - 600_000,
  },
];

beforeAll(async () => {
  hub = await startTestHub();
  const response = await fetch(`${hub.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: spans.map(toOtlp) }),
  });
  expect(await response.json()).toEqual({});
});
afterAll(async () => {
  await hub.close();
});

// biome-ignore lint/suspicious/noExplicitAny: the answers are compared whole.
async function ask(path: string): Promise<{ status: number; body: any }> {
  const response = await fetch(`${hub.url}${path}`);
  return { status: response.status, body: await response.json() };
}

async function found(query: Record<string, string>): Promise<readonly string[]> {
  const { status, body } = await ask(`/api/traces?${new URLSearchParams(query)}`);
  expect([status, body.errors]).toEqual([200, null]);
  return body.data.map((trace: { traceID: string }) => trace.traceID);
}

const shortId = '2'.repeat(16);

describe('traps of the readers', () => {
  test('errors are null and not an empty list, because Grafana takes a list for a failure', async () => {
    const { body } = await ask('/api/services');
    expect(body).toEqual({
      data: ['jobs', 'team/orders', 'web'],
      total: 3,
      limit: 0,
      offset: 0,
      errors: null,
    });
  });

  test('a search that finds nothing answers an empty list and never a trace without spans', async () => {
    const { status, body } = await ask('/api/traces?service=nobody');
    expect([status, body.data, body.errors]).toEqual([200, [], null]);
  });

  test('the root stands first though its child came first and started with it', async () => {
    const { body } = await ask(`/api/traces/${long}`);
    expect(body.data[0].spans.map((span: { spanID: string }) => span.spanID)).toEqual([
      'a'.repeat(16),
      'b'.repeat(16),
    ]);
  });

  test('startTime, duration and timestamp are JSON integers', async () => {
    const response = await fetch(`${hub.url}/api/traces/${long}`);
    const text = await response.text();
    const numbers = [...text.matchAll(/"(?:startTime|duration|timestamp|callCount)":([^,}]+)/g)];
    expect(numbers.length).toBeGreaterThanOrEqual(6);
    for (const [, number] of numbers) expect(number).toMatch(/^\d+$/);
  });

  test('a service with a slash is asked for unescaped, as Grafana does', async () => {
    const { body } = await ask('/api/services/team/orders/operations');
    expect(body.data).toEqual(['GET /orders']);
    expect((await ask('/api/services/team%2Forders/operations')).body.data).toEqual([
      'GET /orders',
    ]);
  });

  test('an empty service means any, as Grafana asks for all', async () => {
    expect(await found({ service: '' })).toEqual([long, shortId, lone]);
  });

  test('the times beside a trace id are a hint only, in milliseconds or microseconds', async () => {
    for (const start of [nowMs - 86_400_000_000, 1, nowMs * 1000]) {
      const { status } = await ask(`/api/traces/${long}?start=${start}&end=${start + 10}`);
      expect(status).toBe(200);
    }
  });
});

describe('a trace', () => {
  test('has tags of every type, lists that are never null, and logs', async () => {
    const { body } = await ask(`/api/traces/${long}`);
    const [trace] = body.data;
    const child = trace.spans[1];
    expect(trace).toMatchObject({ traceID: long, warnings: null });
    expect(child).toMatchObject({
      traceID: long,
      operationName: 'GET /orders',
      references: [{ refType: 'CHILD_OF', traceID: long, spanID: 'a'.repeat(16) }],
      startTime: (nowMs - 5_000) * 1000 + 123,
      duration: 10_000,
      logs: [
        {
          timestamp: (nowMs - 5_000) * 1000 + 200,
          fields: [
            { key: 'event', type: 'string', value: 'note' },
            { key: 'step', type: 'int64', value: 3 },
          ],
        },
      ],
      warnings: null,
    });
    expect(child.tags).toEqual([
      { key: 'http.request.method', type: 'string', value: 'GET' },
      { key: 'http.response.status_code', type: 'int64', value: 404 },
      { key: 'big', type: 'int64', value: '9007199254740993' },
      { key: 'ratio', type: 'float64', value: 0.5 },
      { key: 'cached', type: 'bool', value: false },
      { key: 'list', type: 'string', value: '["a"]' },
      { key: 'span.kind', type: 'string', value: 'server' },
      { key: 'otel.status_code', type: 'string', value: 'ERROR' },
      { key: 'error', type: 'bool', value: true },
      { key: 'otel.scope.name', type: 'string', value: 'http' },
      { key: 'otel.scope.version', type: 'string', value: '0.1' },
    ]);
    expect(trace.spans[0].references).toEqual([]);
    expect(trace.processes[child.processID]).toEqual({
      serviceName: 'team/orders',
      tags: [{ key: 'zone', type: 'string', value: 'north' }],
    });
  });

  test.each([
    ['32 digits', short],
    ['the short form', shortId],
    ['upper case', short.toUpperCase()],
    ['base64', encodeURIComponent(Buffer.from(short, 'hex').toString('base64'))],
  ])('is found by %s of its id, and is told by the short one', async (_what, id) => {
    const { status, body } = await ask(`/api/traces/${id}`);
    expect([status, body.data[0].traceID]).toEqual([200, shortId]);
  });

  test('that is not there: 404 in the envelope', async () => {
    expect(await ask('/api/traces/abc')).toEqual({
      status: 404,
      body: {
        data: null,
        total: 0,
        limit: 0,
        offset: 0,
        errors: [{ code: 404, msg: 'trace not found' }],
      },
    });
  });

  test.each(['xyz!', 'f'.repeat(33)])('id %s: 400 in the envelope', async (id) => {
    const { status, body } = await ask(`/api/traces/${id}`);
    expect([status, body.errors[0].code]).toEqual([400, 400]);
  });

  test('ids may be asked for in the search, and those not found are told', async () => {
    const { status, body } = await ask(`/api/traces?traceID=${short}&traceID=abc`);
    expect(status).toBe(200);
    expect(body.data).toHaveLength(1);
    expect(body.errors).toEqual([
      { code: 404, msg: 'trace not found', traceID: '0000000000000abc' },
    ]);
  });
});

describe('archiving', () => {
  test('keeps a trace, and twice is no error', async () => {
    for (const _time of [1, 2]) {
      const response = await fetch(`${hub.url}/api/archive/${shortId}`, { method: 'POST' });
      const body = { data: [], total: 0, limit: 0, offset: 0, errors: null };
      expect([response.status, await response.json()]).toEqual([200, body]);
    }
    expect((await ask(`/api/traces/${shortId}`)).body.data[0].spans).toHaveLength(1);
  });

  test('of a trace that is not there: 404 in the envelope', async () => {
    const response = await fetch(`${hub.url}/api/archive/abc`, { method: 'POST' });
    expect(response.status).toBe(404);
    const { errors } = (await response.json()) as { readonly errors: unknown };
    expect(errors).toEqual([{ code: 404, msg: 'trace not found' }]);
  });
});

describe('the search', () => {
  const nowMicros = nowMs * 1000;
  test.each([
    ['newest first', {}, [long, shortId, lone]],
    ['by service', { service: 'web' }, [long, shortId]],
    ['by operation', { service: 'web', operation: 'GET' }, [long, shortId]],
    ['by another operation', { service: 'web', operation: 'POST' }, []],
    ['cut at the limit', { service: 'web', limit: '1' }, [long]],
    ['with a shortest duration', { service: 'web', minDuration: '1.2s' }, [long]],
    ['with a longest duration', { service: 'web', maxDuration: '100ms' }, [shortId]],
    ['from a time', { start: String(nowMicros - 30_000_000) }, [long]],
    ['to a time', { end: String(nowMicros - 30_000_000) }, [shortId, lone]],
    ['by tag', { tag: 'http.response.status_code:404' }, [long]],
    ['by tags', { tags: '{"http.response.status_code":"404","cached":"false"}' }, [long]],
    [
      'by a tag that no single span has together',
      { service: 'web', tags: '{"cached":"false"}' },
      [],
    ],
    ['by a tag of the resource', { tags: '{"zone":"north"}' }, [long, shortId, lone]],
    [
      'by a tag named as of the resource',
      { tags: '{"resource.zone":"north"}', limit: '1' },
      [long],
    ],
    ['by a field of an event', { tags: '{"step":"3"}', limit: '2' }, [long, shortId]],
    ['by a long number', { tags: '{"big":"9007199254740993"}' }, [long]],
    ['by a list', { tags: '{"list":"[\\"a\\"]"}' }, [long]],
    ['by error', { tags: '{"error":"true"}' }, [long]],
    ['by no error', { tags: '{"error":"false"}', service: 'jobs' }, [lone]],
    ['by an error that is neither', { tags: '{"error":"maybe"}' }, []],
    ['by status', { tags: '{"span.status":"error"}' }, [long]],
    ['by kind', { tags: '{"span.kind":"server"}' }, [long]],
    ['by scope', { tags: '{"scope.name":"http","scope.version":"0.1"}' }, [long, shortId, lone]],
    ['with an empty list of tags', { tags: '' }, [long, shortId, lone]],
  ])('%s', async (_what, query, traces) => {
    expect(await found(query as Record<string, string>)).toEqual(traces);
  });

  test.each([
    ['tag=nocolon', /key:value/],
    ['tags=nojson', /JSON object/],
    ['tags={"a":1}', /'a' is not a string/],
    ['tags=[]', /JSON object/],
    ['minDuration=soon', /not a duration/],
    ['minDuration=2s&maxDuration=1s', /'maxDuration' should be greater than 'minDuration'/],
    ['start=now', /'start'/],
    ['limit=0', /from 1 to 1500/],
    ['limit=many', /'limit'/],
    ['traceID=!', /not a trace id/],
  ])('?%s: 400 that says what is wrong', async (query, told) => {
    const { status, body } = await ask(`/api/traces?${encodeURI(query)}`);
    expect([status, body.data, body.errors[0].code]).toEqual([400, null, 400]);
    expect(body.errors[0].msg).toMatch(told);
  });
});

describe('operations', () => {
  test('are told with their kinds', async () => {
    expect((await ask('/api/operations?service=web')).body.data).toEqual([
      { name: 'GET', spanKind: 'client' },
    ]);
    expect((await ask('/api/operations?service=jobs')).body.data).toEqual([
      { name: 'tidy', spanKind: '' },
    ]);
    expect((await ask('/api/operations?service=web&spanKind=server')).body.data).toEqual([]);
  });

  test.each([
    ['/api/operations', "parameter 'service' is required"],
    ['/api/operations?service=web&spanKind=x', "'spanKind' must be one of"],
  ])('%s: 400', async (path, told) => {
    const { status, body } = await ask(path);
    expect([status, body.errors[0].msg]).toEqual([400, expect.stringContaining(told)]);
  });
});

describe('API v3', () => {
  const times = `query.startTimeMin=${new Date(nowMs - 3_600_000).toISOString()}&query.startTimeMax=${new Date(nowMs + 1_000).toISOString()}`;

  test('lists services and operations', async () => {
    expect((await ask('/api/v3/services')).body).toEqual({
      services: ['jobs', 'team/orders', 'web'],
    });
    expect((await ask('/api/v3/operations?service=jobs')).body).toEqual({
      operations: [{ name: 'tidy', spanKind: 'internal' }],
    });
  });

  test('a trace is OTLP/JSON: ids in hex, kinds as numbers, long numbers as text', async () => {
    const { body } = await ask(`/api/v3/traces/${long}`);
    const [first, second] = body.result.resourceSpans;
    expect(first.scopeSpans[0].spans[0]).toMatchObject({
      traceId: long,
      spanId: 'a'.repeat(16),
      kind: 3,
    });
    expect(second.resource.attributes).toContainEqual({
      key: 'zone',
      value: { stringValue: 'north' },
    });
    const [span] = second.scopeSpans[0].spans;
    expect(span).toMatchObject({
      parentSpanId: 'a'.repeat(16),
      startTimeUnixNano: `${nowMs - 5_000}123456`,
      endTimeUnixNano: `${nowMs - 4_990}123456`,
      status: { code: 2, message: '' },
    });
    expect(span.attributes).toEqual([
      { key: 'http.request.method', value: { stringValue: 'GET' } },
      { key: 'http.response.status_code', value: { intValue: '404' } },
      { key: 'big', value: { intValue: '9007199254740993' } },
      { key: 'ratio', value: { doubleValue: 0.5 } },
      { key: 'cached', value: { boolValue: false } },
      { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }] } } },
    ]);
  });

  test('a search finds traces and their summaries', async () => {
    const query = `${times}&query.serviceName=web&query.searchDepth=1&query.durationMin=1s`;
    const { body } = await ask(`/api/v3/traces?${query}`);
    expect(body.result.resourceSpans).toHaveLength(2);
    expect((await ask(`/api/v3/trace-summaries?${query}`)).body).toEqual({
      summaries: [
        {
          traceId: long,
          rootServiceName: 'web',
          rootOperationName: 'GET',
          minStartTimeUnixNano: `${nowMs - 5_000}123000`,
          maxEndTimeUnixNano: `${nowMs - 3_500}123000`,
          spanCount: 2,
          errorSpanCount: 1,
          orphanSpanCount: 0,
          services: [
            { name: 'web', spanCount: 1, errorSpanCount: 0 },
            { name: 'team/orders', spanCount: 1, errorSpanCount: 1 },
          ],
        },
      ],
    });
  });

  test('a summary tells the id with all 32 digits, and orphans', async () => {
    const { body } = await ask(`/api/v3/trace-summaries?${times}`);
    expect(body.summaries.map((one: { traceId: string }) => one.traceId)).toEqual([
      long,
      short,
      lone,
    ]);
    expect(body.summaries[2].orphanSpanCount).toBe(1);
  });

  test('parameters in snake_case are read too', async () => {
    const query = times
      .replaceAll('startTime', 'start_time_')
      .replaceAll('_Min', '_min')
      .replaceAll('_Max', '_max');
    const { body } = await ask(
      `/api/v3/trace-summaries?${query}&query.service_name=jobs&query.num_traces=5`,
    );
    expect(body.summaries).toHaveLength(1);
  });

  test.each([
    ['/api/v3/traces/abc', 404, 'No traces found'],
    [`/api/v3/traces?${times}&query.serviceName=nobody`, 404, 'No traces found'],
    ['/api/v3/traces/!', 400, "'!' is not a trace id: give 1 to 32 hex digits"],
    ['/api/v3/traces', 400, "'query.startTimeMin' must be a time such as 2026-01-01T00:00:00Z"],
    [
      '/api/v3/traces?query.startTimeMin=2026-01-02T00:00:00Z&query.startTimeMax=2026-01-01T00:00:00Z',
      400,
      "'query.startTimeMin' must be before 'query.startTimeMax'",
    ],
    ['/api/v3/operations', 400, "parameter 'service' is required"],
  ])('%s: %d', async (path, status, message) => {
    expect(await ask(path)).toEqual({ status, body: { error: { httpCode: status, message } } });
  });
});
