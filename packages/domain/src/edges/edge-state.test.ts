import { expect, test } from 'vitest';
import { edgeState } from './edge-state.ts';

const kept = { promised: 3, verified: 3, failed: 0, findings: 0, calls: 9 };

test.each([
  ['promised, verified and seen', kept, 'kept'],
  [
    'a failed verification, whatever else',
    { ...kept, failed: 1, findings: 2, calls: 0 },
    'verification-failed',
  ],
  ['open findings', { ...kept, findings: 1, promised: 0 }, 'drift'],
  ['calls without a promise', { ...kept, promised: 0, verified: 0 }, 'uncontracted'],
  ['promises without a call', { ...kept, calls: 0, verified: 0 }, 'unused'],
  ['a promise nobody verified', { ...kept, verified: 2 }, 'unverified'],
] as const)('%s', (...[, facts, state]) => {
  expect(edgeState(facts)).toBe(state);
});
