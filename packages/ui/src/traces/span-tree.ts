import { formatDuration } from '../words/format.ts';
import type { Clocks, Trace, TraceSpan } from './trace.ts';

/**
 * The spans of a trace in the order the waterfall shows them, a parent right before its children. Flat arrays by row,
 * so that collapsing touches only the rows in view and 50,000 spans stay quick.
 */
export interface SpanTree {
  readonly traceId: string;
  readonly clocks: Clocks;
  readonly spans: readonly TraceSpan[];
  /** 0 for a root. */
  readonly depth: Uint16Array;
  /** Row of the parent; -1 for a root. */
  readonly parent: Int32Array;
  /** First row after the span's own subtree. */
  readonly subtreeEnd: Int32Array;
  /** What is odd about a row's place in the tree; nothing is adjusted because of it. */
  readonly notes: ReadonlyMap<number, string>;
  /** Rows that name a parent of this trace which is not here. */
  readonly orphans: readonly number[];
  /** Rows that start before their parent in another service: the two clocks differ. */
  readonly skewed: readonly number[];
  /** Spans whose id another one has, too: client and server share it, or a span came twice. */
  readonly sharedIds: number;
  /** Waiting time between the end of a producer's span and the start of its consumer's, in microseconds. */
  readonly queued: ReadonlyMap<number, number>;
  readonly start: number;
  /** Microseconds from the first start to the last end; at least 1. */
  readonly duration: number;
  readonly errors: number;
  /** By first appearance. */
  readonly services: readonly string[];
}

export function buildSpanTree(trace: Trace): SpanTree {
  const { spans } = trace;
  const parents = findParents(trace);
  const order = rowOrder(spans, parents);
  const rowOf = new Int32Array(spans.length);
  order.forEach((index, row) => {
    rowOf[index] = row;
  });
  const parent = Int32Array.from(order, (index) => {
    const above = parents[index] ?? -1;
    return above < 0 ? -1 : (rowOf[above] ?? -1);
  });
  const rows = order.map((index) => spans[index]).filter((span) => span !== undefined);
  const ids = new Set(spans.map((span) => span.spanId));
  const start = rows.reduce((least, span) => Math.min(least, span.start), rows[0]?.start ?? 0);
  const end = rows.reduce((most, span) => Math.max(most, span.start + span.duration), start);
  return {
    traceId: trace.traceId,
    clocks: trace.clocks,
    spans: rows,
    parent,
    depth: depths(parent),
    subtreeEnd: subtreeEnds(parent),
    sharedIds: spans.length - ids.size,
    ...oddities(rows, parent, { ids, clocks: trace.clocks }),
    start,
    duration: Math.max(1, end - start),
    errors: rows.filter((span) => span.failed).length,
    services: [...new Set(rows.map((span) => span.service))],
  };
}

/** The rows that show when some are collapsed, in order. */
export function visibleRows(tree: SpanTree, collapsed: ReadonlySet<number>): number[] {
  const rows: number[] = [];
  for (let row = 0; row < tree.spans.length; ) {
    rows.push(row);
    row = collapsed.has(row) ? (tree.subtreeEnd[row] ?? row + 1) : row + 1;
  }
  return rows;
}

export function hasChildren(tree: SpanTree, row: number): boolean {
  return (tree.subtreeEnd[row] ?? 0) > row + 1;
}

/** Every row that can be collapsed, roots left open so that the trace does not vanish into one row. */
export function collapsibleRows(tree: SpanTree): Set<number> {
  const rows = new Set<number>();
  for (let row = 0; row < tree.spans.length; row += 1) {
    if (hasChildren(tree, row) && (tree.depth[row] ?? 0) > 0) rows.add(row);
  }
  return rows;
}

/** The rows above a row, to be opened so that it shows. */
export function ancestorsOf(tree: SpanTree, row: number): number[] {
  const above: number[] = [];
  for (let at = tree.parent[row] ?? -1; at >= 0; at = tree.parent[at] ?? -1) above.push(at);
  return above;
}

/** Index of each span's parent: its CHILD_OF, else what it follows from in the same trace; -1 when neither came. */
function findParents(trace: Trace): Int32Array {
  const indexOf = new Map<string, number>();
  trace.spans.forEach((span, index) => {
    if (!indexOf.has(span.spanId)) indexOf.set(span.spanId, index);
  });
  const parents = Int32Array.from(trace.spans, (span) => {
    const own = span.references.filter((reference) => reference.traceId === trace.traceId);
    const first = own.find((reference) => reference.kind === 'child-of') ?? own[0];
    return first === undefined ? -1 : (indexOf.get(first.spanId) ?? -1);
  });
  cutCircles(parents);
  return parents;
}

/** A span that is its own ancestor becomes a root. */
function cutCircles(parents: Int32Array): void {
  const state = new Uint8Array(parents.length);
  for (let index = 0; index < parents.length; index += 1) {
    const path: number[] = [];
    let at = index;
    while (at >= 0 && state[at] === 0) {
      state[at] = 1;
      path.push(at);
      at = parents[at] ?? -1;
    }
    if (at >= 0 && state[at] === 1) parents[at] = -1;
    for (const seen of path) state[seen] = 2;
  }
}

/** Depth first without recursion: a chain of 10,000 spans is no deeper than any other. */
function rowOrder(spans: readonly TraceSpan[], parents: Int32Array): number[] {
  const children = new Map<number, number[]>();
  parents.forEach((parent, index) => {
    const list = children.get(parent);
    if (list === undefined) children.set(parent, [index]);
    else list.push(index);
  });
  const later = (a: number, b: number) => (spans[b]?.start ?? 0) - (spans[a]?.start ?? 0) || b - a;
  for (const list of children.values()) list.sort(later);
  const order: number[] = [];
  const stack = [...(children.get(-1) ?? [])];
  for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
    order.push(index);
    for (const child of children.get(index) ?? []) stack.push(child);
  }
  return order;
}

function depths(parent: Int32Array): Uint16Array {
  const depth = new Uint16Array(parent.length);
  parent.forEach((above, row) => {
    if (above >= 0) depth[row] = Math.min(65_535, (depth[above] ?? 0) + 1);
  });
  return depth;
}

function subtreeEnds(parent: Int32Array): Int32Array {
  const ends = Int32Array.from(parent, (_, row) => row + 1);
  for (let row = parent.length - 1; row >= 0; row -= 1) {
    const above = parent[row] ?? -1;
    if (above >= 0) ends[above] = Math.max(ends[above] ?? 0, ends[row] ?? 0);
  }
  return ends;
}

interface Placed {
  readonly row: number;
  readonly span: TraceSpan;
  readonly above: TraceSpan | undefined;
}

function oddities(
  rows: readonly TraceSpan[],
  parent: Int32Array,
  { ids, clocks }: { readonly ids: ReadonlySet<string>; readonly clocks: Clocks },
) {
  const placed = rows.map((span, row): Placed => ({ row, span, above: rows[parent[row] ?? -1] }));
  const orphans = placed.filter(({ span, above }) => above === undefined && isLost(span, ids));
  const early = placed.filter(({ span, above }) => above !== undefined && span.start < above.start);
  const waits = placed.map(({ row, span, above }) => [row, queueTime(span, above)] as const);
  return {
    notes: new Map([...early, ...orphans].map((odd) => [odd.row, noteOf(odd, clocks)])),
    queued: new Map(waits.filter(([, wait]) => wait > 0)),
    orphans: orphans.map(({ row }) => row),
    skewed: early
      .filter(({ span, above }) => span.service !== above?.service)
      .map(({ row }) => row),
  };
}

function isLost(span: TraceSpan, ids: ReadonlySet<string>): boolean {
  const parent = parentReference(span);
  return parent !== undefined && !ids.has(parent);
}

/** Id of the span that a span says is its parent. */
export function parentReference(span: TraceSpan): string | undefined {
  return span.references.find(({ kind }) => kind === 'child-of')?.spanId;
}

function queueTime(span: TraceSpan, above: TraceSpan | undefined): number {
  if (above?.kind !== 'producer' || span.kind !== 'consumer') return 0;
  return span.start - (above.start + above.duration);
}

function noteOf({ span, above }: Placed, clocks: Clocks): string {
  if (above !== undefined) return `${skewNote(span, above)} ${clocksWords[clocks]}`;
  return `The parent span ${parentReference(span)} was not received: it may still come, was sampled out, or its service sends no traces.`;
}

const clocksWords: Readonly<Record<Clocks, string>> = {
  recorded: 'Shown as recorded, nothing is adjusted.',
  aligned: 'It still does after the clocks were aligned.',
};

function skewNote(span: TraceSpan, parent: TraceSpan): string {
  const early = formatDuration(parent.start - span.start);
  if (span.service === parent.service) {
    return `Starts ${early} before its parent.`;
  }
  return `Starts ${early} before its parent: the clocks of ${parent.service} and ${span.service} differ.`;
}
