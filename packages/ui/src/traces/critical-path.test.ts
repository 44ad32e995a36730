import { describe, expect, test } from 'vitest';
import { aSpan, aTrace } from '../testing/samples.tsx';
import { criticalPath, piecesByRow } from './critical-path.ts';
import { buildSpanTree } from './span-tree.ts';
import type { TraceSpan } from './trace.ts';

type Times = readonly [from: number, to: number];

/** Times in microseconds. */
function span(id: number, [from, to]: Times, more: Parameters<typeof aSpan>[1] = {}) {
  return aSpan(id, { start: from, duration: to - from, ...more });
}

/** `number from-to` of every piece. */
function path(spans: readonly TraceSpan[]): string[] {
  const tree = buildSpanTree(aTrace(spans));
  return criticalPath(tree).map(
    ({ row, from, to }) => `${Number.parseInt(tree.spans[row]?.spanId ?? '', 16)} ${from}-${to}`,
  );
}

describe('the critical path', () => {
  test.each<[string, readonly TraceSpan[], readonly string[]]>([
    ['of nothing is nothing', [], []],
    ['of a span alone is the span', [span(1, [0, 10])], ['1 0-10']],
    [
      'goes through children one after the other and the time between them',
      [span(1, [0, 100]), span(2, [10, 30], { parent: 1 }), span(3, [40, 90], { parent: 1 })],
      ['1 0-10', '2 10-30', '1 30-40', '3 40-90', '1 90-100'],
    ],
    [
      'leaves out what ran beside something that took longer',
      [span(1, [0, 100]), span(2, [10, 90], { parent: 1 }), span(3, [20, 50], { parent: 1 })],
      ['1 0-10', '2 10-90', '1 90-100'],
    ],
    [
      'goes on with what had finished before the last one began',
      [
        span(1, [0, 100]),
        span(2, [0, 40], { parent: 1 }),
        span(3, [30, 60], { parent: 1 }),
        span(4, [50, 100], { parent: 1 }),
      ],
      ['2 0-40', '1 40-50', '4 50-100'],
    ],
    [
      'cuts a child to the time of its parent, and a grandchild to that',
      [span(1, [10, 50]), span(2, [40, 80], { parent: 1 }), span(3, [45, 200], { parent: 2 })],
      ['1 10-40', '2 40-45', '3 45-50'],
    ],
    [
      'leaves out a child that starts after its parent ended, and one without a duration',
      [span(1, [0, 50]), span(2, [60, 80], { parent: 1 }), span(3, [20, 20], { parent: 1 })],
      ['1 0-50'],
    ],
    [
      'leaves out the receivers of messages, for whom nobody waits',
      [span(1, [0, 50]), span(2, [5, 45], { parent: 1, kind: 'consumer' })],
      ['1 0-50'],
    ],
    [
      'is that of the longest root',
      [span(1, [0, 10]), span(2, [20, 90]), span(3, [30, 40], { parent: 2 })],
      ['2 20-30', '3 30-40', '2 40-90'],
    ],
  ])('%s', (_, spans, expected) => {
    expect(path(spans)).toEqual(expected);
  });

  test('takes a chain of 20,000 spans and covers the root without a gap', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) =>
      span(index + 1, [index, 40_000 - index], index === 0 ? {} : { parent: index }),
    );
    const pieces = criticalPath(buildSpanTree(aTrace(chain)));
    expect(pieces.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(40_000);
    expect(pieces.every((piece, index) => piece.from === (pieces[index - 1]?.to ?? 0))).toBe(true);
  });

  test('is known by row', () => {
    const tree = buildSpanTree(aTrace([span(1, [0, 100]), span(2, [10, 30], { parent: 1 })]));
    const byRow = piecesByRow(criticalPath(tree));
    expect(byRow.get(0)).toHaveLength(2);
    expect(byRow.get(1)).toEqual([{ row: 1, from: 10, to: 30 }]);
  });
});
