import { guardedShape } from '@concordat/conformance';
import type { Call, GuardVerdict } from '@concordat/domain';
import { expect, test } from 'vitest';
import { CallTally } from './call-tally.ts';
import type { CallVerdict } from './promise-book.ts';

const shape = 'GET /v1/orders/{id} 404';
const promised = (description: string, of = shape) => ({
  ...{ description, providerStates: [], transport: 'http' as const, status: 404, shape: of },
  operation: 'GET /v1/orders/{id}',
});
const verdict: CallVerdict = {
  operation: 'GET /v1/orders/{id}',
  match: { kind: 'promised', interactions: [promised('never was'), promised('is gone')] },
  facts: { match: 'promised', hasPact: true, knowsConsumer: true, knowsProvider: true },
};

function aCall(interaction?: string): Call {
  const guard: GuardVerdict = {
    ...{ side: 'provider', verdict: 'kept', consumer: 'web', provider: 'shop', interaction },
    ...{ operation: 'GET /v1/orders/{id}', pactSha: 'sha', mismatches: [], fields: [] },
    fieldsRead: undefined,
  };
  return {
    consumer: { service: 'web', version: '1', virtual: false },
    provider: { service: 'shop', version: '2', virtual: false },
    environment: 'production',
    exchange: {
      kind: 'http',
      method: 'GET',
      path: '/v1/orders/7',
      query: '',
      route: undefined,
      status: 404,
    },
    ...{ traceId: 'ab', clientSpanId: '1', serverSpanId: '2', atMicros: 60_000_000 },
    ...{
      clientDurationMicros: 1,
      serverDurationMicros: 1,
      failed: false,
      weight: 1,
      inferred: false,
    },
    ...(interaction !== undefined && { guard: [guard, guard] }),
  };
}

test('calls of interactions that spans cannot tell apart count for each of which a live guard said so', () => {
  const tally = new CallTally();
  const judged = { verdict, place: undefined };
  for (const told of [undefined, 'is gone', undefined, 'is gone', 'another']) {
    tally.count(aCall(told), judged, Number.MAX_SAFE_INTEGER);
  }
  const totals = tally.usageRows().filter(({ bucket }) => bucket === 0);
  expect(totals.map((row) => [row.shape, row.calls])).toEqual([
    [shape, 5],
    [guardedShape({ description: 'is gone', shape }), 2],
  ]);
});
