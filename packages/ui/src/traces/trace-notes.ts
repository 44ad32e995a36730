import { formatDuration, plural } from '../words/format.ts';
import type { SpanTree } from './span-tree.ts';
import type { Trace } from './trace.ts';

/** Something a reader must know before trusting a trace, why it may be, and where it shows. */
export interface TraceNote {
  readonly title: string;
  readonly explanation: string;
  /** First row concerned; undefined: the trace as a whole. */
  readonly row: number | undefined;
}

/** A trace is taken for complete when nothing of it ended within this time, in milliseconds. */
const growingMs = 30_000;

/** Everything that is odd about a trace, the worst first; `now` in milliseconds. */
export function traceNotes(trace: Trace, tree: SpanTree, now: number): TraceNote[] {
  return [
    ...missingParents(tree),
    ...severalRoots(tree),
    ...differingClocks(tree),
    ...sharedIds(tree),
    ...warnedSpans(tree),
    ...trace.warnings.map((title) => ({ title, explanation: '', row: undefined })),
    ...stillGrowing(tree, now),
  ];
}

/** Whether more spans of the trace may be under way. */
export function mayGrow(tree: SpanTree, now: number): boolean {
  return now - (tree.start + tree.duration) / 1000 < growingMs;
}

function missingParents({ orphans, spans }: SpanTree): TraceNote[] {
  if (orphans.length === 0) return [];
  const services = [...new Set(orphans.map((row) => spans[row]?.service ?? ''))];
  return [
    {
      title: `The trace is partial: ${plural(orphans.length, 'span')} without ${orphans.length === 1 ? 'its' : 'their'} parent`,
      explanation: `What called ${services.slice(0, 3).join(', ')}${services.length > 3 ? ' and others' : ''} is not here: it may still come, was sampled out, has expired, or comes from a service that sends no traces. Such spans are shown as roots.`,
      row: orphans[0],
    },
  ];
}

function severalRoots({ spans, parent, orphans }: SpanTree): TraceNote[] {
  const roots = spans.filter((_, row) => (parent[row] ?? -1) < 0).length - orphans.length;
  if (roots < 2) return [];
  return [
    {
      title: `${plural(roots, 'span')} start this trace`,
      explanation:
        'Nothing says which of them came first: usually a job that reuses its trace id, or a span that only links to another.',
      row: undefined,
    },
  ];
}

const clocksAdvice = {
  recorded:
    'Times are shown as the services recorded them: compare lengths, not starts, between services, or correct the clocks.',
  aligned:
    'The hub has moved what it could, and says on each span by how much; messages and far-off clocks it leaves alone.',
} as const;

function differingClocks({ skewed, spans, parent, clocks }: SpanTree): TraceNote[] {
  if (skewed.length === 0) return [];
  const earliest = skewed.reduce((most, row) => {
    const above = spans[parent[row] ?? -1];
    return Math.max(most, (above?.start ?? 0) - (spans[row]?.start ?? 0));
  }, 0);
  return [
    {
      title: `Clocks differ: ${plural(skewed.length, 'span')} ${skewed.length === 1 ? 'starts' : 'start'} before the one that called ${skewed.length === 1 ? 'it' : 'them'}`,
      explanation: `By up to ${formatDuration(earliest)}. ${clocksAdvice[clocks]}`,
      row: skewed[0],
    },
  ];
}

function sharedIds({ sharedIds: shared }: SpanTree): TraceNote[] {
  if (shared === 0) return [];
  return [
    {
      title: `${plural(shared, 'span')} with an id that another one has`,
      explanation:
        'Client and server may share an id, as Zipkin does, or a span was sent twice. Children may hang below the wrong one of the two; corrected, the trace tells them apart.',
      row: undefined,
    },
  ];
}

function warnedSpans({ spans }: SpanTree): TraceNote[] {
  const warned = spans.filter((span) => span.warnings.length > 0);
  const [first] = warned;
  if (first === undefined) return [];
  return [
    {
      title: `${plural(warned.length, 'span')} with a warning`,
      explanation: first.warnings[0] ?? '',
      row: spans.indexOf(first),
    },
  ];
}

function stillGrowing(tree: SpanTree, now: number): TraceNote[] {
  if (!mayGrow(tree, now)) return [];
  return [
    {
      title: 'The trace may still grow',
      explanation:
        'Its last span ended moments ago, and a trace has no end mark. New spans are shown as they come.',
      row: undefined,
    },
  ];
}
