import { hrefTo, useSurroundings } from '../app/place.ts';
import { Glyph } from '../parts/glyph.tsx';
import { Link } from '../parts/link.tsx';
import { When } from '../parts/when.tsx';
import { formatDuration, plural } from '../words/format.ts';
import { serviceColour } from '../words/service-colour.ts';
import type { Trace } from './trace.ts';
import { type TraceLine, traceLines } from './trace-search.ts';

interface TraceLinesProps {
  readonly traces: readonly Trace[];
  /** How many were asked for: as many as that may not be all. */
  readonly limit: number;
}

/** Found traces, newest first, their lengths to scale. */
export function TraceLines({ traces, limit }: TraceLinesProps) {
  const lines = traceLines(traces);
  const longest = Math.max(1, ...lines.map((line) => line.duration));
  return (
    <>
      <p className="showing" role="status">
        {lines.length >= limit
          ? `The newest ${plural(lines.length, 'trace')}; there may be more.`
          : `${plural(lines.length, 'trace')}, newest first.`}
      </p>
      <ol className="trace-lines">
        {lines.map((line) => (
          <li key={line.traceId}>
            <Line line={line} longest={longest} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Line({ line, longest }: { readonly line: TraceLine; readonly longest: number }) {
  const { place } = useSurroundings();
  const { traceId, root, duration, errors } = line;
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
      <span className="trace-line-services">
        {line.services.map(([service, count]) => (
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
      </span>
      <span className="trace-line-when">
        {plural(line.spans, 'span')} · <When at={new Date(line.start / 1000).toISOString()} />
      </span>
    </Link>
  );
}
