import { useMemo } from 'react';
import { hrefTo, useSurroundings } from '../app/place.ts';
import { tracePath } from '../data/hub-client.ts';
import { pollEvery, useResource } from '../data/use-resource.ts';
import { Link } from '../parts/link.tsx';
import { Service } from '../parts/marks.tsx';
import { Await } from '../parts/states.tsx';
import { ViewHead } from '../parts/view-head.tsx';
import { formatDuration, formatInstant, plural } from '../words/format.ts';
import { buildSpanTree, type SpanTree } from './span-tree.ts';
import { mayGrow } from './trace-notes.ts';
import { findingsOf, TracePage } from './trace-page.tsx';

/** One trace: its waterfall, its statistics, its calls. It is asked for again while it may still grow. */
export function TraceView({ traceId }: { readonly traceId: string }) {
  const { place, client } = useSurroundings();
  const clocks = place.query.get('clocks') === 'aligned' ? 'aligned' : 'recorded';
  const trace = useResource(`trace ${traceId} ${clocks}`, () => client.trace(traceId, clocks), {
    every: pollEvery,
    until: (found) => !mayGrow(buildSpanTree(found), Date.now()),
  });
  const value = trace.kind === 'ready' ? trace.value : undefined;
  const tree = useMemo(() => (value === undefined ? undefined : buildSpanTree(value)), [value]);
  const findings = useResource('findings of every environment', () => client.findings('', 'open'));
  const json = `${place.hub}api/${tracePath(traceId, clocks)}`;
  return (
    <>
      <ViewHead
        title={
          <>
            Trace <code className="trace-id">{traceId}</code>
          </>
        }
        json={json}
        download={`trace-${traceId}.json`}
      >
        {tree !== undefined && <TraceFacts tree={tree} />}
      </ViewHead>
      <Await resource={trace} what="the trace">
        {(shown) => (
          <TracePage
            trace={shown}
            findings={findings.kind === 'ready' ? findingsOf(findings.value, shown.traceId) : []}
          />
        )}
      </Await>
    </>
  );
}

function TraceFacts({ tree }: { readonly tree: SpanTree }) {
  const { place } = useSurroundings();
  return (
    <p className="trace-facts">
      <span>{formatInstant(new Date(tree.start / 1000).toISOString())}</span>
      <span>
        <b>{formatDuration(tree.duration)}</b>
      </span>
      <span>{plural(tree.spans.length, 'span')}</span>
      {tree.errors > 0 && <span className="bad">{plural(tree.errors, 'error')}</span>}
      {tree.services.slice(0, 12).map((service) => (
        <Link key={service} to={hrefTo(place, { view: 'traces' }, { service })}>
          <Service name={service} />
        </Link>
      ))}
      {tree.services.length > 12 && (
        <span>and {plural(tree.services.length - 12, 'service')} more</span>
      )}
    </p>
  );
}
