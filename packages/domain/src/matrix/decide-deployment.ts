import { type ConsideredRows, considerRows, type MatrixFacts } from './considered-rows.ts';
import { sideDescriber } from './describe-sides.ts';
import type { MatrixReason } from './matrix-reason.ts';
import { picksVersions } from './matrix-selector.ts';

/** `deployable` is null when something is not known yet. */
export interface MatrixVerdict {
  readonly deployable: boolean | null;
  readonly success: number;
  readonly failed: number;
  readonly unknown: number;
  readonly ignored: number;
  /** Warnings first, then what is wrong, or the one that says all is well. */
  readonly reasons: readonly MatrixReason[];
}

/** Whether the asked-for versions may go to the destination, and why. */
export function decideDeployment(facts: MatrixFacts): MatrixVerdict {
  const considered = considerRows(facts);
  const { judged, rows, failed, unverified, withoutRow, absent } = considered;
  const counts = {
    success: rows.length - unverified.length - failed.length,
    failed: failed.length,
    unknown: unverified.length + withoutRow.length,
    ignored: judged.length - rows.length,
  };
  const wrong = errors(facts, considered);
  const success = { kind: rows.length > 0 ? 'all-successful' : 'nothing-missing' } as const;
  return {
    deployable: deployability(absent.length > 0, counts),
    ...counts,
    reasons: [...warnings(facts, considered), ...(wrong.length > 0 ? wrong : [success])],
  };
}

function deployability(
  isAbsent: boolean,
  counts: { readonly failed: number; readonly unknown: number },
): boolean | null {
  if (isAbsent) return false;
  if (counts.unknown > 0) return null;
  return counts.failed === 0;
}

function errors(
  { selectors }: MatrixFacts,
  { failed, unverified, withoutRow, absent }: ConsideredRows,
): readonly MatrixReason[] {
  if (absent.length > 0) {
    return absent.map(({ selector }) => ({ kind: 'specified-version-does-not-exist', selector }));
  }
  const describe = sideDescriber(selectors);
  return [
    ...failed.map((row) => ({ kind: 'verification-failed' as const, ...describe.row(row) })),
    ...unverified.map((row) => ({ kind: 'not-verified' as const, ...describe.row(row) })),
    ...withoutRow.map((pair) => ({
      kind: 'not-verified' as const,
      ...describe.integration(pair),
    })),
  ];
}

function warnings(
  { ignored, selectors, destination }: MatrixFacts,
  { pendingFailures }: ConsideredRows,
): readonly MatrixReason[] {
  const unknown = ignored.filter((entry) => !entry.isKnownPacticipant || !entry.isKnownVersion);
  const reasons: MatrixReason[] = unknown.map(({ pacticipant, version, isKnownPacticipant }) => ({
    kind: 'ignored-does-not-exist',
    pacticipant,
    version,
    isKnownPacticipant,
  }));
  const specified = selectors.filter(({ isSpecified }) => isSpecified);
  const { tag, environment, mainBranch } = destination;
  const hasDestination = tag !== undefined || environment !== undefined || mainBranch === true;
  if (specified.length === 1 && !hasDestination) reasons.push({ kind: 'no-environment-given' });
  const hasPick = specified.some(({ selector }) => picksVersions(selector));
  const hasNumber = specified.some(({ selector }) => selector.version !== undefined);
  if (hasPick && !hasNumber) reasons.push({ kind: 'no-version-number-given' });
  const describe = sideDescriber(selectors);
  const forgiven = pendingFailures.map((row) => ({
    kind: 'pending-failure' as const,
    ...describe.row(row),
  }));
  return [...reasons, ...forgiven];
}
