import type { SelectionExplanation } from '@concordat/api';
import { expect, test } from 'vitest';
import { describeExplanation, describeMisses } from './describe-explanation.ts';

const explanation: SelectionExplanation = {
  provider: 'shop',
  selectors: [
    {
      selector: { mainBranch: true },
      matched: [{ consumer: 'web', version: '1', because: "latest version from 'main' (1)" }],
      missed: [{ consumer: 'app', kind: 'no-main-branch', sentence: 'app has no main branch.' }],
    },
    { selector: null, matched: [], missed: [] },
  ],
  pacts: [
    { consumer: 'web', version: '1', sha: 'abc', pending: true, wip: false, notices: [] },
    { consumer: 'web', version: '2', sha: 'def', pending: null, wip: true, notices: [] },
  ],
  workInProgress: {
    notLookedFor: 'It was not asked for.',
    leftOut: [
      { consumer: 'app', version: '3', kind: 'already-verified', sentence: 'app 3 was verified.' },
    ],
  },
};

test('everything that was picked, and of whom nothing was', () => {
  expect(describeExplanation(explanation).join('\n')).toBe(`shop: 2 pacts to verify
  web 1, pending
  web 2, work in progress
  {"mainBranch":true}
    ✓ web: latest version from 'main' (1)
    – app has no main branch.
  without selectors: no consumer has a pact with it
  It was not asked for.
  – app 3 was verified.`);
});

test('one pact is one', () => {
  const [first] = describeExplanation({ ...explanation, pacts: explanation.pacts.slice(0, 1) });
  expect(first).toBe('shop: 1 pact to verify');
});

test('a provider that has nothing to verify is told why', () => {
  expect(describeMisses(explanation)).toEqual([
    '{"mainBranch":true}: app has no main branch.',
    'without selectors: no consumer has a pact with it.',
  ]);
});
