import { hrefTo, setQuery, useSurroundings } from '../app/place.ts';
import { SelectField } from '../parts/fields.tsx';
import { Glyph } from '../parts/glyph.tsx';
import { Link } from '../parts/link.tsx';
import { When } from '../parts/when.tsx';
import { formatDuration, plural } from '../words/format.ts';
import { serviceColour } from '../words/service-colour.ts';
import type { Trace } from './trace.ts';
import { TraceScatter } from './trace-scatter.tsx';
import {
  type TraceLine,
  type TraceSearch,
  traceLines,
  traceOrders,
  windowOf,
} from './trace-search.ts';

interface TraceLinesProps {
  readonly traces: readonly Trace[];
  readonly search: TraceSearch;
}

/** Found traces as a drawing and as a list, their lengths to scale. Two of them can be compared. */
export function TraceLines({ traces, search }: TraceLinesProps) {
  const { place, now } = useSurroundings();
  const order = place.query.get('order') ?? '';
  const picked = place.query.get('compare') ?? '';
  const lines = traceLines(traces, order);
  const longest = Math.max(1, ...lines.map((line) => line.duration));
  return (
    <>
      <TraceScatter lines={lines} {...windowOf(search, now)} />
      <div className="tools">
        <p className="showing" role="status">
          {foundWords(lines.length, search.limit, order)}
        </p>
        {picked !== '' && (
          <button
            type="button"
            className="button chip"
            aria-label={`Compare ${picked.slice(0, 8)} with no other`}
            onClick={() => setQuery(place, { compare: undefined })}
          >
            Compare {picked.slice(0, 8)} with… <span aria-hidden="true">×</span>
          </button>
        )}
        <SelectField
          label="Order"
          value={order}
          options={traceOrders}
          onChange={(next) => setQuery(place, { order: next })}
        />
      </div>
      <ol className="trace-lines">
        {lines.map((line) => (
          <li key={line.traceId}>
            <Line line={line} longest={longest} />
            <CompareButton traceId={line.traceId} picked={picked} />
          </li>
        ))}
      </ol>
    </>
  );
}

/** How many traces there are; as many as were asked for may not be all. */
export function foundWords(count: number, limit: number, order: string): string {
  const words = traceOrders.find(([key]) => key === order)?.[1] ?? 'newest first';
  if (count < limit) return `${plural(count, 'trace')}, ${words}.`;
  return `The newest ${plural(count, 'trace')}, ${words}; there may be more.`;
}

interface CompareButtonProps {
  readonly traceId: string;
  readonly picked: string;
}

function CompareButton({ traceId, picked }: CompareButtonProps) {
  const { place } = useSurroundings();
  const compare = () => {
    if (picked === '') setQuery(place, { compare: traceId });
    else place.go(hrefTo(place, { view: 'comparison', first: picked, second: traceId }), 'push');
  };
  return (
    <button
      type="button"
      className="button button-quiet compare"
      disabled={picked === traceId}
      aria-label={`Compare ${traceId.slice(0, 8)} with ${picked === '' ? 'another' : picked.slice(0, 8)}`}
      onClick={compare}
    >
      {picked === '' ? 'Compare' : picked === traceId ? 'First' : 'With this'}
    </button>
  );
}

function Line({ line, longest }: { readonly line: TraceLine; readonly longest: number }) {
  const { place } = useSurroundings();
  const { traceId, root, duration } = line;
  return (
    <Link to={hrefTo(place, { view: 'trace', traceId })} className="trace-line" row>
      <span
        className="trace-line-bar"
        style={{ width: `${Math.max(0.5, (100 * duration) / longest)}%` }}
      />
      <span className="trace-line-name">
        <b>{root?.service ?? 'no spans'}</b> {root?.name}
      </span>
      <span className="trace-line-duration">{formatDuration(duration)}</span>
      <LineServices line={line} />
      <span className="trace-line-when">
        {plural(line.spans, 'span')} · <When at={new Date(line.start / 1000).toISOString()} />
      </span>
    </Link>
  );
}

function LineServices({ line }: { readonly line: TraceLine }) {
  const { services, errors, orphans } = line;
  return (
    <span className="trace-line-services">
      {services.map(([service, count]) => (
        <span key={service} className="service">
          <span className={`dot service-${serviceColour(service)}`} aria-hidden="true" />
          {service} {count}
        </span>
      ))}
      {errors > 0 && (
        <span className="mark mark-verification-failed">
          <Glyph state="verification-failed" />
          {plural(errors, 'error')}
        </span>
      )}
      {orphans > 0 && (
        <span
          className="mark mark-drift"
          title={`${plural(orphans, 'span')} without the span that called it: not all of the trace is here`}
        >
          <Glyph state="drift" />
          partial
        </span>
      )}
    </span>
  );
}
