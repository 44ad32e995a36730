import type { FindingResource } from '@concordat/api';
import { hrefTo, useSurroundings } from '../app/place.ts';
import { FindingCard } from '../findings/finding-card.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { Link } from '../parts/link.tsx';
import { Service } from '../parts/marks.tsx';
import { CopyButton } from '../parts/view-head.tsx';
import { formatDuration, formatInstant, formatShare } from '../words/format.ts';
import { PromiseCard } from './promise-card.tsx';
import { type LinkedSpan, linkedFrom, linksOf } from './span-links.ts';
import type { SpanTree } from './span-tree.ts';
import type { Tag, TraceSpan } from './trace.ts';
import { callOfRow } from './trace-calls.ts';

interface SpanPanelProps {
  readonly tree: SpanTree;
  readonly row: number;
  /** The span of the row. */
  readonly span: TraceSpan;
  readonly findings: readonly FindingResource[];
  readonly onClose: () => void;
}

/** Everything known of one span. */
export function SpanPanel({ tree, row, span, findings, onClose }: SpanPanelProps) {
  const traceStart = tree.start;
  const queued = tree.queued.get(row);
  const note = tree.notes.get(row);
  const call = callOfRow(tree, row);
  return (
    <aside className="panel span-panel" aria-label={`Span ${span.name}`}>
      <div className="panel-head">
        <Service name={span.service} />
        {span.kind !== '' && <span className="tag">{span.kind}</span>}
        {span.failed && <span className="pill pill-verification-failed">failed</span>}
        <button type="button" className="close" aria-label="Close the panel" onClick={onClose}>
          ×
        </button>
      </div>
      <h2>{span.name}</h2>
      <FactList
        facts={[
          ['Starts', `${formatDuration(span.start - traceStart)} into the trace`],
          ['Takes', formatDuration(span.duration)],
          ['Of the trace', formatShare(span.duration, tree.duration)],
          ...(queued === undefined ? [] : [['In queue before', formatDuration(queued)] as const]),
          ['At', formatInstant(new Date(span.start / 1000).toISOString())],
          ['Span', <code key="id">{span.spanId}</code>],
        ]}
      />
      {[...(note === undefined ? [] : [note]), ...span.warnings].map((words) => (
        <p key={words} className="note">
          {words}
        </p>
      ))}
      {call !== undefined && <PromiseCard call={call} />}
      {findings.map((finding) => (
        <FindingCard key={finding.id} finding={finding} />
      ))}
      <TagTable title="Attributes" tags={span.tags} open />
      <Events span={span} traceStart={traceStart} />
      <Links title="Links" spans={linksOf(tree, span)} />
      <Links title="Linked from" spans={linkedFrom(tree, span)} />
      <TagTable title="Resource" tags={span.resource} />
      <CopyButton text={() => window.location.href}>Copy link to this span</CopyButton>
    </aside>
  );
}

interface TagTableProps {
  readonly title: string;
  readonly tags: readonly Tag[];
  readonly open?: boolean;
}

function TagTable({ title, tags, open }: TagTableProps) {
  if (tags.length === 0) return null;
  return (
    <details className="tags" open={open}>
      <summary>
        {title} <span className="count">{tags.length}</span>
      </summary>
      <dl>
        {sortTags(tags).map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{value === '' ? <span className="soft">empty</span> : value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Events({ span, traceStart }: { readonly span: TraceSpan; readonly traceStart: number }) {
  if (span.logs.length === 0) return null;
  return (
    <details className="tags" open>
      <summary>
        Events <span className="count">{span.logs.length}</span>
      </summary>
      {span.logs.map((log) => (
        <section key={`${log.at} ${JSON.stringify(log.fields)}`} className="event">
          <h3>
            <time>{formatDuration(log.at - traceStart)}</time>{' '}
            {log.fields.find(([key]) => key === 'event')?.[1]}
          </h3>
          <dl>
            {log.fields
              .filter(([key]) => key !== 'event')
              .map(([key, value]) => (
                <div key={key}>
                  <dt>{key}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </details>
  );
}

interface LinksProps {
  readonly title: string;
  readonly spans: readonly LinkedSpan[];
}

function Links({ title, spans }: LinksProps) {
  const { place } = useSurroundings();
  if (spans.length === 0) return null;
  return (
    <details className="tags" open>
      <summary>
        {title} <span className="count">{spans.length}</span>
      </summary>
      <ul>
        {spans.map(({ traceId, spanId }) => (
          <li key={`${traceId} ${spanId}`}>
            <Link to={hrefTo(place, { view: 'trace', traceId }, { span: spanId })}>
              <code>
                {traceId.slice(0, 8)}… {spanId}
              </code>
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** By name; a name that came twice keeps its order. */
export function sortTags(tags: readonly Tag[]): Tag[] {
  return [...tags].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
