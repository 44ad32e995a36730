import type { PathPiece } from './critical-path.ts';
import type { SpanTree } from './span-tree.ts';

export type Grouping = 'service' | 'operation';

/** All spans of one service or one operation in a trace; times in microseconds. */
export interface SpanGroup {
  readonly key: string;
  readonly service: string;
  /** Empty when grouped by service. */
  readonly name: string;
  readonly spans: number;
  readonly errors: number;
  /** Durations added up, nested ones twice. */
  readonly total: number;
  /** Time in which no child of the span ran. */
  readonly self: number;
  readonly mean: number;
  readonly longest: number;
  /** Part of the critical path that is its own. */
  readonly critical: number;
  /** The row that took longest. */
  readonly exemplar: number;
}

type Sums = { -readonly [Name in keyof SpanGroup]: SpanGroup[Name] };

/** Counts and times of a trace by service or by operation, in the order of first appearance. */
export function groupSpans(
  tree: SpanTree,
  pieces: readonly PathPiece[],
  by: Grouping,
): SpanGroup[] {
  const own = selfTimes(tree);
  const critical = new Float64Array(tree.spans.length);
  for (const { row, from, to } of pieces) critical[row] = (critical[row] ?? 0) + to - from;
  const groups = new Map<string, Sums>();
  tree.spans.forEach((span, row) => {
    const name = by === 'service' ? '' : span.name;
    const key = `${span.service}\n${name}`;
    const group = groups.get(key) ?? emptyGroup(key, span.service, name);
    groups.set(key, group);
    group.spans += 1;
    group.errors += span.failed ? 1 : 0;
    group.total += span.duration;
    group.self += own[row] ?? 0;
    group.critical += critical[row] ?? 0;
    if (group.exemplar < 0 || span.duration > group.longest) group.exemplar = row;
    group.longest = Math.max(group.longest, span.duration);
    group.mean = group.total / group.spans;
  });
  return [...groups.values()];
}

function emptyGroup(key: string, service: string, name: string): Sums {
  const sums = { spans: 0, errors: 0, total: 0, self: 0, mean: 0, longest: 0, critical: 0 };
  return { key, service, name, ...sums, exemplar: -1 };
}

/** Of each row, the time that none of its children covers; children count only within their parent. */
export function selfTimes(tree: SpanTree): Float64Array {
  const own = Float64Array.from(tree.spans, (span) => span.duration);
  // Rows of one parent come by start, so that one edge each is enough to see what is already covered.
  const covered = Float64Array.from(tree.spans, (span) => span.start);
  tree.spans.forEach((span, row) => {
    const above = tree.parent[row] ?? -1;
    const parent = tree.spans[above];
    if (parent === undefined) return;
    const from = Math.max(span.start, covered[above] ?? 0);
    const to = Math.min(span.start + span.duration, parent.start + parent.duration);
    if (to <= from) return;
    own[above] = (own[above] ?? 0) - (to - from);
    covered[above] = to;
  });
  return own;
}
