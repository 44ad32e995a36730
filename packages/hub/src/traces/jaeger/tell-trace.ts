import type { ReceivedSpan } from '../decode/received-span.ts';
import type { StoredTrace } from '../store/trace-reader.ts';
import { correctClockSkew } from './correct-clock-skew.ts';
import { dropDuplicates } from './drop-duplicates.ts';
import { moveLibraryAttributes } from './move-library-attributes.ts';
import { splitSharedIds } from './split-shared-ids.ts';
import { startOf, type ToldSpan, type ToldTrace } from './told-span.ts';

/** In Jaeger's order: skew is looked for between spans that have ids of their own. */
const corrections: readonly ((spans: readonly ToldSpan[]) => readonly ToldSpan[])[] = [
  splitSharedIds,
  dropDuplicates,
  correctClockSkew,
  moveLibraryAttributes,
];

/** What Jaeger makes of a trace when it is read; `raw` tells it as it is stored. The stored spans stay as they are. */
export function tellTrace(stored: StoredTrace, { raw }: { readonly raw: boolean }): ToldTrace {
  let spans: readonly ToldSpan[] = stored.spans.map(asStored);
  if (!raw) for (const correct of corrections) spans = correct(spans);
  return {
    traceId: stored.traceId,
    spans: rootFirst(spans),
    warnings: gapsOf(stored, spans),
    isRaw: raw,
  };
}

/** One trace after the other, so that the next is worked out when the one before it was sent. */
export function* tellTraces(
  stored: Iterable<StoredTrace>,
  how: { readonly raw: boolean },
): Generator<ToldTrace> {
  for (const trace of stored) yield tellTrace(trace, how);
}

function asStored(span: ReceivedSpan): ToldSpan {
  const { spanId, parentSpanId } = span;
  return { span, spanId, parentSpanId, shiftMicros: 0, library: undefined, warnings: [] };
}

/** Some readers take the first span for the root, and others the first of those that start earliest. */
function rootFirst(spans: readonly ToldSpan[]): readonly ToldSpan[] {
  const ids = new Set(spans.map((told) => told.spanId));
  const rank = ({ parentSpanId }: ToldSpan): number => {
    if (parentSpanId === undefined) return 0;
    return ids.has(parentSpanId) ? 2 : 1;
  };
  return spans
    .map((told) => ({ told, rank: rank(told), start: startOf(told) }))
    .sort((a, b) => a.rank - b.rank || a.start - b.start)
    .map(({ told }) => told);
}

/** What of the trace is not here, as far as that can be seen. */
function gapsOf({ omittedSpans = 0 }: StoredTrace, spans: readonly ToldSpan[]): readonly string[] {
  const gaps: string[] = [];
  const orphans = countOrphans(spans);
  if (omittedSpans > 0)
    gaps.push(`${omittedSpans} more spans of this trace are stored and not shown.`);
  if (orphans > 0)
    gaps.push(`The trace is not complete: the parents of ${orphans} of its spans are not here.`);
  return gaps;
}

/** Spans that name a parent which the trace does not hold. */
export function countOrphans(spans: readonly ToldSpan[]): number {
  const ids = new Set(spans.map((told) => told.spanId));
  let count = 0;
  for (const { parentSpanId } of spans)
    if (parentSpanId !== undefined && !ids.has(parentSpanId)) count += 1;
  return count;
}
