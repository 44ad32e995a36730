import type { FindingResource } from '@concordat/api';
import { useMemo } from 'react';
import { hrefTo, useSurroundings } from '../app/place.ts';
import { useResource } from '../data/use-resource.ts';
import { FindingLine } from '../findings/finding-card.tsx';
import { Link } from '../parts/link.tsx';
import { Service } from '../parts/marks.tsx';
import { Await, Empty } from '../parts/states.tsx';
import { ViewHead } from '../parts/view-head.tsx';
import { formatDuration, formatInstant, plural } from '../words/format.ts';
import { SpanPanel } from './span-panel.tsx';
import { buildSpanTree, type SpanTree } from './span-tree.ts';
import type { Trace } from './trace.ts';
import { useWaterfall } from './use-waterfall.ts';
import { Waterfall } from './waterfall.tsx';

/** One trace as a waterfall. */
export function TraceView({ traceId }: { readonly traceId: string }) {
  const { place, client } = useSurroundings();
  const trace = useResource(`trace ${traceId}`, () => client.trace(traceId));
  const findings = useResource('findings of every environment', () => client.findings(''));
  return (
    <>
      <ViewHead
        title={
          <>
            Trace <code className="trace-id">{traceId}</code>
          </>
        }
        json={`${place.hub}api/traces/${encodeURIComponent(traceId)}`}
      >
        {trace.kind === 'ready' && <TraceFacts trace={trace.value} />}
      </ViewHead>
      <Await resource={trace} what="the trace">
        {(value) => (
          <TracePage
            trace={value}
            findings={findings.kind === 'ready' ? findingsOf(findings.value, value.traceId) : []}
          />
        )}
      </Await>
    </>
  );
}

interface TracePageProps {
  readonly trace: Trace;
  readonly findings: readonly FindingResource[];
}

export function TracePage({ trace, findings }: TracePageProps) {
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
      {trace.warnings.map((warning) => (
        <p key={warning} className="stale">
          {warning}
        </p>
      ))}
      {findings.length > 0 && (
        <ul className="trace-findings" aria-label="Findings in this trace">
          {findings.map((finding) => (
            <FindingLine key={finding.id} finding={finding} />
          ))}
        </ul>
      )}
      <TraceBody tree={tree} findings={findings} />
    </>
  );
}

function TraceBody({
  tree,
  findings,
}: {
  readonly tree: SpanTree;
  readonly findings: readonly FindingResource[];
}) {
  const waterfall = useWaterfall(tree);
  const row = waterfall.selected;
  const span = tree.spans[row];
  return (
    <div className="trace-body">
      <Waterfall tree={tree} state={waterfall} />
      {span !== undefined && (
        <SpanPanel
          span={span}
          traceStart={tree.start}
          note={tree.notes.get(row)}
          queued={tree.queued.get(row)}
          findings={findings.filter((finding) => concerns(finding, span.service))}
          onClose={waterfall.close}
        />
      )}
    </div>
  );
}

function TraceFacts({ trace }: { readonly trace: Trace }) {
  const { place } = useSurroundings();
  const tree = useMemo(() => buildSpanTree(trace), [trace]);
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

/** Findings whose exemplar is this trace. */
export function findingsOf(
  findings: readonly FindingResource[],
  traceId: string,
): FindingResource[] {
  const long = traceId.padStart(32, '0');
  return findings.filter((finding) => finding.exemplarTraceId?.padStart(32, '0') === long);
}

function concerns(finding: FindingResource, service: string): boolean {
  return finding.consumer === service || finding.provider === service;
}
