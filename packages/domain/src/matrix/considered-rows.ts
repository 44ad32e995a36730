import type { JudgedRow, MatrixRow } from './matrix-row.ts';
import type { MatrixDestination, ResolvedSelector } from './matrix-selector.ts';

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

/** The facts, sorted by what they mean for the verdict. */
export interface ConsideredRows {
  /** All of them, the ignored ones last. */
  readonly judged: readonly JudgedRow[];
  /** Those that count. */
  readonly rows: readonly JudgedRow[];
  readonly failed: readonly JudgedRow[];
  /** Failed, but only where the pact says that it may: they count as successes. */
  readonly pendingFailures: readonly JudgedRow[];
  readonly unverified: readonly JudgedRow[];
  /** Selectors that were asked for and find no version; nothing else is missing then. */
  readonly absent: readonly ResolvedSelector[];
  readonly withoutRow: readonly Integration[];
}

/** Sorts out what is ignored, and the rest by its outcome. */
export function considerRows(facts: MatrixFacts): ConsideredRows {
  const judged = markIgnored(facts.rows, facts.ignored);
  const rows = judged.filter((row) => !row.isIgnored);
  const failures = rows.filter((row) => row.verification?.success === false);
  const absent = absentSelectors(facts);
  return {
    judged,
    rows,
    failed: failures.filter((row) => row.verification?.isPendingFailure !== true),
    pendingFailures: failures.filter((row) => row.verification?.isPendingFailure === true),
    unverified: rows.filter((row) => row.verification === undefined),
    absent,
    withoutRow: absent.length > 0 ? [] : integrationsWithoutRow(facts, rows),
  };
}

/** The row with whether it is to be ignored; ignored ones go to the end. */
export function markIgnored(
  rows: readonly MatrixRow[],
  ignored: readonly IgnoreSelector[],
): readonly JudgedRow[] {
  const judged = rows.map((row) => ({ ...row, isIgnored: isIgnoredRow(row, ignored) }));
  return [...judged.filter((row) => !row.isIgnored), ...judged.filter((row) => row.isIgnored)];
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
