import type { OperationUsage } from '@concordat/api';
import { expect, test } from 'vitest';
import { describeUsage } from './describe-usage.ts';

const evidence = {
  ...{ window: 90_000, calls: 500, sampleRate: 0.125, since: null },
  floor: { calls: 20, window: 3600 },
};
const unseen = { count: 0, firstSeen: null, lastSeen: null, evidence };
const at = '2026-01-31T12:00:00.000Z';
const caller = {
  ...{ consumer: 'web', consumerVersion: 'w1', providerVersion: 's1', environment: 'production' },
  ...{ promised: true, count: 3, statuses: { '200': 2, '404': 1 } },
  ...{ firstSeen: at, lastSeen: at, exemplarTraceId: 'ab' },
};
const operation: OperationUsage = {
  ...{ provider: 'shop', operation: 'GET /v1/orders/{id}', transport: 'http' },
  ...{ promised: true, declaredBy: [], usage: 'used', count: 3, firstSeen: at, lastSeen: at },
  ...{ evidence, exemplarTraceIds: ['ab'], interactions: [], callers: [caller] },
};

test('a used operation tells who promises it, who calls it and how it was answered', () => {
  const interaction = {
    ...{ consumer: 'web', description: 'no order', providerStates: [], status: 404, ...unseen },
    ...{ usage: 'not-seen' as const, exemplarTraceIds: [], consumerVersions: [] },
    promisedBy: ['w1', 'w2'].map((consumerVersion) => ({
      ...{ consumerVersion, sha: 'x', environments: [], verification: 'success' as const },
    })),
    ...{ providerVersions: [], indistinguishableFrom: ['gone'], guarded: null },
  };
  expect(describeUsage([{ ...operation, interactions: [interaction] }])).toBe(
    [
      `✓ shop  GET /v1/orders/{id}  3 calls, last ${at}`,
      '  ✕ web (w1, w2) promises "no order" → 404: not seen in 500 calls in 1 d (13 % sampled)  (or "gone")',
      `  · web@w1 to version s1 in production: 200 × 2, 404 × 1, last ${at}  trace ab`,
    ].join('\n'),
  );
});

test('what nobody was seen to use says how much was looked at, and where it stands', () => {
  const declaredBy = [
    { specification: 'asyncapi' as const, providerVersion: 's1', operation: 'x' },
  ];
  const quiet = { ...operation, ...unseen, callers: [], promised: false, declaredBy };
  const message = { ...quiet, operation: 'send order.gone', transport: 'message' as const };
  const little = { ...evidence, window: 30, calls: 1, sampleRate: 1 };
  expect(
    describeUsage([
      { ...message, usage: 'no-evidence', evidence: little },
      {
        ...quiet,
        promised: true,
        usage: 'not-seen',
        evidence: { ...evidence, window: 7200, sampleRate: 1 },
      },
    ]),
  ).toBe(
    [
      '? shop  send order.gone  cannot tell: 1 call in 30 s, at least 20 calls in 1 h are asked for  (asyncapi, promised to nobody)',
      '',
      '✕ shop  GET /v1/orders/{id}  not seen in 500 calls in 2 h  (asyncapi)',
    ].join('\n'),
  );
});

test('a caller without a promise is marked, and one whose spans say little is told by what they say', () => {
  const stranger = {
    ...{ ...caller, consumer: 'cron', consumerVersion: null, providerVersion: null },
    ...{ environment: null, promised: false, statuses: {}, count: 1.4 },
  };
  expect(describeUsage([{ ...operation, promised: false, callers: [stranger] }])).toBe(
    [
      `✓ shop  GET /v1/orders/{id}  3 calls, last ${at}  (promised nowhere)`,
      `  · cron: 1 call, last ${at}  without a promise  trace ab`,
    ].join('\n'),
  );
  expect(describeUsage([])).toBe('? The ledger knows no such operation.');
});
