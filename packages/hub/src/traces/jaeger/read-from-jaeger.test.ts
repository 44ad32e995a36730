import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TraceQuery, TraceReader } from '../store/trace-reader.ts';
import { openJaegerReader } from './read-from-jaeger.ts';

interface Answer {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
}

/** What a path answers; a function is given the query. */
type Route = Answer | ((query: URLSearchParams) => Answer | 'never');

let server: Server;
let url: string;
let routes: Record<string, Route>;
/** Paths that were asked for, in order, probes too. */
let asked: string[];
let queries: URLSearchParams[];
let authorizations: (string | undefined)[];
let nowMs: number;

/** As Jaeger answers what it does not know. */
const noRoute: Answer = { status: 404, text: '404 page not found\n' };
const noTraces: Answer = {
  status: 404,
  text: '{"error":{"httpCode":404,"message":"No traces found"}}\n',
};
/** As a Jaeger says that it looks at attributes. */
const malformed: Answer = {
  status: 400,
  text: '{"error":{"httpCode":400,"message":"malformed parameter query.attributes"}}\n',
};

beforeEach(async () => {
  routes = {};
  asked = [];
  queries = [];
  authorizations = [];
  nowMs = 1_790_000_000_000;
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://jaeger');
    asked.push(`${request.method === 'GET' ? '' : `${request.method} `}${pathname}`);
    queries.push(searchParams);
    authorizations.push(request.headers.authorization);
    const route = routeOf(request.method, pathname, searchParams);
    const answer = typeof route === 'function' ? route(searchParams) : route;
    if (answer === 'never') return;
    const { status = 200, json, text } = answer;
    response
      .writeHead(status, status === 302 ? { location: 'http://127.0.0.1:9/login' } : {})
      .end(text ?? JSON.stringify(json));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

function routeOf(method: string | undefined, path: string, query: URLSearchParams): Route {
  if (query.get('query.attributes') === 'none') return routes.probe ?? malformed;
  return routes[`${method} ${path}`] ?? routes[path] ?? noRoute;
}

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

function reader(
  options: { url?: string; token?: string; timeoutMs?: number; maxAnswerBytes?: number } = {},
): TraceReader {
  return openJaegerReader({
    url,
    token: undefined,
    timeoutMs: 10_000,
    maxAnswerBytes: 1_000_000,
    now: () => new Date(nowMs),
    ...options,
  });
}

/** A Jaeger with v3, of which services, and what else is given, answers. */
function withV3(more: Record<string, Route> = {}): void {
  routes = { '/api/v3/services': { json: { services: ['web', 'orders'] } }, ...more };
}

/** A Jaeger with v1 only. */
function withV1(more: Record<string, Route> = {}): void {
  routes = { '/api/services': { json: v1(['web', 'orders']) }, ...more };
}

function v1(data: unknown): object {
  return { data, total: 0, limit: 0, offset: 0, errors: null };
}

const traceId = '0af7651916cd43dd8448eb211c80319c';
const epoch = 1_790_000_000_000_000;

interface SpanOptions {
  readonly traceId?: string;
  readonly id?: string;
  readonly startMicros?: number;
  readonly note?: string;
}

function otlpSpan(options: SpanOptions = {}): object {
  const { startMicros = epoch } = options;
  return {
    traceId: options.traceId ?? traceId,
    spanId: options.id ?? '00000000000000a1',
    name: 'GET /a',
    kind: 2,
    startTimeUnixNano: `${startMicros}000`,
    endTimeUnixNano: `${startMicros + 5}000`,
    attributes: [{ key: 'note', value: { stringValue: options.note ?? 'x' } }],
    status: {},
  };
}

function otlp(...spans: readonly object[]): { resourceSpans: object[] } {
  const attributes = [{ key: 'service.name', value: { stringValue: 'web' } }];
  return {
    resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: 's' }, spans }] }],
  };
}

function aQuery(query: Partial<TraceQuery> = {}): TraceQuery {
  return {
    service: 'web',
    operation: undefined,
    tags: new Map(),
    fromMicros: epoch - 1_000_000,
    toMicros: epoch + 1_000_000,
    minDurationMicros: undefined,
    maxDurationMicros: undefined,
    limit: 20,
    ...query,
  };
}

function traceIdOf(number: number): string {
  return number.toString(16).padStart(32, '0');
}

describe('which API is asked', () => {
  test('v3 where it is there, which is found out once and looked at again after ten minutes', async () => {
    withV3();
    const jaeger = reader();
    expect(await jaeger.services()).toEqual(['orders', 'web']);
    await jaeger.services();
    expect(asked).toEqual([
      '/api/v3/services',
      '/api/v3/traces',
      '/api/v3/services',
      '/api/v3/services',
    ]);
    nowMs += 600_000;
    await jaeger.services();
    expect(asked).toHaveLength(7);
  });

  test.each<[string, Route]>([
    ['does not know the path', noRoute],
    ['has a page for every path it does not know', { text: '<!doctype html>' }],
    ['answers with a list', { json: [] }],
  ])('v1 of a Jaeger that %s', async (_, answer) => {
    withV1({ '/api/v3/services': answer });
    expect(await reader().services()).toEqual(['orders', 'web']);
  });

  test('a Jaeger that loses v3 while the hub runs is asked by v1 from then on', async () => {
    withV3();
    const jaeger = reader();
    await jaeger.services();
    withV1();
    expect(await jaeger.services()).toEqual(['orders', 'web']);
    asked = [];
    await jaeger.services();
    expect(asked).toEqual(['/api/services']);
  });

  test('an address without either is refused with what may be wrong', async () => {
    await expect(reader().services()).rejects.toMatchObject({
      status: 502,
      message: `${url} has no Jaeger query API: /api/services is not answered with JSON. The base URL may lack a path.`,
    });
  });

  test('a base URL may have a path, and credentials that nobody is told', async () => {
    routes = {
      '/jaeger/api/v3/services': { json: { services: ['web'] } },
      '/jaeger/api/v3/operations': { status: 500, text: 'broken' },
    };
    const jaeger = reader({ url: `${url.replace('//', '//ann:secret@')}/jaeger/` });
    expect(await jaeger.services()).toEqual(['web']);
    expect(authorizations[0]).toBe(`Basic ${btoa('ann:secret')}`);
    await expect(jaeger.operations('web')).rejects.toMatchObject({
      status: 502,
      message: `Jaeger at ${url}/jaeger answered 500`,
    });
  });

  test('a token is sent as bearer', async () => {
    withV3();
    await reader({ token: 'secret' }).answers();
    expect(authorizations).toEqual(['Bearer secret', 'Bearer secret', 'Bearer secret']);
  });
});

describe('v3', () => {
  test('services and operations that it leaves out are none', async () => {
    withV3({ '/api/v3/services': { json: {} }, '/api/v3/operations': { json: {} } });
    expect(await reader().services()).toEqual([]);
    expect(await reader().operations('web')).toEqual([]);
  });

  test('operations come once each, by name and kind, and only of the kind asked for', async () => {
    const operations = [
      { name: 'work', spanKind: 'server' },
      { name: 'work', spanKind: 'client' },
      { name: 'work', spanKind: 'server' },
      { name: 'bare' },
    ];
    withV3({ '/api/v3/operations': { json: { operations } } });
    const jaeger = reader();
    expect(await jaeger.operations('web')).toEqual([
      { name: 'bare', kind: 'unspecified' },
      { name: 'work', kind: 'client' },
      { name: 'work', kind: 'server' },
    ]);
    expect(await jaeger.operations('web', 'client')).toEqual([{ name: 'work', kind: 'client' }]);
    const last = queries.at(-1);
    expect([last?.get('spanKind'), last?.get('span_kind')]).toEqual(['client', 'client']);
  });

  test('every condition goes along, by the names of new and of old Jaegers', async () => {
    withV3({ '/api/v3/traces': { json: { result: otlp(otlpSpan()) } } });
    const found = await reader().search(
      aQuery({
        operation: 'GET /a',
        tags: new Map([['note', 'x']]),
        fromMicros: epoch,
        toMicros: epoch + 1_500_001,
        minDurationMicros: 1.5,
        maxDurationMicros: 60_000_000,
        limit: 7,
      }),
    );
    expect(found.map((trace) => trace.traceId)).toEqual([traceId]);
    const sent = Object.fromEntries(queries.at(-1) ?? []);
    expect(sent).toEqual({
      'query.serviceName': 'web',
      'query.service_name': 'web',
      'query.operationName': 'GET /a',
      'query.operation_name': 'GET /a',
      'query.attributes': '{"note":"x"}',
      'query.startTimeMin': '2026-09-21T14:13:20.000000Z',
      'query.start_time_min': '2026-09-21T14:13:20.000000Z',
      'query.startTimeMax': '2026-09-21T14:13:21.500001Z',
      'query.start_time_max': '2026-09-21T14:13:21.500001Z',
      'query.durationMin': '1500ns',
      'query.duration_min': '1500ns',
      'query.durationMax': '60000000000ns',
      'query.duration_max': '60000000000ns',
      'query.searchDepth': '7',
      'query.search_depth': '7',
      'query.num_traces': '7',
      'query.rawTraces': 'true',
      'query.raw_traces': 'true',
    });
  });

  test('404 is a search that finds nothing and a trace that is not there', async () => {
    withV3({ '/api/v3/traces': noTraces, [`/api/v3/traces/${traceId}`]: noTraces });
    expect(await reader().search(aQuery())).toEqual([]);
    expect(await reader().trace(traceId)).toBeUndefined();
  });

  test('traces come newest first with the root of each first, and a span sent twice once, as it ended last', async () => {
    const old = traceIdOf(1);
    const young = traceIdOf(2);
    const child = {
      ...otlpSpan({ traceId: old, id: '00000000000000a2' }),
      parentSpanId: '00000000000000a1',
    };
    const root = otlpSpan({ traceId: old });
    const later = otlpSpan({ traceId: young, startMicros: epoch + 10 });
    const longer = { ...root, endTimeUnixNano: `${epoch + 9}000` };
    withV3({ '/api/v3/traces': { json: { result: otlp(child, root, later, longer, root) } } });
    const found = await reader().search(aQuery());
    expect(found.map((trace) => trace.traceId)).toEqual([young, old]);
    expect(found[1]?.spans.map((span) => span.spanId)).toEqual([
      '00000000000000a1',
      '00000000000000a2',
    ]);
    expect(found[1]?.spans[0]?.durationMicros).toBe(9);
  });

  test('an answer without wrapper is read too, and secrets in it are taken out', async () => {
    const span = {
      ...otlpSpan(),
      attributes: [{ key: 'url.full', value: { stringValue: 'http://a/?token=hush' } }],
    };
    withV3({ [`/api/v3/traces/${traceId}`]: { json: otlp(span) } });
    const trace = await reader().trace(traceId);
    expect(trace?.spans[0]?.attributes['url.full']).toBe('http://a/?token=REDACTED');
    expect(trace?.spans[0]?.resource.service).toBe('web');
  });

  test('a hint is widened by an hour, and a trace outside it is found all the same', async () => {
    withV3({
      [`/api/v3/traces/${traceId}`]: (query) =>
        query.has('startTime') ? noTraces : { json: { result: otlp(otlpSpan()) } },
    });
    const trace = await reader().trace(traceId, { fromMicros: epoch, toMicros: epoch });
    expect(trace?.spans).toHaveLength(1);
    const [hinted, bare] = queries.slice(-2);
    expect(hinted?.get('startTime')).toBe('2026-09-21T13:13:20.000000Z');
    expect(hinted?.get('end_time')).toBe('2026-09-21T15:13:20.000000Z');
    expect(Object.fromEntries(bare ?? [])).toEqual({ rawTraces: 'true', raw_traces: 'true' });
  });

  test('a trace of more spans than the decoder takes at once comes whole', async () => {
    const spans = Array.from({ length: 12_000 }, (_, at) =>
      otlpSpan({ id: (at + 1).toString(16).padStart(16, '0') }),
    );
    withV3({ [`/api/v3/traces/${traceId}`]: { json: { result: otlp(...spans) } } });
    const trace = await reader({ maxAnswerBytes: 64_000_000 }).trace(traceId);
    expect(trace?.spans).toHaveLength(12_000);
  });

  test('tags are searched by v1 where v3 passes over them', async () => {
    const process = { p1: { serviceName: 'web', tags: [] } };
    const span = {
      traceID: traceId,
      spanID: 'a1',
      operationName: 'GET',
      startTime: epoch,
      duration: 5,
      processID: 'p1',
    };
    withV3({
      probe: noTraces,
      '/api/services': { json: v1([]) },
      '/api/traces': { json: v1([{ traceID: traceId, spans: [span], processes: process }]) },
      '/api/v3/traces': { json: { result: otlp(otlpSpan()) } },
    });
    const jaeger = reader();
    const byTags = await jaeger.search(aQuery({ tags: new Map([['note', 'x']]) }));
    expect([asked.at(-1), byTags.length]).toEqual(['/api/traces', 1]);
    await jaeger.search(aQuery());
    expect(asked.at(-1)).toBe('/api/v3/traces');
  });
});

describe('v1', () => {
  test('operations come with their kinds', async () => {
    const operations = [
      { name: 'work', spanKind: 'server' },
      { name: 'bare', spanKind: '' },
    ];
    withV1({ '/api/operations': { json: v1(operations) } });
    expect(await reader().operations('web', 'server')).toEqual([{ name: 'work', kind: 'server' }]);
    expect(queries.at(-1)?.get('spanKind')).toBe('server');
    expect(await reader().operations('web', 'unspecified')).toEqual([
      { name: 'bare', kind: 'unspecified' },
    ]);
  });

  test('every condition goes along', async () => {
    withV1({ '/api/traces': { json: v1(null) } });
    const found = await reader().search(
      aQuery({
        operation: 'GET /a',
        tags: new Map([['note', 'x']]),
        minDurationMicros: 2_000,
        maxDurationMicros: 3_000,
      }),
    );
    expect(found).toEqual([]);
    expect(Object.fromEntries(queries.at(-1) ?? [])).toEqual({
      service: 'web',
      operation: 'GET /a',
      tags: '{"note":"x"}',
      start: String(epoch - 1_000_000),
      end: String(epoch + 1_000_000),
      minDuration: '2000000ns',
      maxDuration: '3000000ns',
      limit: '20',
      raw: 'true',
    });
  });

  test('a trace that is not there is undefined', async () => {
    const json = { data: null, errors: [{ code: 404, msg: 'trace not found' }] };
    withV1({ [`/api/traces/${traceId}`]: { status: 404, json } });
    expect(await reader().trace(traceId, { fromMicros: 1, toMicros: 2 })).toBeUndefined();
    expect(Object.fromEntries(queries.at(-2) ?? [])).toEqual({
      raw: 'true',
      start: '0',
      end: '3600000002',
    });
  });
});

describe('a search without service', () => {
  const wantsService = (query: URLSearchParams): Answer => {
    const service = query.get('query.serviceName');
    if (service === null)
      return {
        status: 500,
        text: '{"error":{"httpCode":500,"message":"Service Name must be set"}}',
      };
    const startMicros = service === 'web' ? epoch : epoch + 1;
    return {
      json: { result: otlp(otlpSpan({ traceId: traceIdOf(service.length), startMicros })) },
    };
  };

  test('is asked of every service where Jaeger wants one, and that is remembered', async () => {
    withV3({ '/api/v3/traces': wantsService });
    const jaeger = reader();
    const found = await jaeger.search(aQuery({ service: undefined }));
    expect(found.map((trace) => trace.traceId)).toEqual([traceIdOf(6), traceIdOf(3)]);
    expect(await jaeger.search(aQuery({ service: undefined, limit: 1 }))).toHaveLength(1);
    expect(
      queries.filter((query) => query.has('query.searchDepth') && !query.has('query.serviceName')),
    ).toHaveLength(1);
  });

  test('of too many services is refused with what to do', async () => {
    const services = Array.from({ length: 101 }, (_, at) => `service-${at}`);
    withV3({ '/api/v3/services': { json: { services } }, '/api/v3/traces': wantsService });
    await expect(reader().search(aQuery({ service: undefined }))).rejects.toMatchObject({
      status: 400,
      message: 'This Jaeger searches one service at a time and has 101; choose a service.',
    });
  });

  test('that fails for another reason is not asked again', async () => {
    withV3({ '/api/v3/traces': { status: 500, text: '{"error":{"message":"no index"}}' } });
    await expect(reader().search(aQuery({ service: undefined }))).rejects.toMatchObject({
      status: 502,
      message: `Jaeger at ${url} answered 500: no index`,
    });
  });
});

describe('answers that are too large', () => {
  /** Ten traces, a microsecond apart or all at once, of 2 kB each. */
  function tenTraces(apart: number): Route {
    const traces = Array.from({ length: 10 }, (_, at) => ({
      startMicros: epoch - at * apart,
      span: otlpSpan({
        traceId: traceIdOf(at + 1),
        startMicros: epoch - at * apart,
        note: 'x'.repeat(2_000),
      }),
    }));
    return (query) => {
      const [seconds = '', fraction = ''] = (query.get('query.startTimeMax') ?? '').split('.');
      const max = Date.parse(`${seconds}Z`) * 1000 + Number(fraction.slice(0, 6));
      const depth = Number(query.get('query.searchDepth'));
      const found = traces.filter(({ startMicros }) => startMicros <= max).slice(0, depth);
      return found.length === 0
        ? noTraces
        : { json: { result: otlp(...found.map(({ span }) => span)) } };
    };
  }

  test('are asked for in pages that begin where the last one ended', async () => {
    withV3({ '/api/v3/traces': tenTraces(1) });
    const found = await reader({ maxAnswerBytes: 16_000 }).search(aQuery({ limit: 12 }));
    expect(found.map((trace) => trace.traceId)).toEqual(
      Array.from({ length: 10 }, (_, at) => traceIdOf(at + 1)),
    );
  });

  test('pages end even where all traces start at the same time', async () => {
    withV3({ '/api/v3/traces': tenTraces(0) });
    const found = await reader({ maxAnswerBytes: 16_000 }).search(aQuery({ limit: 12 }));
    expect(found).toHaveLength(3);
  });

  test('are refused where it is one trace that is too large', async () => {
    withV3({
      '/api/v3/traces': tenTraces(1),
      [`/api/v3/traces/${traceId}`]: { json: otlp(otlpSpan({ note: 'x'.repeat(2_000) })) },
    });
    const jaeger = reader({ maxAnswerBytes: 1_500 });
    const refusal = {
      status: 502,
      message: "Jaeger's answer has more than 1500 bytes; ask for fewer traces.",
    };
    await expect(jaeger.search(aQuery())).rejects.toMatchObject(refusal);
    await expect(jaeger.trace(traceId)).rejects.toMatchObject(refusal);
  });
});

describe('a Jaeger that fails', () => {
  test('does not answer in time: 504', async () => {
    withV3({ '/api/v3/operations': () => 'never' });
    const jaeger = reader({ timeoutMs: 200 });
    await jaeger.services();
    await expect(jaeger.operations('web')).rejects.toMatchObject({
      status: 504,
      message: `Jaeger at ${url} did not answer within 0.2 s.`,
    });
  });

  test('is down: 502, and asked anew when it is back', async () => {
    withV3();
    const jaeger = reader({ url: 'http://127.0.0.1:9' });
    await expect(jaeger.services()).rejects.toMatchObject({ status: 502 });
    await expect(jaeger.answers()).rejects.toThrow(
      /^Jaeger at http:\/\/127.0.0.1:9 cannot be reached/,
    );
  });

  test.each<[string, Route, RegExp]>([
    [
      'answers with a number',
      { json: { result: { resourceSpans: 7 } } },
      /'resourceSpans' must be a list/,
    ],
    [
      'answers with a bad span',
      { json: { result: otlp({ ...otlpSpan(), startTimeUnixNano: 'x' }) } },
      /startTimeUnixNano/,
    ],
    ['answers with a text', { json: { result: 'x' } }, /cannot be understood/],
    ['refuses the token', { status: 401, text: 'no' }, /answered 401/],
    ['redirects to a login page', { status: 302, text: '' }, /answered 302/],
    ['answers 503 with rubbish', { status: 503, text: '<html>' }, /answered 503/],
  ])('%s: 502 with the reason', async (_, answer, message) => {
    withV3({ [`/api/v3/traces/${traceId}`]: answer });
    await expect(reader().trace(traceId)).rejects.toMatchObject({
      status: 502,
      message: expect.stringMatching(message),
    });
  });

  test('a question it refuses is refused with its words', async () => {
    const text = '{"error":{"httpCode":400,"message":"search depth must be below 1000"}}';
    withV3({ '/api/v3/traces': { status: 400, text } });
    await expect(reader().search(aQuery())).rejects.toMatchObject({
      status: 400,
      message: 'Jaeger refuses the question: search depth must be below 1000',
    });
  });

  test('spans without ids are left out, the others are read', async () => {
    withV3({
      '/api/v3/traces': { json: { result: otlp({ ...otlpSpan(), spanId: '' }, otlpSpan()) } },
    });
    const found = await reader().search(aQuery());
    expect(found.map(({ spans }) => spans.length)).toEqual([1]);
  });

  test('no more than four questions are asked at once, the others wait their turn', async () => {
    withV3();
    const jaeger = reader();
    await jaeger.services();
    const all = await Promise.all(Array.from({ length: 12 }, () => jaeger.services()));
    expect(all).toHaveLength(12);
    expect(asked).toHaveLength(15);
  });
});

describe('the archive', () => {
  test.each<[string, Route, boolean]>([
    ['keeps a trace', { json: v1([]) }, true],
    [
      'has no such trace',
      { status: 404, json: { errors: [{ code: 404, msg: 'trace not found' }] } },
      false,
    ],
  ])('%s', async (_, answer, expected) => {
    withV3({ [`POST /api/archive/${traceId}`]: answer });
    expect(await reader().archive(traceId)).toBe(expected);
  });

  test('that is not set up is told as what this Jaeger cannot do', async () => {
    const json = { errors: [{ code: 501, msg: 'archive span storage was not configured' }] };
    withV3({ [`POST /api/archive/${traceId}`]: { status: 501, json } });
    await expect(reader().archive(traceId)).rejects.toMatchObject({
      status: 501,
      message: `Jaeger at ${url} answered 501: archive span storage was not configured`,
    });
  });
});
