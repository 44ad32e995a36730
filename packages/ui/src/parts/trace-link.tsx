import { hrefTo, useSurroundings } from '../app/place.ts';
import { Link } from './link.tsx';

interface TraceLinkProps {
  readonly traceId: string | null;
  /** What it is the trace of. */
  readonly of: string;
}

/** A trace by the start of its id; a dash where there is none. */
export function TraceLink({ traceId, of }: TraceLinkProps) {
  const { place } = useSurroundings();
  if (traceId === null) return <span className="soft">–</span>;
  return (
    <Link to={hrefTo(place, { view: 'trace', traceId })} label={`Trace of ${of}`} row>
      <code>{traceId.slice(0, 8)}</code>
    </Link>
  );
}
