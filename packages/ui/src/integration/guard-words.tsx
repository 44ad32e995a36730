import type { OperationGuard } from '@concordat/api';
import { hrefTo, useSurroundings } from '../app/place.ts';
import { Link } from '../parts/link.tsx';
import { formatCount, plural } from '../words/format.ts';

const mostPlaces = 3;

/** What live guards said of real answers, beside their statuses. */
export function GuardWords({ guard }: { readonly guard: OperationGuard }) {
  const { place } = useSurroundings();
  const { checks, broken, mismatches, exemplarTraceId } = guard;
  return (
    <span className="note">
      Guard: {broken === 0 ? 'none' : formatCount(broken)} of {plural(checks, 'check')} broken
      {mismatches.slice(0, mostPlaces).map(({ part, rule, pointer, times }) => (
        <span className="given" key={`${part} ${rule} ${pointer}`}>
          {part} {pointer} breaks {rule} × {formatCount(times)}
        </span>
      ))}
      {exemplarTraceId !== null && (
        <Link
          to={hrefTo(place, { view: 'trace', traceId: exemplarTraceId })}
          label="Trace of what was broken last"
        >
          <code>{exemplarTraceId.slice(0, 8)}</code>
        </Link>
      )}
    </span>
  );
}
