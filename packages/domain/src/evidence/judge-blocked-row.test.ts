import { describe, expect, test } from 'vitest';
import { evidenceOfCalls, judgeBlockedRow, nothingToCompare } from './judge-blocked-row.ts';
import {
  type BlockedRow,
  type FailingInteraction,
  type SeenCalls,
  type SeenPromise,
  type SeenTraffic,
  worstVerdict,
} from './traffic-verdict.ts';

const HOUR = 3_600_000_000;
const START = 1_000 * HOUR;

function calls(changes: Partial<SeenCalls> = {}): SeenCalls {
  const count = changes.count ?? 100;
  return {
    transport: 'http',
    operation: 'POST /orders',
    status: '201',
    consumerVersion: '1',
    count,
    sampled: count,
    decided: changes.sampled ?? count,
    firstSeen: START,
    lastSeen: START + 24 * HOUR,
    ...changes,
  };
}

function use(changes: Partial<SeenPromise> = {}): SeenPromise {
  return {
    shape: 'GET /orders/{id} 200',
    consumerVersion: '1',
    count: 3,
    lastSeen: START + HOUR,
    exemplarTraceId: 'abc',
    ...changes,
  };
}

const posted = use({ shape: 'POST /orders 201', count: 100 });

function seen(changes: Partial<SeenTraffic> = {}): SeenTraffic {
  return {
    watchedSince: 0,
    decidedAtMost: Number.POSITIVE_INFINITY,
    calls: [calls()],
    promises: [posted],
    ...changes,
  };
}

function failing(changes: Partial<FailingInteraction> = {}): FailingInteraction {
  return {
    description: 'an order',
    providerStates: [],
    transport: 'http',
    operation: 'GET /orders/{id}',
    status: 200,
    shape: 'GET /orders/{id} 200',
    guardedShape: 'guarded an order',
    outcome: 'failed',
    indistinguishableFrom: [],
    isPromisedByRunning: true,
    seen: seen(),
    ...changes,
  };
}

function row(changes: Partial<BlockedRow> = {}): BlockedRow {
  return {
    consumer: 'web',
    consumerVersion: '1',
    provider: 'shop',
    environment: 'production',
    asked: 'provider',
    otherVersions: [],
    failing: [failing()],
    keptElsewhere: 0,
    promised: new Map([
      ['GET /orders/{id}', { statuses: [200], shapes: ['GET /orders/{id} 200'] }],
      ['POST /orders', { statuses: [201], shapes: ['POST /orders 201'] }],
    ]),
    knownOperations: new Set(['GET /orders/{id}', 'POST /orders', 'GET /orders/latest']),
    floor: { minimumCalls: 20, minimumWindowSeconds: 3600 },
    ...changes,
  };
}

/** The verdict, the reason of the first interaction, and the first sentence. */
function told(given: BlockedRow): readonly [string, string | undefined, string | undefined] {
  const { verdict, interactions, sentences } = judgeBlockedRow(given);
  return [verdict, interactions[0]?.reason, sentences[0]];
}

const withUse = (...promises: SeenPromise[]) =>
  failing({ seen: seen({ promises: [posted, ...promises] }) });

const withCalls = (...more: SeenCalls[]) => failing({ seen: seen({ calls: [calls(), ...more] }) });

const events = (changes: Partial<SeenCalls> = {}) =>
  calls({ transport: 'message', operation: 'send events', status: '', ...changes });

const event = (...list: SeenCalls[]) =>
  failing({
    description: 'placed',
    transport: 'message',
    operation: 'send order.placed',
    status: undefined,
    shape: 'send order.placed',
    seen: seen({ calls: list, promises: [] }),
  });

describe('what traffic says about a row in which one interaction is not kept', () => {
  test.each<[string, BlockedRow, string, string, string]>([
    [
      'it is used by the version of the row',
      row({ failing: [withUse(use())] }),
      'broken',
      'used',
      'web 1 used "an order" in production 3 times; it failed its verification.',
    ],
    [
      'nobody has verified it and it is used',
      row({
        failing: [{ ...withUse(use({ count: 1 })), outcome: 'unverified' }],
      }),
      'broken',
      'used',
      'web 1 used "an order" in production once; nobody has verified it.',
    ],
    [
      'it is used and the verifier told nothing',
      row({ failing: [{ ...withUse(use()), outcome: 'untold' }] }),
      'potentially-affected',
      'untold-results',
      'web 1 used "an order" in production 3 times; the pact failed, and the verifier did not say which interactions.',
    ],
    [
      'calls may be uses of one that is kept',
      row({ failing: [{ ...withUse(use()), indistinguishableFrom: ['an old order'] }] }),
      'potentially-affected',
      'indistinguishable',
      'web 1 made calls in production that may be "an order": spans cannot tell it from "an old order".',
    ],
    [
      'a live guard tells it from the one that is kept',
      row({
        failing: [
          {
            ...withUse(use(), use({ shape: 'guarded an order', count: 1 })),
            indistinguishableFrom: ['an old order'],
          },
        ],
      }),
      'broken',
      'used',
      'web 1 used "an order" in production 3 times; it failed its verification.',
    ],
    [
      'it is used by calls that tell no version, and only one version runs',
      row({ failing: [withUse(use({ consumerVersion: '' }))] }),
      'broken',
      'used',
      'web used "an order" in production 3 times; it failed its verification.',
    ],
    [
      'it is used by calls that tell no version, and several run',
      row({ otherVersions: ['2'], failing: [withUse(use({ consumerVersion: '' }))] }),
      'potentially-affected',
      'other-version',
      'web, in a version that is not recorded there or not told, used "an order" in production 3 times.',
    ],
    [
      'it is used by a version that is not recorded',
      row({ failing: [withUse(use({ consumerVersion: '9' }), use({ consumerVersion: '8' }))] }),
      'potentially-affected',
      'other-version',
      'web 9, 8, in a version that is not recorded there or not told, used "an order" in production 6 times.',
    ],
    [
      'it is used by a version that has a row of its own',
      row({ otherVersions: ['2'], failing: [withUse(use({ consumerVersion: '2' }))] }),
      'unaffected',
      'not-used',
      '"an order" was not used in production in 100 calls over 24 h.',
    ],
    [
      'the consumer is to be deployed and another version of it uses it',
      row({ asked: 'consumer', failing: [withUse(use({ consumerVersion: '0' }))] }),
      'broken',
      'used',
      'web 0 used "an order" in production 3 times; it failed its verification.',
    ],
    [
      'its operation gives an answer that nobody promised',
      row({ failing: [withCalls(calls({ operation: 'GET /orders/{id}', status: '202' }))] }),
      'potentially-affected',
      'unpromised-status',
      'web calls the operation of "an order" in production and gets answers of which the pact promises none.',
    ],
    [
      'its operation failed on the server',
      row({ failing: [withCalls(calls({ operation: 'GET /orders/{id}', status: '503' }))] }),
      'unaffected',
      'not-used',
      '"an order" was not used in production in 200 calls over 24 h.',
    ],
    [
      'its operation was called with another request than any that is promised',
      row({ failing: [withCalls(calls({ operation: 'GET /orders/{id}', status: '200' }))] }),
      'potentially-affected',
      'unresolved-operation',
      'web makes calls in production that its pacts do not promise and that may be "an order".',
    ],
    [
      'an answer from a cache is as good as the first',
      row({ failing: [withCalls(calls({ operation: 'GET /orders/{id}', status: '304' }))] }),
      'potentially-affected',
      'unresolved-operation',
      'web makes calls in production that its pacts do not promise and that may be "an order".',
    ],
    [
      'an address that only looks like it was called',
      row({ failing: [withCalls(calls({ operation: 'GET /orders/mine', status: '200' }))] }),
      'potentially-affected',
      'unresolved-operation',
      'web makes calls in production that its pacts do not promise and that may be "an order".',
    ],
    [
      'an operation that a contract tells apart was called',
      row({ failing: [withCalls(calls({ operation: 'GET /orders/latest', status: '200' }))] }),
      'unaffected',
      'not-used',
      '"an order" was not used in production in 200 calls over 24 h.',
    ],
    [
      'nothing of the operation is promised but by the row itself, which no pact in force has',
      row({
        promised: new Map(),
        failing: [withCalls(calls({ operation: 'GET /orders/{id}', status: '' }))],
      }),
      'potentially-affected',
      'unresolved-operation',
      'web makes calls in production that its pacts do not promise and that may be "an order".',
    ],
    [
      'events come whose spans do not name them',
      row({ failing: [event(events({ decided: 40 }))] }),
      'potentially-affected',
      'unnamed-events',
      'web receives events in production whose spans do not name them: they may be "placed".',
    ],
    [
      'other events come',
      row({ failing: [event(events({ operation: 'send order.paid' }))] }),
      'unaffected',
      'not-used',
      '"placed" was not used in production in 100 calls over 24 h.',
    ],
    [
      'enough traffic, and it was not used',
      row(),
      'unaffected',
      'not-used',
      '"an order" was not used in production in 100 calls over 24 h.',
    ],
    [
      'too few calls',
      row({ failing: [failing({ seen: seen({ calls: [calls({ count: 1 })] }) })] }),
      'no-evidence',
      'too-little-traffic',
      '"an order" was not seen, but 1 call over 24 h are too little to say that it is not used.',
    ],
    [
      'too short a time, since the promise was watched late',
      row({ failing: [failing({ seen: seen({ watchedSince: START + 23.5 * HOUR }) })] }),
      'no-evidence',
      'too-little-traffic',
      '"an order" was not seen, but 100 calls over 30 min are too little to say that it is not used.',
    ],
    [
      'most calls came before the promise was watched',
      row({ failing: [failing({ seen: seen({ decidedAtMost: 5 }) })] }),
      'no-evidence',
      'too-little-traffic',
      '"an order" was not seen, but 5 calls over 24 h are too little to say that it is not used.',
    ],
    [
      'a moment of traffic',
      row({ failing: [failing({ seen: seen({ calls: [calls({ lastSeen: START + 1e6 })] }) })] }),
      'no-evidence',
      'too-little-traffic',
      '"an order" was not seen, but 100 calls over 1 s are too little to say that it is not used.',
    ],
    [
      'no call at all',
      row({ failing: [failing({ seen: seen({ calls: [], promises: [] }) })] }),
      'no-evidence',
      'no-traffic',
      'No call of web to shop was seen in production.',
    ],
    [
      'too few of the calls are sampled',
      row({
        failing: [failing({ seen: seen({ calls: [calls({ count: 10_000, sampled: 100 })] }) })],
      }),
      'potentially-affected',
      'sampled-too-low',
      '"an order" was not seen, but only 1.0 % of the calls in production are sampled.',
    ],
    [
      'it is new in the consumer that is to be deployed',
      row({ asked: 'consumer', failing: [failing({ isPromisedByRunning: false })] }),
      'no-evidence',
      'new-promise',
      'No version of web that runs in production promises "an order": traffic cannot say what the new one will do.',
    ],
  ])('%s', (...[, given, ...expected]) => {
    expect(told(given)).toEqual(expected);
  });

  test('calls and uses of other kinds of transport say nothing', () => {
    const given = row({ failing: [failing({ seen: seen({ calls: [events()], promises: [] }) })] });
    expect(told(given)).toEqual([
      'no-evidence',
      'no-traffic',
      'No call of web to shop was seen in production.',
    ]);
  });
});

describe('what traffic says about a whole row', () => {
  test('the worst interaction decides, and every reason is told, the gravest first', () => {
    const names = ['a', 'b', 'c', 'd'].map((description) => ({
      ...failing({ description, seen: seen({ calls: [calls({ lastSeen: START + 72 * HOUR })] }) }),
      ...{ shape: `GET /${description} 200`, operation: `GET /${description}` },
    }));
    const judged = judgeBlockedRow(
      row({ failing: [...names, withUse(use(), use({ consumerVersion: '1', lastSeen: 7 }))] }),
    );
    expect(judged.verdict).toBe('broken');
    expect(judged.sentences).toEqual([
      'web 1 used "an order" in production 6 times; it failed its verification.',
      '"a", "b", "c" and 1 more were not used in production in 100 calls over 3 days.',
    ]);
    expect(judged.interactions.map(({ verdict }) => verdict)).toEqual([
      ...['unaffected', 'unaffected', 'unaffected', 'unaffected'],
      'broken',
    ]);
    expect(judged.interactions[4]).toMatchObject({ count: 6 });
    expect(judged.interactions[4]?.usedBy.map(({ lastSeen }) => lastSeen)).toEqual([
      START + HOUR,
      7,
    ]);
    expect(judged.evidence).toEqual({ window: 86_400, calls: 100, sampleRate: 1 });
  });

  test('without a known interaction there is no evidence', () => {
    const judged = judgeBlockedRow(row({ failing: [] }));
    expect(judged).toMatchObject({ verdict: 'no-evidence', interactions: [] });
    expect(judged.sentences[0]).toContain('Nothing is known of the interactions');
    expect(nothingToCompare.verdict).toBe('no-evidence');
  });

  test('all of which the same version kept elsewhere is unaffected', () => {
    const judged = judgeBlockedRow(row({ failing: [], keptElsewhere: 2 }));
    expect(judged.verdict).toBe('unaffected');
    expect(judged.sentences).toEqual([
      'shop has kept all of its interactions as part of other pacts.',
    ]);
  });

  test('the worst of no verdicts is none', () => {
    expect(worstVerdict([])).toBeUndefined();
    expect(worstVerdict(['unaffected', 'no-evidence'])).toBe('no-evidence');
  });
});

test('evidence counts what was decided, extrapolated by the sample rate', () => {
  const sampled = calls({ count: 100, sampled: 50, decided: 40 });
  expect(evidenceOfCalls([sampled])).toEqual({ window: 86_400, calls: 80, sampleRate: 0.5 });
  expect(evidenceOfCalls([calls({ count: 0 })])).toMatchObject({ calls: 0, sampleRate: 1 });
});
