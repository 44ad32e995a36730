import { describe, expect, test } from 'vitest';
import { aSpan, aTrace } from '../testing/samples.tsx';
import { type Comparison, compareTraces } from './compare-traces.ts';
import { comparisonWords } from './comparison-view.tsx';
import type { TraceSpan } from './trace.ts';

/** `..name difference` of each row. */
function shape({ rows }: Comparison): string[] {
  return rows.map(
    ({ depth, first, second, difference }) =>
      `${'.'.repeat(depth)}${(first ?? second)?.name} ${difference}`,
  );
}

const compare = (first: readonly TraceSpan[], second: readonly TraceSpan[]) =>
  compareTraces(aTrace(first), aTrace(second));

const root = (duration: number) => aSpan(1, { name: 'root', duration });
const query = (id: number, more: Parameters<typeof aSpan>[1] = {}) =>
  aSpan(id, { parent: 1, name: 'query', ...more });

describe('two traces', () => {
  test('that did the same are alike, whatever their ids', () => {
    const comparison = compare(
      [root(1000), query(2), query(3)],
      [
        aSpan(9, { name: 'root', duration: 1000 }),
        query(8, { parent: 9 }),
        query(7, { parent: 9 }),
      ],
    );
    expect(shape(comparison)).toEqual(['root same', '.query same', '.query same']);
    expect(comparisonWords(comparison)).toContain('3 alike.');
  });

  test('show what only one of them did, with everything below it', () => {
    const first = [root(1000), query(2), aSpan(3, { parent: 1, name: 'cache' })];
    const second = [root(1000), query(2), query(3), aSpan(4, { parent: 3, name: 'lock' })];
    expect(shape(compare(first, second))).toEqual([
      'root same',
      '.query same',
      '.cache only-first',
      '.query only-second',
      '..lock only-second',
    ]);
  });

  test('show what took longer or shorter, but not by a hair', () => {
    const first = [root(1000), query(2, { duration: 300 }), aSpan(3, { parent: 1, duration: 2 })];
    const second = [root(1400), query(2, { duration: 100 }), aSpan(3, { parent: 1, duration: 6 })];
    const comparison = compare(first, second);
    expect(shape(comparison)).toEqual(['root same', '.query shorter', '.work 3 same']);
    expect(shape(compare(second, first))).toEqual(['root same', '.query longer', '.work 3 same']);
    expect(comparison.counts).toMatchObject({ same: 2, shorter: 1, longer: 0 });
    expect(comparison.durations).toEqual([1000, 1400]);
  });

  test('show what failed in one only', () => {
    const comparison = compare([root(10)], [{ ...root(10), failed: true }]);
    expect(shape(comparison)).toEqual(['root outcome']);
    expect(comparisonWords(comparison)).toBe('A took 10 µs, B 10 µs: 1 failed in one only.');
  });

  test('without spans are nothing', () => {
    expect(comparisonWords(compare([], []))).toContain('no spans.');
  });

  test('of a chain of 20,000 spans are compared', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) =>
      aSpan(index + 1, index === 0 ? {} : { parent: index }),
    );
    expect(compare(chain, chain.slice(0, 19_999)).counts).toMatchObject({ 'only-first': 1 });
  });
});
