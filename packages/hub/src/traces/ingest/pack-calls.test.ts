import type { Call } from '@concordat/domain';
import { expect, test } from 'vitest';
import { packCalls, unpackCalls } from './pack-calls.ts';

const whole: Call = {
  consumer: { service: 'web', version: '1.2.3', virtual: false },
  provider: { service: 'orders', version: 'abc', virtual: true },
  environment: 'production',
  exchange: {
    kind: 'http',
    method: 'GET',
    path: '/orders/17',
    query: 'page=2',
    route: '/orders/:id',
    status: 200,
  },
  traceId: '0af7651916cd43dd8448eb211c80319c',
  clientSpanId: 'b7ad6b7169203331',
  serverSpanId: '00f067aa0ba902b7',
  atMicros: 1_790_000_000_000_123,
  clientDurationMicros: 1234.567,
  serverDurationMicros: 0,
  failed: false,
  weight: 12.5,
  inferred: false,
};

const calls: readonly Call[] = [
  whole,
  {
    ...whole,
    consumer: { service: 'user', version: undefined, virtual: true },
    provider: { service: 'orders', version: undefined, virtual: false },
    environment: undefined,
    clientSpanId: undefined,
    clientDurationMicros: undefined,
    failed: true,
    inferred: true,
    exchange: {
      kind: 'http',
      method: 'POST',
      path: '',
      query: '',
      route: undefined,
      status: undefined,
    },
  },
  {
    ...whole,
    serverSpanId: undefined,
    serverDurationMicros: undefined,
    transitMicros: 250,
    exchange: { kind: 'message', system: 'rabbitmq', destination: '', event: 'order.placed' },
  },
  { ...whole, via: 'gateway' },
  {
    ...whole,
    guard: [
      {
        ...{ side: 'provider', verdict: 'broken', consumer: 'web', provider: 'orders' },
        ...{ operation: 'GET /orders/{id}', interaction: 'an order', pactSha: 'abc' },
        mismatches: [{ part: 'body', rule: 'type', pointer: '/items/0/ö' }],
        ...{ fields: ['', '/id'], fieldsRead: [] },
      },
      {
        ...{ side: 'consumer', verdict: 'undecided', consumer: 'web', provider: 'orders' },
        ...{ operation: '', interaction: undefined, pactSha: undefined, mismatches: [] },
        ...{ fields: [], fieldsRead: undefined },
      },
    ],
  },
  {
    ...whole,
    exchange: {
      kind: 'database',
      system: 'postgresql',
      namespace: 'shop',
      operation: 'SELECT orders',
    },
  },
  {
    ...whole,
    exchange: { kind: 'message', system: 'kafka', destination: 'ö € 😀', event: undefined },
  },
];

test('a call is the same call after it travelled', () => {
  expect(unpackCalls(structuredClone(packCalls(calls)))).toEqual(calls);
});

test('no calls travel too', () => {
  expect(unpackCalls(structuredClone(packCalls([])))).toEqual([]);
});

test('texts that calls have in common travel once', () => {
  const { texts } = packCalls([whole, whole, whole]);
  expect(texts.filter((text) => text === 'orders')).toHaveLength(1);
});
