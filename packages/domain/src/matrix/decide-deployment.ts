import type { MatrixReason } from './matrix-reason.ts';
import type { JudgedRow, MatrixRow } from './matrix-row.ts';
import {
  describeSelector,
  type MatrixDestination,
  picksVersions,
  type ResolvedSelector,
} from './matrix-selector.ts';

/** What must not influence the answer; without a version, every version of the pacticipant. */
export interface IgnoreSelector {
  readonly pacticipant: string;
  readonly version: string | undefined;
  readonly isKnownPacticipant: boolean;
  /** True also when no version was named. */
  readonly isKnownVersion: boolean;
}

export interface Integration {
  readonly consumer: { readonly id: number; readonly name: string };
  readonly provider: { readonly id: number; readonly name: string };
  /** Whether a row must exist for a yes: the consumer is one of those asked about. */
  readonly isRequired: boolean;
}

/** Everything a verdict rests on; rows are filtered already (latest, success). */
export interface MatrixFacts {
  readonly rows: readonly MatrixRow[];
  readonly selectors: readonly ResolvedSelector[];
  readonly integrations: readonly Integration[];
  readonly ignored: readonly IgnoreSelector[];
  readonly destination: MatrixDestination;
}

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

/** The row with whether it is to be ignored; ignored ones go to the end. */
export function markIgnored(
  rows: readonly MatrixRow[],
  ignored: readonly IgnoreSelector[],
): readonly JudgedRow[] {
  const judged = rows.map((row) => ({ ...row, isIgnored: isIgnoredRow(row, ignored) }));
  return [...judged.filter((row) => !row.isIgnored), ...judged.filter((row) => row.isIgnored)];
}

/** Whether the asked-for versions may go to the destination, and why. */
export function decideDeployment(facts: MatrixFacts): MatrixVerdict {
  const judged = markIgnored(facts.rows, facts.ignored);
  const rows = judged.filter((row) => !row.isIgnored);
  const absent = absentSelectors(facts);
  const missing = absent.length > 0 ? [] : integrationsWithoutRow(facts, rows);
  const unverified = rows.filter((row) => row.verification === undefined);
  const failed = rows.filter((row) => row.verification?.success === false);
  const counts = {
    success: rows.length - unverified.length - failed.length,
    failed: failed.length,
    unknown: unverified.length + missing.length,
    ignored: judged.length - rows.length,
  };
  const describe = sideDescriber(facts.selectors);
  const errors: readonly MatrixReason[] =
    absent.length > 0
      ? absent.map(({ selector }) => ({ kind: 'specified-version-does-not-exist', selector }))
      : [
          ...failed.map((row) => ({ kind: 'verification-failed' as const, ...describe.row(row) })),
          ...unverified.map((row) => ({ kind: 'not-verified' as const, ...describe.row(row) })),
          ...missing.map((pair) => ({
            kind: 'not-verified' as const,
            ...describe.integration(pair),
          })),
        ];
  const reasons = [...warnings(facts), ...(errors.length > 0 ? errors : [successReason(rows)])];
  return { deployable: deployability(absent.length > 0, counts), ...counts, reasons };
}

function deployability(
  isAbsent: boolean,
  counts: { readonly failed: number; readonly unknown: number },
): boolean | null {
  if (isAbsent) return false;
  if (counts.unknown > 0) return null;
  return counts.failed === 0;
}

function successReason(rows: readonly JudgedRow[]): MatrixReason {
  return { kind: rows.length > 0 ? 'all-successful' : 'nothing-missing' };
}

function isIgnoredRow(row: MatrixRow, ignored: readonly IgnoreSelector[]): boolean {
  return ignored.some(
    ({ pacticipant, version }) =>
      (row.consumer.name === pacticipant &&
        (version === undefined || version === row.consumerVersion.number)) ||
      (row.provider.name === pacticipant &&
        (version === undefined || version === row.providerVersion?.number)),
  );
}

function absentSelectors({ selectors, ignored }: MatrixFacts): readonly ResolvedSelector[] {
  return selectors.filter(
    ({ isSpecified, versions, selector }) =>
      isSpecified &&
      versions !== 'any' &&
      versions.length === 0 &&
      !ignored.some(
        ({ pacticipant, version }) =>
          pacticipant === selector.pacticipant &&
          (version === undefined || version === selector.version),
      ),
  );
}

function integrationsWithoutRow(
  { integrations, ignored }: MatrixFacts,
  rows: readonly JudgedRow[],
): readonly Integration[] {
  const present = new Set(rows.map((row) => `${row.consumer.id} ${row.provider.id}`));
  const dropped = new Set(
    ignored.filter(({ version }) => version === undefined).map(({ pacticipant }) => pacticipant),
  );
  return integrations.filter(
    ({ consumer, provider, isRequired }) =>
      isRequired &&
      !present.has(`${consumer.id} ${provider.id}`) &&
      !dropped.has(consumer.name) &&
      !dropped.has(provider.name),
  );
}

function warnings({ ignored, selectors, destination }: MatrixFacts): readonly MatrixReason[] {
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
  return reasons;
}

interface Sides {
  readonly consumer: string;
  readonly provider: string;
}

/** Names both sides of a row by the selector that picked their version, so that the reader knows which version is meant. */
function sideDescriber(selectors: readonly ResolvedSelector[]): {
  row(row: MatrixRow): Sides;
  integration(pair: Integration): Sides;
} {
  const describe = (
    pacticipant: { readonly id: number; readonly name: string },
    version: { readonly id: number; readonly number: string } | undefined,
  ): string => {
    const own = selectors.filter(({ pacticipantId }) => pacticipantId === pacticipant.id);
    if (version === undefined) return describeUnknown(pacticipant.name, own);
    const by = own.find(
      ({ versions }) => versions !== 'any' && versions.some(({ id }) => id === version.id),
    );
    if (by === undefined || by.versions === 'any') return `any version of ${pacticipant.name}`;
    return describeSelector(by.selector, {
      number: version.number,
      isOneOfMany: by.versions.length > 1,
    });
  };
  return {
    row: (row) => ({
      consumer: describe(row.consumer, row.consumerVersion),
      provider: describe(row.provider, row.providerVersion),
    }),
    integration: ({ consumer, provider }) => ({
      consumer: describe(consumer, undefined),
      provider: describe(provider, undefined),
    }),
  };
}

/** With one candidate it is named; with several nobody can say which one is missing. */
function describeUnknown(name: string, own: readonly ResolvedSelector[]): string {
  const [first, second] = own;
  if (first === undefined || second !== undefined || first.versions === 'any') {
    return `any version of ${name}`;
  }
  const [version, another] = first.versions;
  if (another !== undefined) return `any version of ${name}`;
  return describeSelector(
    first.selector,
    version === undefined ? undefined : { number: version.number, isOneOfMany: false },
  );
}
