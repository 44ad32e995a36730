import type { OperationGuard } from '@concordat/api';
import { TraceLink } from '../parts/trace-link.tsx';
import { formatCount, plural } from '../words/format.ts';

const mostPlaces = 3;

/** What live guards said of real answers, beside their statuses. */
export function GuardWords({ guard }: { readonly guard: OperationGuard }) {
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
        <TraceLink traceId={exemplarTraceId} of="what was broken last" />
      )}
    </span>
  );
}
