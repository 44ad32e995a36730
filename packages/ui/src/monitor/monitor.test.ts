import { describe, expect, test } from 'vitest';
import { anOperation, aServiceDetail } from '../testing/monitor-samples.ts';
import { formatMillis } from '../words/format.ts';
import { readSort, sortRows } from '../words/sort.ts';
import {
  operationColumns,
  operationFigures,
  operationName,
  readSide,
  sumSteps,
} from './operation-figures.ts';
import { barPath, linePath } from './sparkline.tsx';
import { ranges, rangeWords, readRange, refreshEvery, windowQuery } from './time-range.ts';

describe('the time range', () => {
  test.each([
    ['range=3d', '3d'],
    ['range=2y', '1h'],
    ['', '1h'],
  ])('of %j is %s', (query, range) => {
    expect(readRange(new URLSearchParams(query))).toBe(range);
  });

  test('becomes a question with its begin, and with the environment when there is one', () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    expect(windowQuery('15m', '', now)).toEqual({ since: '2026-11-21T11:45:00.000Z' });
    expect(windowQuery('3d', 'production', now)).toEqual({
      since: '2026-11-18T12:00:00.000Z',
      environment: 'production',
    });
    expect(rangeWords('24h')).toBe('last 24 hours');
  });

  test('asks again soon only where much changes', () => {
    expect(ranges.map(([key]) => refreshEvery(key))).toEqual([5000, 5000, 30_000, 30_000, 30_000]);
  });
});

describe('the figures of operations', () => {
  const detail = aServiceDetail({
    operations: [
      anOperation({ name: 'slow', calls: 10, meanDuration: 30, rate: 1 }),
      anOperation({ name: 'often', calls: 100, meanDuration: 1, rate: 10, errorRate: 0.2 }),
      anOperation({ name: 'get', kind: 'client', calls: 5, meanDuration: null, latency: null }),
      anOperation({ name: 'work', kind: 'internal' }),
    ],
  });

  test.each([
    ['', ['slow', 'often']],
    ['side=asks', ['get']],
    ['side=all', ['slow', 'often', 'get', 'work']],
    ['side=nonsense', ['slow', 'often']],
  ])('are those of the side that %j asks for', (query, names) => {
    const figures = operationFigures(detail, readSide(new URLSearchParams(query)));
    expect(figures.map(({ operation }) => operation.name)).toEqual(names);
  });

  test('have as impact their part of the time, and none where no time is known', () => {
    expect(operationFigures(detail, 'answers').map(({ impact }) => impact)).toEqual([0.75, 0.25]);
    expect(operationFigures(detail, 'asks').map(({ impact }) => impact)).toEqual([0]);
  });

  test.each([
    ['-impact', 'slow'],
    ['-rate', 'often'],
    ['-errors', 'often'],
    ['name', 'often'],
    ['-p50', 'slow'],
    ['-p95', 'slow'],
    ['-p99', 'slow'],
  ])('ordered by %s start with %s', (sort, first) => {
    const fallback = { column: 'impact', falling: true } as const;
    const rows = sortRows(
      operationFigures(detail, 'answers'),
      operationColumns,
      readSort(sort, operationColumns, fallback),
    );
    expect(rows[0]?.operation.name).toBe(first);
  });

  test('have a value for every step of the window, points outside of it are left out', () => {
    const since = '2026-11-21T11:00:00Z';
    const until = '2026-11-21T11:04:00Z';
    const point = (at: string, calls: number) => ({ at, calls, errors: 1, p95: 12 });
    const points = [
      point('2026-11-21T10:59:00Z', 9),
      point('2026-11-21T11:01:00Z', 3),
      point('2026-11-21T11:03:30Z', 4),
      point('2026-11-21T11:04:00Z', 9),
      point('never', 9),
    ];
    const [one, two] = operationFigures(
      aServiceDetail({
        since,
        until,
        step: 60,
        operations: [anOperation({ points }), anOperation({ points: points.slice(0, 2) })],
      }),
      'all',
    );
    expect(one?.steps).toEqual({
      calls: [0, 3, 0, 4],
      errors: [0, 1, 0, 1],
      p95: [null, 12, null, 12],
    });
    expect(sumSteps(one && two ? [one, two] : [])).toEqual({
      calls: [0, 6, 0, 4],
      errors: [0, 2, 0, 1],
    });
  });

  test.each([
    [{ step: 0 }, 10_000],
    [{ until: 'never' }, 1],
    [{ until: '2026-11-21T11:00:00Z' }, 1],
  ])('stay drawable, even when the hub says %j', (changes, steps) => {
    expect(operationFigures(aServiceDetail(changes), 'all')[0]?.steps.calls).toHaveLength(steps);
  });

  test('name one operation, or none where the hub counts the rest together', () => {
    expect(operationName('GET /')).toBe('GET /');
    expect(operationName('__overflow__')).toBeUndefined();
  });
});

describe('the drawings', () => {
  test('bars stand on the ground, and what is 0 has none', () => {
    expect(barPath([2, 0, 1], 2)).toBe('M0 26v-26h39V26zM80 26v-13h39V26z');
    expect(barPath([], 1)).toBe('');
    expect(barPath(new Array(60).fill(1), 1)).toContain('h2V26z');
  });

  test('lines break where there is no figure', () => {
    expect(linePath([1, 2, null, 1], 2)).toBe('M0 13h.01L40 0M120 13h.01');
  });

  test('a duration that nobody knows is a dash', () => {
    expect([formatMillis(1.25), formatMillis(null), formatMillis(undefined)]).toEqual([
      '1.25 ms',
      '–',
      '–',
    ]);
  });
});
