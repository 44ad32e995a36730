import type { FindingResource } from '@concordat/api';
import { findingKinds } from './finding-kinds.ts';

export interface FindingFilter {
  /** Empty: any. */
  readonly kind: string;
  readonly consumer: string;
  readonly provider: string;
  readonly text: string;
}

/** Reads `kind`, `consumer`, `provider` and `q` of the address. */
export function readFindingFilter(query: URLSearchParams): FindingFilter {
  return {
    kind: query.get('kind') ?? '',
    consumer: query.get('consumer') ?? '',
    provider: query.get('provider') ?? '',
    text: query.get('q') ?? '',
  };
}

/** The findings that pass, the newest first: an order that traffic does not change while somebody reads or types. */
export function filterFindings(
  findings: readonly FindingResource[],
  filter: FindingFilter,
): readonly FindingResource[] {
  const text = filter.text.trim().toLowerCase();
  return findings
    .filter(
      (finding) =>
        (filter.kind === '' || finding.kind === filter.kind) &&
        (filter.consumer === '' || finding.consumer === filter.consumer) &&
        (filter.provider === '' || finding.provider === filter.provider) &&
        (text === '' || searchable(finding).includes(text)),
    )
    .sort((a, b) => Date.parse(b.openedAt) - Date.parse(a.openedAt) || (a.id < b.id ? -1 : 1));
}

/** The kinds that occur with their number, in the order of `findingKinds`. */
export function countKinds(
  findings: readonly FindingResource[],
): readonly (readonly [kind: FindingResource['kind'], label: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const { kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return findingKinds.flatMap(([kind, label]) => {
    const count = counts.get(kind);
    return count === undefined ? [] : [[kind, label, count] as const];
  });
}

/** The names that occur on one side, sorted. */
export function peersOf(
  findings: readonly FindingResource[],
  side: 'consumer' | 'provider',
): string[] {
  return [...new Set(findings.map((finding) => finding[side] ?? ''))]
    .filter((name) => name !== '')
    .sort();
}

function searchable(finding: FindingResource): string {
  const { kind, consumer, provider, operation, environment, sentence } = finding;
  return [kind, consumer, provider, operation, environment, sentence].join('\n').toLowerCase();
}
