import { expect, test } from 'vitest';
import { spansOf } from '../decode/column-batch.ts';
import { decodeOtlpJson } from '../decode/decode-otlp-json.ts';
import { DependencyPaths, type Focus } from './deep-dependencies.ts';
import { tellTrace } from './tell-trace.ts';
import type { ToldTrace } from './told-span.ts';

const kinds = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;

interface Part {
  readonly id: string;
  readonly parent?: string;
  readonly link?: string;
  readonly service: string;
  readonly kind: keyof typeof kinds;
}

function aTrace(parts: readonly Part[], digit = 'a'): ToldTrace {
  const traceId = digit.repeat(32);
  const resourceSpans = parts.map(({ id, parent, link, service, kind }, at) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
    scopeSpans: [
      {
        spans: [
          {
            traceId,
            spanId: id.padStart(16, '0'),
            parentSpanId: parent?.padStart(16, '0') ?? '',
            name: `${kind} ${id}`,
            kind: kinds[kind],
            startTimeUnixNano: String(1_000_000 + at * 1000),
            endTimeUnixNano: '2000000',
            links: link === undefined ? [] : [{ traceId, spanId: link.padStart(16, '0') }],
          },
        ],
      },
    ],
  }));
  const spans = spansOf(decodeOtlpJson(Buffer.from(JSON.stringify({ resourceSpans }))));
  return tellTrace({ traceId, spans }, { raw: true });
}

function waysThrough(focus: Partial<Focus>, ...traces: readonly ToldTrace[]): readonly string[] {
  const paths = new DependencyPaths({ service: 'shop', operation: undefined, ...focus });
  for (const trace of traces) paths.add(trace);
  return paths
    .all()
    .map(({ path }) => path.map((entry) => `${entry.service}/${entry.operation}`).join(' > '));
}

const order: readonly Part[] = [
  { id: '1', service: 'web', kind: 'server' },
  { id: '2', parent: '1', service: 'web', kind: 'client' },
  { id: '3', parent: '2', service: 'shop', kind: 'server' },
  { id: '4', parent: '3', service: 'shop', kind: 'internal' },
  { id: '5', parent: '4', service: 'shop', kind: 'client' },
  { id: '6', parent: '5', service: 'stock', kind: 'server' },
  { id: '7', parent: '4', service: 'shop', kind: 'producer' },
  { id: '8', parent: '7', service: 'mail', kind: 'consumer' },
  { id: '9', parent: '1', service: 'web', kind: 'client' },
  { id: 'a', parent: '9', service: 'ads', kind: 'server' },
];

test('every way from the root to a leaf that leads through the service is told once', () => {
  expect(waysThrough({}, aTrace(order), aTrace(order, 'b'))).toEqual([
    'web/server 1 > shop/server 3 > stock/server 6',
    'web/server 1 > shop/server 3 > mail/consumer 8',
  ]);
});

test('the focus may be one operation', () => {
  expect(waysThrough({ service: 'ads', operation: 'server a' }, aTrace(order))).toEqual([
    'web/server 1 > ads/server a',
  ]);
  expect(waysThrough({ service: 'ads', operation: 'another' }, aTrace(order))).toEqual([]);
});

test('a service that calls itself is a step each time', () => {
  const trace = aTrace([
    { id: '1', service: 'shop', kind: 'server' },
    { id: '2', parent: '1', service: 'shop', kind: 'client' },
    { id: '3', parent: '2', service: 'shop', kind: 'server' },
  ]);
  expect(waysThrough({}, trace)).toEqual(['shop/server 1 > shop/server 3']);
});

test('a consumer follows the link to what it consumes, where it has no parent', () => {
  const trace = aTrace([
    { id: '1', service: 'shop', kind: 'producer' },
    { id: '2', link: '1', service: 'mail', kind: 'consumer' },
  ]);
  expect(waysThrough({}, trace)).toEqual(['shop/producer 1 > mail/consumer 2']);
});

test('children that came before their parents, lost parents and circles do no harm', () => {
  const trace = aTrace([
    { id: '3', parent: '2', service: 'stock', kind: 'server' },
    { id: '2', parent: '1', service: 'shop', kind: 'client' },
    { id: '1', parent: 'f', service: 'shop', kind: 'server' },
    { id: '5', parent: '6', service: 'shop', kind: 'server' },
    { id: '6', parent: '5', service: 'stock', kind: 'server' },
  ]);
  expect(waysThrough({}, trace)).toEqual([
    'shop/server 1 > stock/server 3',
    'stock/server 6 > shop/server 5',
  ]);
});

test('each way has the newest five traces as examples', () => {
  const paths = new DependencyPaths({ service: 'stock', operation: undefined });
  for (const digit of '123456') paths.add(aTrace(order, digit));
  expect(paths.all().map(({ attributes }) => attributes)).toEqual([
    [...'12345'].map((digit) => ({ key: 'exemplar_trace_id', value: digit.repeat(32) })),
  ]);
});

test('ways are bounded in length and number', () => {
  const loop = Array.from({ length: 150 }, (_, at): Part => {
    const parent = at === 0 ? {} : { parent: at.toString(16) };
    return { id: (at + 1).toString(16), ...parent, service: 'shop', kind: 'server' };
  });
  expect(waysThrough({}, aTrace(loop))[0]?.split(' > ')).toHaveLength(100);
  const fan = Array.from({ length: 1_100 }, (_, at): Part => {
    const id = (at + 1).toString(16);
    return { id, service: 'shop', kind: 'server' };
  });
  expect(waysThrough({}, aTrace(fan))).toHaveLength(1_000);
});
