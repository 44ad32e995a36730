import type { NumberedVersion } from './matrix-selector.ts';

/** One pair of a published pact and a verification of its content; without a verification when no picked provider version has one. */
export interface MatrixRow {
  readonly consumer: { readonly id: number; readonly name: string };
  readonly consumerVersion: NumberedVersion;
  readonly provider: { readonly id: number; readonly name: string };
  readonly providerVersion: NumberedVersion | undefined;
  readonly sha: string;
  readonly revision: number;
  /** UTC text, as stored. */
  readonly publishedAt: string;
  readonly verification: MatrixVerification | undefined;
}

export interface MatrixVerification {
  readonly number: number;
  readonly success: boolean;
  /** True when it failed, but only where the pact says that it may. */
  readonly isPendingFailure?: boolean;
  /** UTC text, as stored. */
  readonly verifiedAt: string;
}

/** A row of the answer; an ignored one is shown last and decides nothing. */
export type JudgedRow = MatrixRow & { readonly isIgnored: boolean };

/** Latest by consumer version and provider version, by consumer version and provider, or by consumer and provider. */
export type LatestBy = 'cvpv' | 'cvp' | 'cp';

/** Consumer by name, its newest version first, provider by name, its newest version first, the newest result first. */
export function inMatrixOrder(rows: readonly MatrixRow[]): readonly MatrixRow[] {
  return [...rows].sort(
    (a, b) =>
      compareText(a.consumer.name, b.consumer.name) ||
      b.consumerVersion.id - a.consumerVersion.id ||
      b.revision - a.revision ||
      compareText(a.provider.name, b.provider.name) ||
      (b.providerVersion?.id ?? 0) - (a.providerVersion?.id ?? 0) ||
      (b.verification?.number ?? 0) - (a.verification?.number ?? 0),
  );
}

/** The rows where something happened last, at most `limit`. */
export function mostRecent(rows: readonly MatrixRow[], limit: number): readonly MatrixRow[] {
  if (rows.length <= limit) return rows;
  return [...rows].sort((a, b) => compareText(lastAction(b), lastAction(a))).slice(0, limit);
}

/** Of rows that agree in what `latestBy` names, the one of the newest provider version; rows come in matrix order. */
export function keepLatest(rows: readonly MatrixRow[], latestBy: LatestBy): readonly MatrixRow[] {
  const kept = new Map<string, MatrixRow>();
  for (const row of rows) {
    const key = groupOf(row, latestBy);
    const held = kept.get(key);
    if (held === undefined || isNewer(row, held)) kept.set(key, row);
  }
  return [...kept.values()];
}

function isNewer(row: MatrixRow, held: MatrixRow): boolean {
  if (row.providerVersion === undefined || held.providerVersion === undefined) return false;
  return row.providerVersion.id > held.providerVersion.id;
}

function groupOf(row: MatrixRow, latestBy: LatestBy): string {
  const pair = `${row.consumer.id} ${row.provider.id}`;
  switch (latestBy) {
    case 'cp':
      return pair;
    case 'cvp':
      return `${pair} ${row.consumerVersion.id}`;
    case 'cvpv':
      return `${pair} ${row.consumerVersion.id} ${row.providerVersion?.id}`;
  }
}

function lastAction(row: MatrixRow): string {
  return row.verification?.verifiedAt ?? row.publishedAt;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
