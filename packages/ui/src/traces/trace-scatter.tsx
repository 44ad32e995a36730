import { hrefTo, useSurroundings } from '../app/place.ts';
import { followLink } from '../parts/link.tsx';
import { formatDuration, formatInstant, plural } from '../words/format.ts';
import type { TraceLine } from './trace-search.ts';

/** The drawing's own units; it is stretched to the width of the page. */
const width = 1000;
const height = 120;

interface TraceScatterProps {
  readonly lines: readonly TraceLine[];
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** Found traces by time and duration. The list below holds the same for readers who do not see it. */
export function TraceScatter({ lines, from, to }: TraceScatterProps) {
  const { place } = useSurroundings();
  const longest = Math.max(1, ...lines.map((line) => line.duration));
  return (
    <figure className="scatter">
      <svg
        viewBox={`-10 -10 ${width + 20} ${height + 20}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path className="scatter-frame" d={`M0 0V${height}H${width}M0 0H${width}`} />
        {lines.map((line) => {
          const to_ = hrefTo(place, { view: 'trace', traceId: line.traceId });
          return (
            <a
              key={line.traceId}
              href={to_}
              tabIndex={-1}
              onClick={(event) => followLink(event, () => place.go(to_, 'push'))}
            >
              <title>{dotWords(line)}</title>
              <path
                className={line.errors > 0 ? 'scatter-dot is-failed' : 'scatter-dot'}
                d={`M${scatterX(line, from, to)} ${scatterY(line, longest)}h.01`}
              />
            </a>
          );
        })}
      </svg>
      <figcaption>
        <span>{formatInstant(new Date(from).toISOString())}</span>
        <span>
          duration up to {formatDuration(longest)}, {plural(lines.length, 'trace')}
        </span>
        <span>{formatInstant(new Date(to).toISOString())}</span>
      </figcaption>
    </figure>
  );
}

/** Where a trace stands from left to right. */
export function scatterX(line: Pick<TraceLine, 'start'>, from: number, to: number): number {
  const part = (line.start / 1000 - from) / Math.max(1, to - from);
  return Math.round(width * Math.min(1, Math.max(0, part)));
}

/** Where a trace stands from top to bottom; by the square root, so that short ones do not all lie on the ground. */
export function scatterY(line: Pick<TraceLine, 'duration'>, longest: number): number {
  return Math.round(height * (1 - Math.sqrt(line.duration / longest)));
}

function dotWords(line: TraceLine): string {
  const errors = line.errors === 0 ? '' : `, ${plural(line.errors, 'error')}`;
  return `${line.root?.service ?? ''} ${line.root?.name ?? ''}: ${formatDuration(line.duration)}${errors}`;
}
