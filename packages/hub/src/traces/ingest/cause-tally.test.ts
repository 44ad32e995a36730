import type { CallCause } from '@concordat/domain';
import { expect, test } from 'vitest';
import { CauseTally } from './cause-tally.ts';

const cause: CallCause = {
  service: 'gateway',
  environment: 'production',
  inbound: { operation: 'GET /orders', kind: 'server' },
  outbound: { service: 'orders', operation: 'GET /v1/orders' },
  traceId: 'a'.repeat(32),
  atMicros: 60_000_000,
  weight: 1,
};

test('causes that are alike within a minute are one, with the latest trace', () => {
  const tally = new CauseTally();
  const later = { ...cause, atMicros: 61_000_000, weight: 4, traceId: 'b'.repeat(32) };
  tally.add([cause, later, { ...cause, atMicros: 60_500_000 }]);
  expect(tally.take()).toEqual([{ ...later, weight: 6 }]);
  expect(tally.take()).toEqual([]);
  expect(cause.weight).toBe(1);
});

test('what differs in a name or in its minute stays apart', () => {
  const tally = new CauseTally();
  const different: readonly CallCause[] = [
    cause,
    { ...cause, service: 'web' },
    { ...cause, environment: undefined },
    { ...cause, inbound: { operation: 'GET /orders', kind: 'consumer' } },
    { ...cause, inbound: { operation: 'GET /', kind: 'server' } },
    { ...cause, outbound: { service: 'stock', operation: 'GET /v1/orders' } },
    { ...cause, outbound: { service: 'orders', operation: 'GET' } },
    { ...cause, outbound: { ...cause.outbound, transport: 'rpc' } },
    { ...cause, atMicros: 120_000_000 },
  ];
  tally.add(different);
  expect(tally.take()).toEqual(different);
});

test('more than it tells apart is told one by one', () => {
  const tally = new CauseTally();
  const many = Array.from({ length: 10_001 }, (_, n) => ({ ...cause, service: `service-${n}` }));
  tally.add([...many, ...many]);
  const taken = tally.take();
  expect(taken).toHaveLength(10_002);
  expect(taken.reduce((sum, { weight }) => sum + weight, 0)).toBe(20_002);
});
