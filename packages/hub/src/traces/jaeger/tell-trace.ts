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
  const { roots, orphans, others } = byPlace(spans);
  return {
    traceId: stored.traceId,
    // Some readers take the first span for the root, and others the first of those that start earliest.
    spans: [...inTime(roots), ...inTime(orphans), ...inTime(others)],
    orphans: orphans.length,
    warnings: gapsOf(stored, orphans.length),
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

/** Orphans name a parent that the trace does not hold. */
function byPlace(spans: readonly ToldSpan[]): Record<'roots' | 'orphans' | 'others', ToldSpan[]> {
  const ids = new Set<string>();
  for (const { spanId } of spans) ids.add(spanId);
  const places = { roots: [] as ToldSpan[], orphans: [] as ToldSpan[], others: [] as ToldSpan[] };
  for (const told of spans) {
    const { parentSpanId } = told;
    if (parentSpanId === undefined) places.roots.push(told);
    else if (ids.has(parentSpanId)) places.others.push(told);
    else places.orphans.push(told);
  }
  return places;
}

function inTime(spans: ToldSpan[]): readonly ToldSpan[] {
  return spans.sort((a, b) => startOf(a) - startOf(b));
}

/** What of the trace is not here, as far as that can be seen. */
function gapsOf({ omittedSpans = 0 }: StoredTrace, orphans: number): readonly string[] {
  const gaps: string[] = [];
  if (omittedSpans > 0)
    gaps.push(`${omittedSpans} more spans of this trace are stored and not shown.`);
  if (orphans > 0)
    gaps.push(`The trace is not complete: the parents of ${orphans} of its spans are not here.`);
  return gaps;
}
