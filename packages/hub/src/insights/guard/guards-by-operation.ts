import type { OperationGuard } from '@concordat/api';
import { timeOf } from '../open-findings.ts';
import type { GuardTotals, MismatchTotals } from './guard-count-store.ts';

const MOST_MISMATCHES = 20;

/** What guards said of a pair, by the operation as they name it. */
export function guardsByOperation(
  totals: readonly GuardTotals[],
  mismatches: readonly MismatchTotals[],
): ReadonlyMap<string, OperationGuard> {
  return new Map(
    totals.map((one) => [
      one.operation,
      guardOf(
        one,
        mismatches.filter(({ operation }) => operation === one.operation),
      ),
    ]),
  );
}

function guardOf(
  { kept, broken, uncovered, undecided, lastBroken, exemplarTraceId }: GuardTotals,
  mismatches: readonly MismatchTotals[],
): OperationGuard {
  return {
    checks: kept + broken + uncovered + undecided,
    ...{ kept, broken, uncovered, undecided },
    lastBroken: lastBroken === 0 ? null : timeOf(lastBroken),
    exemplarTraceId: exemplarTraceId === '' ? null : exemplarTraceId,
    mismatches: mismatches
      .slice(0, MOST_MISMATCHES)
      .map(({ operation: _, lastSeen, ...one }) => ({ ...one, lastSeen: timeOf(lastSeen) })),
  };
}
