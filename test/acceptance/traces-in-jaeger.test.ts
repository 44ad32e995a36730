import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type FakeJaeger, type JaegerVersion, startFakeJaeger } from './fake-jaeger.ts';
import { otlpBody, requestSpans } from './observed-traffic.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | { readonly [key: string]: Value };
type Values = Readonly<Record<string, Value>>;

interface CaseSpan {
  readonly id: string;
  readonly parent?: string;
  readonly body?: number;
  readonly copies?: number;
  readonly service: string;
  readonly name: string;
  readonly kind?: string;
  readonly status?: string;
  readonly start: number;
  readonly duration?: number;
  readonly scope?: object;
  readonly resource?: Values;
  readonly attributes?: Values;
  readonly events?: readonly { readonly name: string; readonly attributes: Values }[];
  readonly links?: readonly { readonly attributes: Values }[];
}

interface CaseQuery {
  readonly service?: string;
  readonly operation?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly from?: number;
  readonly to?: number;
  readonly minDuration?: number;
  readonly maxDuration?: number;
  readonly limit?: number;
}

/** What every store of traces must answer, here asked through the hub's own API of a Jaeger behind it. */
const cases: {
  readonly epochMicros: number;
  readonly traces: Readonly<Record<string, { readonly id: string; readonly spans: CaseSpan[] }>>;
  readonly searches: readonly {
    readonly caption: string;
    readonly query: CaseQuery;
    readonly finds: readonly string[];
  }[];
  readonly services: readonly string[];
  readonly operations: readonly {
    readonly caption: string;
    readonly service: string;
    readonly kind?: string;
    readonly finds: readonly (readonly [string, string])[];
  }[];
  readonly reads: readonly {
    readonly caption: string;
    readonly trace: string;
    readonly hint?: { readonly from: number; readonly to: number };
    readonly spans?: readonly string[];
  }[];
  readonly missing: string;
} = JSON.parse(readFileSync(new URL('../cases/traces/search-cases.json', import.meta.url), 'utf8'));

/** Enough for several requests' worth of a trace: that a very large one comes whole is tried closer to the reader. */
const maxCopies = 200;

function copiesOf({ copies = 1 }: CaseSpan): number {
  return Math.min(copies, maxCopies);
}

const kinds = ['', 'internal', 'server', 'client', 'producer', 'consumer'];

function keyValues(values: Values = {}): object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: Value): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number')
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (value === null) return {};
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: keyValues(value as Values) } };
}

function otlpSpan(traceId: string, span: CaseSpan, copy: number): object {
  const startMicros = cases.epochMicros + span.start + copy;
  return {
    traceId,
    spanId: (BigInt(`0x${span.id}`) + BigInt(copy)).toString(16).padStart(16, '0'),
    parentSpanId: span.parent ?? '',
    name: span.name,
    kind: kinds.indexOf(span.kind ?? 'internal'),
    startTimeUnixNano: `${startMicros}000`,
    endTimeUnixNano: String(BigInt(startMicros) * 1000n + BigInt((span.duration ?? 1000) * 1000)),
    attributes: keyValues(span.attributes),
    events: (span.events ?? []).map(({ name, attributes }) => ({
      name,
      timeUnixNano: `${startMicros}000`,
      attributes: keyValues(attributes),
    })),
    links: (span.links ?? []).map((link) => ({ ...link, attributes: keyValues(link.attributes) })),
    status: { code: ['', 'ok', 'error'].indexOf(span.status ?? '') },
  };
}

/** The requests of all traces, in order. */
function bodies(): string[] {
  return Object.values(cases.traces).flatMap(({ id, spans }) =>
    [0, 1].map((at) => {
      const own = spans.filter(({ body = 0 }) => body === at);
      const resourceSpans = own.map((span) => ({
        resource: { attributes: keyValues({ 'service.name': span.service, ...span.resource }) },
        scopeSpans: [
          {
            scope: span.scope ?? {},
            spans: Array.from({ length: copiesOf(span) }, (_, copy) => otlpSpan(id, span, copy)),
          },
        ],
      }));
      return JSON.stringify({ resourceSpans });
    }),
  );
}

async function post(hub: TestHub, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${hub.otlpUrl}/v1/traces`, { method: 'POST', headers, body });
  expect([response.status, await response.json()]).toEqual([200, {}]);
}

async function forwardedSpans(hub: TestHub): Promise<number> {
  const text = { headers: { accept: 'text/plain' } };
  const metrics = await (await fetch(`${hub.url}/metrics`, text)).text();
  return Number(/^concordat_forward_spans_total\{outcome="forwarded"\} (\d+)$/m.exec(metrics)?.[1]);
}

/** A span that is sent twice is forwarded once. */
const distinctSpans = Object.values(cases.traces)
  .flatMap(({ spans }) => spans)
  .filter(({ service, body }) => !(service === 'catalogue' && body === 1))
  .reduce((sum, span) => sum + copiesOf(span), 0);

function timeOf(micros: number): string {
  const iso = new Date(Math.floor(micros / 1000)).toISOString();
  return `${iso.slice(0, -1)}${String(micros % 1000).padStart(3, '0')}Z`;
}

function searchOf(query: CaseQuery): URLSearchParams {
  const { epochMicros } = cases;
  const asked = {
    'query.serviceName': query.service,
    'query.operationName': query.operation,
    'query.attributes': query.tags && JSON.stringify(query.tags),
    'query.startTimeMin': timeOf(epochMicros + (query.from ?? -1_000_000)),
    'query.startTimeMax': timeOf(epochMicros + (query.to ?? 3_600_000_000)),
    'query.durationMin': query.minDuration && `${query.minDuration}us`,
    'query.durationMax': query.maxDuration && `${query.maxDuration}us`,
    'query.searchDepth': String(query.limit ?? 20),
  };
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given as [string, string][]);
}

async function read(hub: TestHub, path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${hub.url}${path}`);
  return { status: response.status, body: await response.json() };
}

interface TracesData {
  readonly result: {
    readonly resourceSpans: readonly {
      readonly scopeSpans: readonly { readonly spans: readonly { readonly spanId: string }[] }[];
    }[];
  };
}

async function spanIdsOf(hub: TestHub, path: string): Promise<readonly string[]> {
  const { body } = await read(hub, path);
  return (body as TracesData).result.resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map(({ spanId }) => spanId)),
  );
}

/** A span that comes again at once is counted and forwarded as it came first. */
const tellsOfLaterEnd = 'of a span sent twice the one that ended last is told';
const searches = cases.searches.filter(({ caption }) => caption !== tellsOfLaterEnd);

const versions: readonly JaegerVersion[] = ['1.x', '2.16', '2.20', '2.21'];

describe.each(versions)('a hub that keeps its spans in a Jaeger %s', (version) => {
  let jaeger: FakeJaeger;
  let hub: TestHub;

  beforeAll(async () => {
    jaeger = await startFakeJaeger(version);
    hub = await startTestHub({
      flags: { jaegerUrl: jaeger.otlpUrl, jaegerQueryUrl: jaeger.queryUrl },
    });
    for (const body of bodies()) await post(hub, body);
    await vi.waitFor(async () => expect(await forwardedSpans(hub)).toBe(distinctSpans), 10_000);
    await vi.waitFor(
      async () =>
        expect((await read(hub, '/api/v3/services')).body).toEqual({ services: cases.services }),
      10_000,
    );
  }, 60_000);
  afterAll(async () => {
    await hub.close();
    await jaeger.close();
  });

  test.each(searches)('search: $caption', async ({ query, finds }) => {
    const { body } = await read(hub, `/api/v3/trace-summaries?${searchOf(query)}`);
    const { summaries } = body as { summaries: readonly { traceId: string }[] };
    const names = new Map(Object.entries(cases.traces).map(([name, { id }]) => [id, name]));
    expect(summaries.map(({ traceId }) => names.get(traceId))).toEqual(finds);
  });

  test.each(cases.operations)('operations: $caption', async ({ service, kind = '', finds }) => {
    const query = new URLSearchParams({ service, spanKind: kind });
    expect((await read(hub, `/api/v3/operations?${query}`)).body).toEqual({
      operations: finds.map(([name, spanKind]) => ({ name, spanKind })),
    });
  });

  test.each(cases.reads)('read: $caption', async ({ trace, hint, spans }) => {
    const query = new URLSearchParams({ rawTraces: 'true' });
    if (hint !== undefined) {
      query.set('startTime', timeOf(cases.epochMicros + hint.from));
      query.set('endTime', timeOf(cases.epochMicros + hint.to));
    }
    const ids = await spanIdsOf(hub, `/api/v3/traces/${cases.traces[trace]?.id}?${query}`);
    const sent = cases.traces[trace]?.spans ?? [];
    if (spans !== undefined) expect([...ids].sort()).toEqual([...spans].sort());
    else expect(ids).toHaveLength(sent.reduce((sum, span) => sum + copiesOf(span), 0));
  });

  test('a trace nobody sent is not there, in both of the hub’s APIs', async () => {
    expect((await read(hub, `/api/v3/traces/${cases.missing}`)).status).toBe(404);
    expect((await read(hub, `/api/traces/${cases.missing}`)).status).toBe(404);
  });

  test('calls are counted here all the same', async () => {
    const seen = {
      consumer: { name: 'web' },
      provider: { name: 'orders' },
      request: 'GET /v1/orders/7',
    };
    await post(hub, otlpBody(requestSpans(seen)));
    await vi.waitFor(
      async () =>
        expect((await read(hub, '/insights/edges')).body).toMatchObject({
          edges: expect.arrayContaining([
            expect.objectContaining({ consumer: 'web', provider: 'orders', calls: 1 }),
          ]),
        }),
      10_000,
    );
  });
});
