import { describe, expect, test } from 'vitest';
import type { Call, HttpExchange } from '../traffic/call.ts';
import { type CallFacts, isUndeclaredEvent, judgeCall } from './judge-call.ts';
import { isHousekeeping, isPassing, isPlumbing, isRedirect } from './observed-call.ts';

const seen = { version: '1', virtual: false };

function aCall(more: Partial<Call> = {}, http: Partial<HttpExchange> = {}): Call {
  return {
    consumer: { service: 'web', ...seen },
    provider: { service: 'shop', ...seen },
    environment: 'production',
    exchange: {
      kind: 'http',
      method: 'GET',
      path: '/v1/orders',
      query: '',
      route: '/v1/orders',
      status: 200,
      ...http,
    },
    traceId: 'a',
    clientSpanId: 'b',
    serverSpanId: 'c',
    atMicros: 0,
    clientDurationMicros: 2,
    serverDurationMicros: 1,
    failed: false,
    weight: 1,
    inferred: false,
    ...more,
  };
}

const message = {
  kind: 'message',
  system: 'rabbitmq',
  destination: 'events',
  event: 'a.b',
} as const;
const uncovered: CallFacts = {
  match: 'uncovered',
  hasPact: true,
  knowsConsumer: true,
  knowsProvider: true,
};
const strangers: CallFacts = { ...uncovered, hasPact: false };

describe('a call is judged', () => {
  test.each<readonly [string, Call, CallFacts, string | undefined]>([
    ['kept when it is promised', aCall(), { ...uncovered, match: 'promised' }, undefined],
    [
      'an unpromised status',
      aCall(),
      { ...uncovered, match: 'unpromised-status' },
      'unpromised-status',
    ],
    ['uncovered where a pact exists', aCall(), uncovered, 'uncovered-call'],
    ['uncovered between two pacticipants', aCall(), strangers, 'uncovered-call'],
    ['of an unknown consumer', aCall(), { ...strangers, knowsConsumer: false }, 'unknown-consumer'],
    ['of an unknown provider', aCall(), { ...strangers, knowsProvider: false }, 'unknown-provider'],
    [
      'nobody’s when no contract knows either',
      aCall(),
      { ...strangers, knowsConsumer: false, knowsProvider: false },
      undefined,
    ],
    ['undecided when spans do not tell', aCall(), { ...uncovered, match: 'undecided' }, undefined],
    [
      'nobody’s with a guessed consumer',
      aCall({ consumer: { service: 'x', version: undefined, virtual: true } }),
      uncovered,
      undefined,
    ],
    [
      'nobody’s with a guessed provider',
      aCall({ provider: { service: 'x', version: undefined, virtual: true } }),
      strangers,
      undefined,
    ],
    [
      'uncovered where a pact is with the name of a provider that tells nothing',
      aCall({ provider: { service: 'shop', version: undefined, virtual: true } }),
      uncovered,
      'uncovered-call',
    ],
    [
      'nobody’s for an event on its way to the dead letters',
      aCall({ exchange: { ...message, destination: 'events.dlx' } }),
      uncovered,
      undefined,
    ],
    ['uncovered behind a gateway', aCall({ via: 'gateway' }), uncovered, 'uncovered-call'],
    ['nobody’s behind a gateway without a pact', aCall({ via: 'gateway' }), strangers, undefined],
    ['uncovered at a gateway', aCall(), { ...uncovered, isHop: true }, 'uncovered-call'],
    ['nobody’s at a gateway without a pact', aCall(), { ...strangers, isHop: true }, undefined],
    [
      'nobody’s when a service calls itself',
      aCall({ provider: { service: 'web', ...seen } }),
      uncovered,
      undefined,
    ],
    [
      'nobody’s for 404 without a route',
      aCall({}, { status: 404, route: undefined }),
      uncovered,
      undefined,
    ],
    [
      'nobody’s for 405 without a route',
      aCall({}, { status: 405, route: undefined }),
      uncovered,
      undefined,
    ],
    ['uncovered for 404 of a route', aCall({}, { status: 404 }), uncovered, 'uncovered-call'],
    ['uncovered for an event', aCall({ exchange: message }), uncovered, 'uncovered-call'],
    [
      'nobody’s for an event paired by topic',
      aCall({ exchange: message, inferred: true }),
      uncovered,
      undefined,
    ],
    ['uncovered for a concluded HTTP pair', aCall({ inferred: true }), uncovered, 'uncovered-call'],
  ])('%s', (...[, call, facts, kind]) => {
    expect(judgeCall(call, facts)).toBe(kind);
  });
});

describe('what is no observed traffic', () => {
  test.each([
    ['GET', '/health', true],
    ['HEAD', '/shop/healthz/', true],
    ['GET', '/actuator/health/liveness', true],
    ['GET', '/metrics', true],
    ['OPTIONS', '/v1/orders', true],
    ['POST', '/health', false],
    ['GET', '/v1/orders/1/health', false],
    ['GET', '/v1/healthy-recipes', false],
  ])('%s %s is housekeeping: %s', (method, path, verdict) => {
    expect(isHousekeeping(aCall({}, { method, path }))).toBe(verdict);
  });

  test('an event is no housekeeping', () => {
    expect(isHousekeeping(aCall({ exchange: message }))).toBe(false);
  });
});

test.each([
  [200, false],
  [402, false],
  [408, true],
  [429, true],
  [500, true],
  [503, true],
  [undefined, false],
])('an answer with status %s may pass by itself: %s', (status, verdict) => {
  expect(isPassing(aCall({}, { status }))).toBe(verdict);
  expect(isPassing(aCall({ exchange: message }))).toBe(false);
});

test.each([
  [200, false],
  [301, true],
  [302, true],
  [304, false],
  [307, true],
  [308, true],
  [undefined, false],
])('an answer with status %s sends elsewhere: %s', (status, verdict) => {
  expect(isRedirect(aCall({}, { status }))).toBe(verdict);
  expect(isRedirect(aCall({ exchange: message }))).toBe(false);
});

describe('a message only moves between queues', () => {
  test.each([
    ['events', 'order.placed', false],
    ['', 'order.placed', false],
    ['events.dlx', 'order.placed', true],
    ['DeadLetterExchange', 'order.placed', true],
    ['orders_dead_letter_queue', undefined, true],
    ['orders-retry', 'order.placed', true],
    ['retry.orders', 'order.placed', true],
    ['', 'orders.retry.30s', true],
    ['', 'shipping.order-placed.retry', true],
    ['', 'shipping.order-placed.retry.3', true],
    ['', 'orders.dlq', true],
    ['', 'amq.gen-JzTY20BRgKO', true],
    ['amq.topic', 'order.placed', false],
    ['__consumer_offsets', undefined, true],
    ['_INBOX.abc', undefined, true],
    ['$share/orders', undefined, true],
    ['events', 'payment.retryable', false],
    ['events', 'retry.failed', false],
  ])('to %j as %j: %s', (destination, event, verdict) => {
    const exchange = { ...message, destination, event };
    expect(isPlumbing(aCall({ exchange }))).toBe(verdict);
  });

  test('and never is a request', () => {
    expect(isPlumbing(aCall())).toBe(false);
  });
});

describe('an event is undeclared', () => {
  const event = aCall({ exchange: message });
  const virtual = { service: 'x', version: undefined, virtual: true };
  test.each<readonly [string, Call, 'declared' | 'undeclared' | 'unknown', boolean]>([
    ['when its sender declares others', event, 'undeclared', true],
    ['not when it is declared', event, 'declared', false],
    ['not when its sender declares nothing', event, 'unknown', false],
    ['whoever receives it', aCall({ exchange: message, consumer: virtual }), 'undeclared', true],
    [
      'not by a sender that is a guess',
      aCall({ exchange: message, provider: virtual }),
      'undeclared',
      false,
    ],
    [
      'not by a sender that was concluded',
      aCall({ exchange: message, inferred: true }),
      'undeclared',
      false,
    ],
    [
      'not on its way to be tried again',
      aCall({ exchange: { ...message, destination: 'orders.retry' } }),
      'undeclared',
      false,
    ],
  ])('%s', (...[, call, declaration, verdict]) => {
    expect(isUndeclaredEvent(call, declaration)).toBe(verdict);
  });
});
