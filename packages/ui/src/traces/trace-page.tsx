import type { FindingResource } from '@concordat/api';
import { useMemo } from 'react';
import { hrefWith, useSurroundings } from '../app/place.ts';
import { Link } from '../parts/link.tsx';
import { Empty } from '../parts/states.tsx';
import { formatCount } from '../words/format.ts';
import { CallTable } from './call-table.tsx';
import { criticalPath } from './critical-path.ts';
import { buildSpanTree, type SpanTree } from './span-tree.ts';
import { StatisticsTable } from './statistics-table.tsx';
import { TimelinePage } from './timeline-page.tsx';
import type { Trace } from './trace.ts';
import { callsOf } from './trace-calls.ts';
import { TraceFindings } from './trace-findings.tsx';
import { traceNotes } from './trace-notes.ts';
import { TraceNotes } from './trace-notes-list.tsx';

interface TracePageProps {
  readonly trace: Trace;
  /** Those whose exemplar this trace is. */
  readonly findings: readonly FindingResource[];
}

/** A trace with what is odd about it, and one of its three parts as the address says. */
export function TracePage({ trace, findings }: TracePageProps) {
  const { now } = useSurroundings();
  const tree = useMemo(() => buildSpanTree(trace), [trace]);
  if (tree.spans.length === 0) {
    return (
      <Empty title="A trace without spans">
        <p>The hub knows this trace but holds none of its spans any more.</p>
      </Empty>
    );
  }
  return (
    <>
      <TraceNotes notes={traceNotes(trace, tree, now)} tree={tree} />
      <TraceFindings findings={findings} />
      <TraceParts tree={tree} findings={findings} />
    </>
  );
}

function TraceParts({
  tree,
  findings,
}: {
  readonly tree: SpanTree;
  readonly findings: readonly FindingResource[];
}) {
  const { place } = useSurroundings();
  const calls = useMemo(() => callsOf(tree), [tree]);
  const pieces = useMemo(() => criticalPath(tree), [tree]);
  const part = readPart(place.query);
  return (
    <>
      <nav className="parts" aria-label="Parts of the trace">
        {parts.map(([key, words]) => (
          <Link
            key={key}
            to={hrefWith(place, { part: key, sort: undefined })}
            className="part"
            current={part === key}
          >
            {words}
            {key === 'calls' && <span className="count">{formatCount(calls.length)}</span>}
          </Link>
        ))}
      </nav>
      {part === '' && (
        // New spans move the rows: what was collapsed or stood on by row starts anew with them.
        <TimelinePage key={tree.spans.length} tree={tree} pieces={pieces} findings={findings} />
      )}
      {part === 'statistics' && <StatisticsTable tree={tree} pieces={pieces} />}
      {part === 'calls' && <CallTable tree={tree} calls={calls} />}
    </>
  );
}

const parts = [
  ['', 'Timeline'],
  ['statistics', 'Statistics'],
  ['calls', 'Calls'],
] as const;

function readPart(query: URLSearchParams): (typeof parts)[number][0] {
  return parts.find(([key]) => key === query.get('part'))?.[0] ?? '';
}

/** Findings whose exemplar is this trace. */
export function findingsOf(
  findings: readonly FindingResource[],
  traceId: string,
): FindingResource[] {
  const long = traceId.padStart(32, '0');
  return findings.filter((finding) => finding.exemplarTraceId?.padStart(32, '0') === long);
}
