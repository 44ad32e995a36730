import { describe, expect, test } from 'vitest';
import { judgeRemoval, type RemovalFacts } from './judge-removal.ts';

const enough = { window: 86_400, calls: 500, sampleRate: 1 };

function facts(changes: Partial<RemovalFacts> = {}): RemovalFacts {
  return {
    provider: 'orders',
    operation: 'GET /orders/{id}',
    promisedBy: [],
    receivers: [],
    callers: [],
    unresolvedCallers: [],
    unnamedReceivers: [],
    evidence: enough,
    floor: { minimumCalls: 20, minimumWindowSeconds: 3600 },
    field: undefined,
    ...changes,
  };
}

const sku = { pointer: '/items/*/sku', readers: [], othersPromised: [], neverReading: [] };

function told(given: RemovalFacts): readonly [string, readonly string[], readonly string[]] {
  const { answer, reasons } = judgeRemoval(given);
  return [answer, reasons.map(({ kind }) => kind), reasons.map(({ sentence }) => sentence)];
}

describe('whether an operation can go', () => {
  test.each<[string, Partial<RemovalFacts>, string, readonly string[], readonly string[]]>([
    [
      'nobody names it and nobody called it',
      {},
      'yes',
      ['not-called'],
      ['None of 500 calls to orders in the window was GET /orders/{id}.'],
    ],
    [
      'a pact names it, and nobody called it',
      { promisedBy: ['web'] },
      'no',
      ['promised', 'not-called'],
      [
        'The pact of web names it: who no longer needs it takes it out of its pact first.',
        'None of 500 calls to orders in the window was GET /orders/{id}.',
      ],
    ],
    [
      'pacts name it and one calls it',
      { promisedBy: ['web', 'app'], callers: ['web'] },
      'no',
      ['promised', 'called'],
      [
        'The pacts of web, app name it: who no longer needs it takes it out of its pact first.',
        'web called it in the window.',
      ],
    ],
    [
      'somebody without a pact called it',
      { callers: ['mobile'] },
      'no',
      ['called'],
      ['mobile called it in the window.'],
    ],
    [
      'too little was looked at',
      { evidence: { window: 60, calls: 3, sampleRate: 1 } },
      'cannot-tell',
      ['too-little-evidence'],
      ['3 calls to orders in the window are too little to say that nobody uses it.'],
    ],
    [
      'too little was sampled',
      { evidence: { window: 86_400, calls: 9000, sampleRate: 0.01 } },
      'cannot-tell',
      ['too-little-evidence'],
      [
        '9000 calls to orders in the window, 1.0 % of them sampled, are too little to say that nobody uses it.',
      ],
    ],
    [
      'calls that may be it',
      { unresolvedCallers: ['app'] },
      'cannot-tell',
      ['unresolved-calls', 'not-called'],
      [
        'app made calls that no contract names and that may be GET /orders/{id}.',
        'None of 500 calls to orders in the window was GET /orders/{id}.',
      ],
    ],
    [
      'events that may be it',
      { operation: 'send order.placed', unnamedReceivers: ['mail'] },
      'cannot-tell',
      ['unnamed-events', 'not-called'],
      [
        'mail received events whose spans do not name them, and that may be send order.placed.',
        'None of 500 events of orders in the window was send order.placed.',
      ],
    ],
    [
      'an event that one receives',
      { operation: 'send order.placed', callers: ['mail'] },
      'no',
      ['called'],
      ['mail received it in the window.'],
    ],
    [
      'an event that one declares to receive',
      { operation: 'send order.placed', receivers: ['mail'] },
      'no',
      ['declared-receiver', 'not-called'],
      [
        'mail declares in AsyncAPI to receive it, without any pact.',
        'None of 500 events of orders in the window was send order.placed.',
      ],
    ],
    [
      'an event that two declare to receive',
      {
        operation: 'send order.placed',
        receivers: ['mail', 'log'],
        evidence: { window: 0, calls: 0, sampleRate: 1 },
      },
      'no',
      ['declared-receiver', 'too-little-evidence'],
      [
        'mail, log declare in AsyncAPI to receive it, without any pact.',
        '0 events of orders in the window are too little to say that nobody uses it.',
      ],
    ],
  ])('%s', (...[, changes, ...expected]) => {
    expect(told(facts(changes))).toEqual(expected);
  });
});

describe('whether a field can go', () => {
  test.each<[string, Partial<RemovalFacts>, string, readonly string[]]>([
    ['a pact names it', { promisedBy: ['web'], callers: ['web'], field: sku }, 'no', ['promised']],
    [
      'code was seen reading it',
      { callers: ['web'], field: { ...sku, readers: ['web'], othersPromised: ['web'] } },
      'no',
      ['field-read'],
    ],
    [
      'somebody calls of whom nothing is known',
      { callers: ['web', 'mobile'], field: { ...sku, othersPromised: ['web'] } },
      'cannot-tell',
      ['field-unknown-use', 'field-not-needed'],
    ],
    [
      'all who call have pacts that name other fields',
      { callers: ['web'], field: { ...sku, othersPromised: ['web'] } },
      'yes',
      ['field-not-needed'],
    ],
    [
      'all who call were watched and never read it',
      { callers: ['web'], field: { ...sku, neverReading: ['web'] } },
      'yes',
      ['field-not-needed'],
    ],
    [
      'somebody without a pact declares to receive the event',
      { operation: 'send order.placed', receivers: ['ledger'], field: sku },
      'cannot-tell',
      ['declared-receiver', 'not-called'],
    ],
    ['nobody calls, with enough traffic', { field: sku }, 'yes', ['not-called']],
    [
      'nobody calls, with too little traffic',
      { field: sku, evidence: { window: 0, calls: 0, sampleRate: 1 } },
      'cannot-tell',
      ['too-little-evidence'],
    ],
  ])('%s', (...[, changes, ...expected]) => {
    expect(told(facts(changes)).slice(0, 2)).toEqual(expected);
  });

  test('the sentences say what it rests on', () => {
    const [, , watched] = told(facts({ callers: ['a'], field: { ...sku, neverReading: ['a'] } }));
    expect(watched).toEqual(['a called it, and the live guard never saw the field read.']);
    const [, , pacts] = told(
      facts({
        callers: ['a', 'b', 'c', 'd'],
        field: { ...sku, readers: ['d'], neverReading: ['a'], othersPromised: ['b'] },
      }),
    );
    expect(pacts).toEqual([
      'The code of d was seen reading /items/*/sku.',
      'c called it, and neither a pact that names its fields nor the live guard says whether /items/*/sku is read.',
      'a, b called it, and pacts that name other fields, or a live guard that never saw it read, say that it is not needed.',
    ]);
  });
});
