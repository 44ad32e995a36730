import type { SpanTree } from './span-tree.ts';
import type { TraceSpan } from './trace.ts';

/** A span of this or another trace. */
export interface LinkedSpan {
  readonly traceId: string;
  readonly spanId: string;
}

/** What a span says it follows from, and parents in other traces. */
export function linksOf(tree: SpanTree, span: TraceSpan): LinkedSpan[] {
  return distinct(
    span.references.filter(
      ({ kind, traceId }) => kind === 'follows-from' || !sameTrace(traceId, tree.traceId),
    ),
  );
}

/** Spans of the same trace that follow from this one without being its children. */
export function linkedFrom(tree: SpanTree, span: TraceSpan): LinkedSpan[] {
  const followers = tree.spans.filter((other) =>
    other.references.some(
      ({ kind, traceId, spanId }) =>
        kind === 'follows-from' && spanId === span.spanId && sameTrace(traceId, tree.traceId),
    ),
  );
  return distinct(followers.map(({ spanId }) => ({ traceId: tree.traceId, spanId })));
}

/** Ids whose upper half is zero are also written short. */
function sameTrace(a: string, b: string): boolean {
  return a.padStart(32, '0') === b.padStart(32, '0');
}

function distinct(spans: readonly LinkedSpan[]): LinkedSpan[] {
  const byId = new Map(spans.map((span) => [`${span.traceId} ${span.spanId}`, span]));
  return [...byId.values()];
}
