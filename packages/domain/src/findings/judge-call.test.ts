import { describe, expect, test } from 'vitest';
import type { Call, HttpExchange } from '../traffic/call.ts';
import { type CallFacts, judgeCall } from './judge-call.ts';
import { isHousekeeping, isPassing, isTestEnvironment, isTestTraffic } from './observed-call.ts';

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
      uncovered,
      undefined,
    ],
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
    ['the environment test', aCall({ environment: 'Test' }), true],
    ['the verifier', aCall({ consumer: { service: 'pact-verifier', ...seen } }), true],
    ['production', aCall(), false],
    ['no environment', aCall({ environment: undefined }), false],
  ])('%s', (...[, call, verdict]) => {
    expect(isTestTraffic(call)).toBe(verdict);
  });

  test('of the environments only test is one for tests', () => {
    expect([
      isTestEnvironment('test'),
      isTestEnvironment('latest'),
      isTestEnvironment(undefined),
    ]).toEqual([true, false, false]);
  });

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
