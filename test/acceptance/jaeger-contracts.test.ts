import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { observeRequest, senders, startTracedService } from './otel-services.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

// What Jaeger's page and Grafana's Jaeger data source read of the hub's answers, as schemas that refuse anything else.

const hexId = (digits: number): z.ZodString =>
  z.string().regex(new RegExp(`^(?!0+$)[0-9a-f]{${digits}}$`));
const traceId = hexId(32);
const spanId = hexId(16);
const count = z.int().min(0);
const nanos = z.string().refine((text) => /^\d+$/.test(text) && BigInt(text) < 2n ** 64n);
const int64Text = z
  .string()
  .refine((text) => /^-?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text));

/** The search page and the lists of Jaeger's page from 2.19 on. */
const page = {
  services: z.strictObject({ services: z.array(z.string()) }),
  operations: z.strictObject({
    operations: z.array(
      z.strictObject({
        name: z.string(),
        spanKind: z.enum(['internal', 'server', 'client', 'producer', 'consumer']),
      }),
    ),
  }),
  summaries: z.strictObject({
    summaries: z.array(
      z.strictObject({
        traceId,
        rootServiceName: z.string(),
        rootOperationName: z.string(),
        minStartTimeUnixNano: nanos,
        maxEndTimeUnixNano: nanos,
        spanCount: count.min(1),
        errorSpanCount: count,
        orphanSpanCount: count,
        services: z
          .array(
            z.strictObject({ name: z.string(), spanCount: count.min(1), errorSpanCount: count }),
          )
          .min(1),
      }),
    ),
  }),
};

/** Exactly one member: the page refuses a whole trace for one value with none, or with two. */
const anyValue: z.ZodType = z.lazy(() =>
  z.union([
    z.strictObject({ stringValue: z.string() }),
    z.strictObject({ boolValue: z.boolean() }),
    z.strictObject({ intValue: int64Text }),
    z.strictObject({ doubleValue: z.number() }),
    z.strictObject({ bytesValue: z.base64() }),
    z.strictObject({ arrayValue: z.strictObject({ values: z.array(anyValue) }) }),
    z.strictObject({ kvlistValue: z.strictObject({ values: keyValues }) }),
  ]),
);
const keyValues = z.array(z.strictObject({ key: z.string(), value: anyValue }));

const otlpSpan = z.strictObject({
  traceId,
  spanId,
  traceState: z.string().optional(),
  parentSpanId: spanId.optional(),
  flags: count,
  name: z.string(),
  kind: z.int().min(0).max(5),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes: keyValues,
  droppedAttributesCount: count.optional(),
  events: z.array(
    z.strictObject({
      timeUnixNano: nanos,
      name: z.string(),
      attributes: keyValues,
      droppedAttributesCount: count.optional(),
    }),
  ),
  droppedEventsCount: count.optional(),
  links: z.array(
    z.strictObject({
      traceId,
      spanId,
      traceState: z.string().optional(),
      attributes: keyValues,
      droppedAttributesCount: count.optional(),
      flags: count.optional(),
    }),
  ),
  droppedLinksCount: count.optional(),
  status: z.strictObject({ code: z.int().min(0).max(2), message: z.string() }),
});

const otlpTraces = z.strictObject({
  result: z.strictObject({
    resourceSpans: z
      .array(
        z.strictObject({
          resource: z.strictObject({ attributes: keyValues }),
          scopeSpans: z
            .array(
              z.strictObject({
                scope: z.strictObject({
                  name: z.string(),
                  version: z.string(),
                  attributes: keyValues.optional(),
                }),
                spans: z.array(otlpSpan).min(1),
              }),
            )
            .min(1),
        }),
      )
      .min(1),
  }),
});

/** A trace of API v1, as the trace page and Grafana's browser version take it apart. */
const tag = z.union([
  z.strictObject({ key: z.string(), type: z.literal('string'), value: z.string() }),
  z.strictObject({ key: z.string(), type: z.literal('bool'), value: z.boolean() }),
  z.strictObject({
    key: z.string(),
    type: z.literal('int64'),
    value: z.union([z.int(), int64Text]),
  }),
  z.strictObject({
    key: z.string(),
    type: z.literal('float64'),
    value: z.union([z.number(), z.string()]),
  }),
  z.strictObject({ key: z.string(), type: z.literal('binary'), value: z.base64() }),
]);
const shortTraceId = z.string().regex(/^(?!0{16})(?:[0-9a-f]{16}|[0-9a-f]{32})$/);
const warnings = z.union([z.null(), z.array(z.string()).min(1)]);

const v1Trace = z
  .strictObject({
    traceID: shortTraceId,
    spans: z
      .array(
        z.strictObject({
          traceID: shortTraceId,
          spanID: spanId,
          flags: z.int().min(1).max(255).optional(),
          operationName: z.string(),
          references: z.array(
            z.strictObject({
              refType: z.enum(['CHILD_OF', 'FOLLOWS_FROM']),
              traceID: shortTraceId,
              spanID: spanId,
            }),
          ),
          startTime: z.int().min(0),
          duration: z.int().min(0),
          tags: z.array(tag),
          logs: z.array(z.strictObject({ timestamp: z.int().min(0), fields: z.array(tag) })),
          processID: z.string(),
          warnings,
        }),
      )
      .min(1),
    processes: z.record(
      z.string().regex(/^p\d+$/),
      z.strictObject({ serviceName: z.string().min(1), tags: z.array(tag) }),
    ),
    warnings,
  })
  .refine(({ spans, processes }) => spans.every((span) => processes[span.processID] !== undefined))
  .refine(({ spans }) => new Set(spans.map((span) => span.spanID)).size === spans.length);

function envelope<T extends z.ZodType>(data: T): z.ZodType {
  return z.strictObject({
    data,
    total: count,
    limit: z.literal(0),
    offset: z.literal(0),
    errors: z.null(),
  });
}

/** Go's decoder reads whole numbers into int64 and refuses a fraction or an exponent, which JSON.parse would hide. */
function readsAsInt64(text: string): void {
  const numbers =
    /"(?:startTime|duration|timestamp|callCount|total|limit|offset|code)":\s*([^,}\]\s]+)/g;
  for (const [, number] of text.matchAll(numbers)) expect(number).toMatch(/^-?\d+$/);
}

let hub: TestHub;
const nowMs = Date.now();
const traces: Record<'otlp' | 'jaeger', string> = { otlp: '', jaeger: '' };
const odd = '5'.repeat(32);

async function parsed(schema: z.ZodType, path: string): Promise<void> {
  const response = await fetch(`${hub.url}${path}`);
  const text = await response.text();
  expect([path, response.status]).toEqual([path, 200]);
  expect(response.headers.get('content-type')).toContain('application/json');
  const { error } = schema.safeParse(JSON.parse(text));
  expect(error === undefined ? '' : z.prettifyError(error)).toBe('');
  readsAsInt64(text);
}

/** One span with everything that OpenTelemetry allows and few senders use. */
const oddSpan = {
  traceId: odd,
  spanId: '1'.repeat(16),
  traceState: 'ot=th:8',
  flags: 0x301,
  name: '',
  kind: 0,
  startTimeUnixNano: `${nowMs - 1_000}000001`,
  endTimeUnixNano: `${nowMs - 2_000}000000`,
  droppedAttributesCount: 1,
  attributes: [
    { key: 'none', value: {} },
    { key: 'bytes', value: { bytesValue: '/w==' } },
    { key: 'least', value: { intValue: '-9223372036854775808' } },
    { key: 'list', value: { arrayValue: { values: [{ kvlistValue: { values: [] } }, {}] } } },
    { key: 'half', value: { doubleValue: 0.5 } },
    { key: '', value: { stringValue: '\u0000"\\' } },
  ],
  events: [{ timeUnixNano: '0', droppedAttributesCount: 3 }],
  links: [
    { traceId: '0'.repeat(32), spanId: '0'.repeat(16) },
    { traceId: '7'.repeat(32), spanId: '8'.repeat(16), traceState: 'a=b', flags: 1 },
  ],
  status: { code: 2, message: 'broken' },
};

beforeAll(async () => {
  hub = await startTestHub();
  for (const name of ['otlp', 'jaeger'] as const) {
    const web = startTracedService(`${name}-web`, senders[name](hub));
    const orders = startTracedService(`team/${name}`, senders[name](hub));
    traces[name] = observeRequest(web, orders, {
      method: 'GET',
      path: '/v1/orders/7',
      status: 500,
    });
    await Promise.all([web.flush(), orders.flush()]);
  }
  const sent = await fetch(`${hub.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [oddSpan] }] }] }),
  });
  expect(await sent.json()).toEqual({});
  await vi.waitFor(async () => {
    for (const id of Object.values(traces)) {
      const answer = await fetch(`${hub.url}/api/v3/traces/${id}`);
      expect((await answer.text()).match(/"spanId"/g)).toHaveLength(3);
    }
  }, 10_000);
});
afterAll(async () => {
  await hub.close();
});

function window(): string {
  const from = new Date(nowMs - 3_600_000).toISOString();
  return `query.startTimeMin=${from}&query.startTimeMax=${new Date(Date.now() + 1_000).toISOString()}`;
}

describe('Jaeger’s page can read', () => {
  test('the lists of services and operations', async () => {
    await parsed(page.services, '/api/v3/services');
    await parsed(page.operations, '/api/v3/operations?service=otlp-web');
    await parsed(page.operations, '/api/v3/operations?service=team%2Fjaeger&spanKind=server');
    await parsed(page.operations, '/api/v3/operations?service=nobody');
    await parsed(page.operations, '/api/v3/operations?service=unknown_service');
  });

  test('summaries of a search', async () => {
    await parsed(page.summaries, `/api/v3/trace-summaries?${window()}`);
    await parsed(page.summaries, `/api/v3/trace-summaries?${window()}&query.serviceName=nobody`);
  });

  test.each(['otlp', 'jaeger', 'odd'] as const)('a trace of %s, in v1 and v3', async (name) => {
    const id = name === 'odd' ? odd : traces[name];
    const one = envelope(z.array(v1Trace).length(1));
    await parsed(one, `/api/traces/${id}`);
    await parsed(one, `/api/traces/${id}?prettyPrint=true`);
    await parsed(otlpTraces, `/api/v3/traces/${id}`);
  });

  test.each(['otlp', 'jaeger'] as const)('a raw trace of %s', async (name) => {
    await parsed(envelope(z.array(v1Trace).length(1)), `/api/traces/${traces[name]}?raw=true`);
    await parsed(otlpTraces, `/api/v3/traces/${traces[name]}?rawTraces=true`);
  });

  test('a search of v3', async () => {
    await parsed(otlpTraces, `/api/v3/traces?${window()}`);
  });

  test('the graph of dependencies, and deep ones', async () => {
    const dependency = z.strictObject({ parent: z.string(), child: z.string(), callCount: count });
    await parsed(
      envelope(z.array(dependency)),
      `/api/dependencies?endTs=${Date.now()}&lookback=604800000`,
    );
    const entry = z.strictObject({ service: z.string(), operation: z.string() });
    const path = z.strictObject({
      path: z
        .array(entry)
        .min(1)
        .refine((entries) => entries.some((one) => one.service === 'team/otlp')),
      attributes: z
        .array(z.strictObject({ key: z.literal('exemplar_trace_id'), value: traceId }))
        .min(1),
    });
    await parsed(
      z.strictObject({ dependencies: z.array(path).min(1) }),
      '/api/deep-dependencies?service=team%2Fotlp&start=0&end=0',
    );
  });
});

describe('Grafana’s Jaeger data source can read', () => {
  test('services and operations, of a service with a slash too', async () => {
    await parsed(envelope(z.array(z.string()).min(1)), '/api/services');
    await parsed(envelope(z.array(z.string()).min(1)), '/api/services/team/otlp/operations');
    await parsed(envelope(z.array(z.string()).length(0)), '/api/services/nobody/operations');
  });

  test('a search, as its Go backend and its older browser version ask', async () => {
    const found = envelope(z.array(v1Trace).min(1));
    const times = `start=${(nowMs - 3_600_000) * 1000}&end=${(Date.now() + 1_000) * 1000}`;
    await parsed(found, `/api/traces?limit=20&service=otlp-web&${times}`);
    await parsed(
      found,
      `/api/traces?${times}&limit=20&lookback=custom&maxDuration=&minDuration=&operation=&service=&tags=`,
    );
    await parsed(
      found,
      `/api/traces?service=team%2Fotlp&tags=${encodeURIComponent('{"error":"true"}')}&${times}`,
    );
    await parsed(envelope(z.array(v1Trace).length(0)), `/api/traces?service=nobody&${times}`);
  });

  test('a trace with the times of the dashboard beside it', async () => {
    const path = `/api/traces/${traces.otlp}?end=${nowMs + 60_000}&start=${nowMs - 60_000}`;
    await parsed(envelope(z.array(v1Trace).length(1)), path);
  });

  test('the dependency graph of the dashboard’s time', async () => {
    const dependency = z.strictObject({ parent: z.string(), child: z.string(), callCount: count });
    await vi.waitFor(
      () =>
        parsed(
          envelope(z.array(dependency).min(2)),
          `/api/dependencies?endTs=${Date.now()}&lookback=3600000`,
        ),
      10_000,
    );
  });

  test('refusals, whose first error it shows', async () => {
    for (const path of [
      `/api/traces/${'9'.repeat(32)}`,
      '/api/traces?limit=x',
      '/api/operations',
    ]) {
      const answer = await fetch(`${hub.url}${path}`);
      const refusal = z.strictObject({
        data: z.null(),
        total: z.literal(0),
        limit: z.literal(0),
        offset: z.literal(0),
        errors: z.tuple([
          z.strictObject({ code: z.literal(answer.status), msg: z.string().min(1) }),
        ]),
      });
      expect(refusal.safeParse(await answer.json()).error).toBeUndefined();
    }
  });
});

test('the schemas do refuse: a trace without spans, null lists, numbers as text, and two members in a value', () => {
  const trace = { traceID: '1'.repeat(16), spans: [], processes: {}, warnings: null };
  expect(v1Trace.safeParse(trace).success).toBe(false);
  expect(
    envelope(z.array(z.string())).safeParse({
      data: null,
      total: 0,
      limit: 0,
      offset: 0,
      errors: null,
    }).success,
  ).toBe(false);
  expect(
    envelope(z.array(z.string())).safeParse({ data: [], total: 0, limit: 0, offset: 0, errors: [] })
      .success,
  ).toBe(false);
  expect(anyValue.safeParse({}).success).toBe(false);
  expect(anyValue.safeParse({ stringValue: '', boolValue: false }).success).toBe(false);
  expect(anyValue.safeParse({ intValue: 3 }).success).toBe(false);
});
