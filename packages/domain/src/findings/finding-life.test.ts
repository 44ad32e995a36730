import { describe, expect, test } from 'vitest';
import { type Acknowledgement, type FindingLife, lifeOf } from './finding-life.ts';
import { outlivesRecord } from './outlived-record.ts';
import { isNoLongerSeen } from './quiet-finding.ts';

const now = new Date('2026-06-01T12:00:00.000Z');

function acknowledged(until: string | undefined): Acknowledgement {
  return { by: 'ada', reason: 'known', at: '2026-05-01T00:00:00.000Z', until };
}

function life(told: Partial<FindingLife>): FindingLife {
  return lifeOf(
    {
      openedAt: '2026-04-01T00:00:00.000Z',
      resolvedAt: undefined,
      resolution: undefined,
      acknowledgement: undefined,
      ...told,
    },
    now,
  );
}

describe('a finding is', () => {
  test.each([
    ['open while nothing else is said', {}, 'open'],
    ['acknowledged for ever', { acknowledgement: acknowledged(undefined) }, 'acknowledged'],
    [
      'acknowledged until then',
      { acknowledgement: acknowledged('2026-06-01T12:00:00.001Z') },
      'acknowledged',
    ],
    [
      'open again from then on',
      { acknowledgement: acknowledged('2026-06-01T12:00:00.000Z') },
      'open',
    ],
    [
      'resolved whether it was acknowledged or not',
      {
        acknowledgement: acknowledged(undefined),
        ...{ resolvedAt: '2026-05-31T00:00:00.000Z', resolution: 'agrees' as const },
      },
      'resolved',
    ],
  ])('%s', (...[, told, state]) => {
    expect(life(told).state).toBe(state);
  });

  test('told without an acknowledgement that is over', () => {
    const over = { acknowledgement: acknowledged('2026-05-31T00:00:00.000Z') };
    expect(life(over).acknowledgement).toBeUndefined();
  });
});

describe('a finding is no longer seen', () => {
  const HOUR = 3_600_000;
  const floor = { minimumCalls: 20, minimumWindowSeconds: 3600 };
  test.each([
    ['after the quiet window with enough traffic', 24, 20, true],
    ['not within the window, however much there was', 23.9, 5000, false],
    ['not with too little traffic', 48, 19, false],
    ['after very long, though the edge is silent', 24 * 30, 0, true],
    ['not before that', 24 * 30 - 1, 0, false],
  ])('%s', (...[, hours, looked, verdict]) => {
    const seen = { lastSeenMs: 0, nowMs: hours * HOUR, quietMs: 24 * HOUR };
    expect(isNoLongerSeen({ ...seen, looked, floor })).toBe(verdict);
  });

  test('only by traffic, even where the floor is none', () => {
    const none = { minimumCalls: 0, minimumWindowSeconds: 0 };
    const seen = { lastSeenMs: 0, nowMs: 24 * HOUR, quietMs: 24 * HOUR, floor: none };
    expect([0, 1].map((looked) => isNoLongerSeen({ ...seen, looked }))).toEqual([false, true]);
  });
});

describe('a version that was replaced', () => {
  const floor = { minimumCalls: 20, minimumWindowSeconds: 3600 };
  test.each([
    ['goes on long after', 3600, 20, true],
    ['is seen during the rollout', 3599, 5000, false],
    ['answers now and then', 7200, 19, false],
    ['was last seen before', -1, 100, false],
  ])('%s', (...[, seconds, calls, verdict]) => {
    const times = { replacedAtMicros: 5e6, lastSeenMicros: 5e6 + seconds * 1e6 };
    expect(outlivesRecord({ ...times, calls, floor })).toBe(verdict);
  });
});
