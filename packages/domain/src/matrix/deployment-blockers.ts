import { considerRows, type Integration, type MatrixFacts } from './considered-rows.ts';
import { sideDescriber } from './describe-sides.ts';
import type {
  MatrixReason,
  NotVerified,
  PendingFailure,
  SpecifiedVersionDoesNotExist,
  VerificationFailed,
} from './matrix-reason.ts';
import type { JudgedRow } from './matrix-row.ts';
import type { NumberedVersion, ResolvedSelector } from './matrix-selector.ts';

/** One error of the verdict with what it is about; `reason` is the one that the verdict gives. */
export type Blocker =
  | {
      readonly kind: 'failed';
      readonly reason: VerificationFailed;
      readonly row: JudgedRow;
      readonly isProviderAsked: boolean;
    }
  | {
      readonly kind: 'not-verified';
      readonly reason: NotVerified;
      readonly row: JudgedRow;
      /** The provider's versions of which one should have verified it. */
      readonly wanted: 'any' | readonly NumberedVersion[];
      /** Whether the question is about the provider itself. */
      readonly isProviderAsked: boolean;
    }
  | { readonly kind: 'no-pact'; readonly reason: NotVerified; readonly pair: Integration }
  | { readonly kind: 'unknown-version'; readonly reason: SpecifiedVersionDoesNotExist }
  /** Blocks nothing: failed, but only where the pact says that it may. */
  | { readonly kind: 'pending-failure'; readonly reason: PendingFailure; readonly row: JudgedRow };

/** What stands behind the verdict's errors, in their order, and then the failures that it overlooks. */
export function deploymentBlockers(facts: MatrixFacts): readonly Blocker[] {
  const { failed, unverified, withoutRow, absent, pendingFailures } = considerRows(facts);
  const describe = sideDescriber(facts.selectors);
  const forgiven = pendingFailures.map((row) => ({
    kind: 'pending-failure' as const,
    reason: { kind: 'pending-failure' as const, ...describe.row(row) },
    row,
  }));
  if (absent.length > 0) return [...absent.map(unknownVersion), ...forgiven];
  return [
    ...failed.map((row) => ({
      kind: 'failed' as const,
      reason: { kind: 'verification-failed' as const, ...describe.row(row) },
      row,
      isProviderAsked: isAsked(row, facts.selectors),
    })),
    ...unverified.map((row) => ({
      kind: 'not-verified' as const,
      reason: { kind: 'not-verified' as const, ...describe.row(row) },
      row,
      wanted: wantedVersions(row, facts.selectors),
      isProviderAsked: isAsked(row, facts.selectors),
    })),
    ...withoutRow.map((pair) => ({
      kind: 'no-pact' as const,
      reason: { kind: 'not-verified' as const, ...describe.integration(pair) },
      pair,
    })),
    ...forgiven,
  ];
}

function unknownVersion({ selector }: ResolvedSelector): Blocker {
  const reason: MatrixReason = { kind: 'specified-version-does-not-exist', selector };
  return { kind: 'unknown-version', reason };
}

function isAsked({ provider }: JudgedRow, selectors: readonly ResolvedSelector[]): boolean {
  return selectors.some(
    ({ pacticipantId, isSpecified }) => pacticipantId === provider.id && isSpecified,
  );
}

function wantedVersions(
  { provider }: JudgedRow,
  selectors: readonly ResolvedSelector[],
): 'any' | readonly NumberedVersion[] {
  const own = selectors.filter(({ pacticipantId }) => pacticipantId === provider.id);
  if (own.length === 0) return 'any';
  const versions: NumberedVersion[] = [];
  for (const selector of own) {
    if (selector.versions === 'any') return 'any';
    versions.push(...selector.versions);
  }
  return versions;
}
