import { describe, expect, test } from 'vitest';
import { judgeUsage, unusedOperations } from './judge-usage.ts';

const floor = { minimumCalls: 20, minimumWindowSeconds: 3600 };

describe('the usage of a promise', () => {
  test.each([
    [
      'is used after one match, however little traffic there is',
      1,
      { window: 0, calls: 1, sampleRate: 1 },
      'used',
    ],
    ['is not seen with enough traffic', 0, { window: 3600, calls: 20, sampleRate: 1 }, 'not-seen'],
    [
      'is unsaid below the floor of calls',
      0,
      { window: 9999, calls: 19, sampleRate: 1 },
      'no-evidence',
    ],
    [
      'is unsaid before the window is over',
      0,
      { window: 3599, calls: 999, sampleRate: 1 },
      'no-evidence',
    ],
    [
      'is unsaid when few of many calls were sampled',
      0,
      { window: 9999, calls: 190, sampleRate: 0.1 },
      'no-evidence',
    ],
    [
      'is not seen when enough of many calls were sampled',
      0,
      { window: 9999, calls: 200, sampleRate: 0.1 },
      'not-seen',
    ],
    [
      'is unsaid at a low sample rate',
      0,
      { window: 9999, calls: 1e6, sampleRate: 0.01 },
      'no-evidence',
    ],
  ] as const)('%s', (...[, count, evidence, usage]) => {
    expect(judgeUsage(count, evidence, floor)).toBe(usage);
  });

  test('is never "not seen" without a single call, even with no floor at all', () => {
    const evidence = { window: 0, calls: 0, sampleRate: 1 };
    expect(judgeUsage(0, evidence, { minimumCalls: 0, minimumWindowSeconds: 0 })).toBe(
      'no-evidence',
    );
  });
});

test('an operation is unused when none of its interactions was seen', () => {
  expect(
    unusedOperations([
      { operation: 'GET /a', usage: 'used' },
      { operation: 'GET /a', usage: 'not-seen' },
      { operation: 'GET /b', usage: 'not-seen' },
      { operation: 'GET /b', usage: 'not-seen' },
      { operation: 'GET /c', usage: 'not-seen' },
      { operation: 'GET /c', usage: 'no-evidence' },
    ]),
  ).toEqual(['GET /b']);
});
