import { describe, expect, test } from 'vitest';
import type { GuardMismatch, GuardVerdict } from '../guard/guard-verdict.ts';
import type { Call } from '../traffic/call.ts';
import { brokenPromises, mismatchText, readMismatch } from './judge-guard.ts';

const seen = { version: '1', virtual: false };
const sku: GuardMismatch = { part: 'body', rule: 'type', pointer: '/items/0/sku' };
const status: GuardMismatch = { part: 'status', rule: 'equality', pointer: '' };

function aVerdict(more: Partial<GuardVerdict> = {}): GuardVerdict {
  return {
    ...{ side: 'provider', verdict: 'broken', consumer: 'web', provider: 'shop' },
    ...{ operation: 'GET /v1/orders/{id}', interaction: 'an order', pactSha: 'sha' },
    ...{ mismatches: [sku], fields: [], fieldsRead: undefined },
    ...more,
  };
}

function aCall(guard: readonly GuardVerdict[] | undefined, answered = 200): Call {
  return {
    consumer: { service: 'web', ...seen },
    provider: { service: 'shop', ...seen },
    environment: 'production',
    exchange: {
      ...{ kind: 'http', method: 'GET', path: '/v1/orders/7', query: '' },
      ...{ route: undefined, status: answered },
    },
    ...{ traceId: 'a', clientSpanId: 'b', serverSpanId: 'c', atMicros: 0 },
    ...{ clientDurationMicros: 2, serverDurationMicros: 1, failed: false, weight: 1 },
    inferred: false,
    ...(guard === undefined ? {} : { guard }),
  };
}

describe('what a guard saw', () => {
  test.each<readonly [string, Call, readonly string[]]>([
    ['is nothing where none looked', aCall(undefined), []],
    ['accuses nobody when it was kept', aCall([aVerdict({ verdict: 'kept' })]), []],
    ['accuses nobody when nothing is like it', aCall([aVerdict({ verdict: 'uncovered' })]), []],
    ['accuses nobody when it cannot be told', aCall([aVerdict({ verdict: 'undecided' })]), []],
    ['is a broken promise', aCall([aVerdict()]), ['body type /items/*/sku']],
    [
      'is one broken promise, whoever looked and at however many items',
      aCall([
        aVerdict(),
        aVerdict({
          side: 'consumer',
          mismatches: [
            { ...sku, pointer: '/items/12/sku' },
            { ...sku, rule: 'required', pointer: '/items/3' },
          ],
        }),
      ]),
      ['body type /items/*/sku, body required /items/*'],
    ],
    [
      'accuses nobody in the name of a consumer that did not ask',
      aCall([aVerdict({ consumer: 'app' })]),
      [],
    ],
    [
      'is a broken promise to whoever may have asked, when nobody knows who did',
      {
        ...aCall([aVerdict({ consumer: 'app' })]),
        consumer: { service: '10.0.0.7', version: undefined, virtual: true },
      },
      ['body type /items/*/sku'],
    ],
    [
      'of an event is a broken promise to everybody whom it is sent to',
      {
        ...aCall([aVerdict({ consumer: 'app' })]),
        exchange: { kind: 'message', system: 'kafka', destination: 'orders', event: undefined },
      },
      ['body type /items/*/sku'],
    ],
    ['tells no place where the guard told none', aCall([aVerdict({ mismatches: [] })]), ['']],
    ['is an unpromised status and no more', aCall([aVerdict({ mismatches: [status] })]), []],
    [
      'is about what else failed beside the status',
      aCall([aVerdict({ mismatches: [status, sku] })]),
      ['body type /items/*/sku'],
    ],
    ['accuses no answer that a retry follows', aCall([aVerdict()], 503), []],
    [
      'is told for each pact',
      aCall([aVerdict(), aVerdict({ side: 'consumer', consumer: 'app', pactSha: undefined })]),
      ['body type /items/*/sku', 'body type /items/*/sku'],
    ],
  ])('%s', (_caption, call, expected) => {
    const found = brokenPromises(call);
    expect(found.map(({ mismatches }) => mismatches.map(mismatchText).join(', '))).toEqual(
      expected,
    );
  });

  test('names the contents that it was judged by', () => {
    const call = aCall([aVerdict(), aVerdict({ pactSha: 'other' }), aVerdict()]);
    expect(brokenPromises(call).map(({ pactShas }) => pactShas)).toEqual([['sha', 'other']]);
    const silent = aCall([aVerdict({ pactSha: undefined })]);
    expect(brokenPromises(silent).map(({ pactShas }) => pactShas)).toEqual([[]]);
  });
});

describe('a mismatch as a text', () => {
  test.each<GuardMismatch>([sku, status, { part: 'header', rule: 'regex', pointer: 'x y z' }])(
    'of $part is read as it was written',
    (mismatch) => {
      expect(readMismatch(mismatchText(mismatch))).toEqual(mismatch);
    },
  );

  test.each(['', 'body', 'body type', 'soul type /x'])('%j is none', (text) => {
    expect(readMismatch(text)).toBeUndefined();
  });
});
