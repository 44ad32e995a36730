import { groupBy } from '../map/graph.ts';
import { buildSpanTree, type SpanTree } from './span-tree.ts';
import type { Trace, TraceSpan } from './trace.ts';

/** `longer` and `shorter` say how the second trace's span differs from the first's. */
export type Difference = 'same' | 'only-first' | 'only-second' | 'longer' | 'shorter' | 'outcome';

/** A span of either trace or of both, a parent right before its children. */
export interface ComparedSpan {
  readonly depth: number;
  readonly first: TraceSpan | undefined;
  readonly second: TraceSpan | undefined;
  readonly difference: Difference;
}

export interface Comparison {
  readonly rows: readonly ComparedSpan[];
  readonly counts: Readonly<Record<Difference, number>>;
  /** Microseconds from first start to last end. */
  readonly durations: readonly [number, number];
}

/** A span counts as longer or shorter from this factor on, and only by more than this part of the longer trace. */
const factor = 1.5;
const part = 0.005;

/**
 * Lays two traces over each other: below the same parent, the nth span of a service, name and kind of one is the nth of
 * the other.
 */
export function compareTraces(first: Trace, second: Trace): Comparison {
  const [a, b] = [buildSpanTree(first), buildSpanTree(second)];
  const floor = part * Math.max(a.duration, b.duration);
  const [below, beside] = [childrenOf(a), childrenOf(b)];
  const rows: ComparedSpan[] = [];
  const stack = pairUp(below.get(-1) ?? [], beside.get(-1) ?? [], [a, b]).reverse();
  const depths = stack.map(() => 0);
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const depth = depths.pop() ?? 0;
    const [left, right] = [a.spans[pair[0]], b.spans[pair[1]]];
    rows.push({ depth, first: left, second: right, difference: judge(left, right, floor) });
    const children = pairUp(
      pair[0] < 0 ? [] : (below.get(pair[0]) ?? []),
      pair[1] < 0 ? [] : (beside.get(pair[1]) ?? []),
      [a, b],
    );
    for (const child of children.reverse()) {
      stack.push(child);
      depths.push(depth + 1);
    }
  }
  return { rows, counts: countDifferences(rows), durations: [a.duration, b.duration] };
}

/** Rows of both trees; -1 where one has none. */
type Pair = readonly [first: number, second: number];

function pairUp(
  first: readonly number[],
  second: readonly number[],
  [a, b]: readonly [SpanTree, SpanTree],
): Pair[] {
  const waiting = groupBy(second, (row) => keyOf(b.spans[row]));
  const pairs = first.map((row): Pair => {
    const match = waiting.get(keyOf(a.spans[row]))?.shift();
    return [row, match ?? -1];
  });
  const taken = new Set(pairs.map(([, row]) => row));
  return [...pairs, ...second.filter((row) => !taken.has(row)).map((row): Pair => [-1, row])];
}

function keyOf(span: TraceSpan | undefined): string {
  return span === undefined ? '' : `${span.service}\n${span.name}\n${span.kind}`;
}

function childrenOf(tree: SpanTree): Map<number, number[]> {
  const children = new Map<number, number[]>();
  tree.parent.forEach((above, row) => {
    const known = children.get(above);
    if (known === undefined) children.set(above, [row]);
    else known.push(row);
  });
  return children;
}

function judge(
  first: TraceSpan | undefined,
  second: TraceSpan | undefined,
  floor: number,
): Difference {
  if (first === undefined) return 'only-second';
  if (second === undefined) return 'only-first';
  if (first.failed !== second.failed) return 'outcome';
  const by = second.duration - first.duration;
  if (Math.abs(by) <= floor) return 'same';
  if (second.duration >= first.duration * factor) return 'longer';
  return first.duration >= second.duration * factor ? 'shorter' : 'same';
}

function countDifferences(rows: readonly ComparedSpan[]): Record<Difference, number> {
  const counts = {
    same: 0,
    'only-first': 0,
    'only-second': 0,
    longer: 0,
    shorter: 0,
    outcome: 0,
  };
  for (const { difference } of rows) counts[difference] += 1;
  return counts;
}
