import type { Acceptance, TrafficEvidence } from '@concordat/api';
import { timeAgo } from '@concordat/domain';

const SIGNS = {
  broken: '✕',
  'potentially-affected': '▲',
  unaffected: '✓',
  'no-evidence': '?',
} as const;

type Row = TrafficEvidence['rows'][number];

/** What traffic says about each obstacle, for people; it is beside the verdict and no part of it. */
export function describeEvidence(evidence: TrafficEvidence, now: Date): string {
  const { environment, since, verdict, rows } = evidence;
  const where = `Traffic in ${environment} since ${since}`;
  if (verdict === null) return `${where}: nothing is in the way.`;
  return [`${where}:`, ...rows.flatMap((row) => describeRow(row, now))].join('\n');
}

function describeRow(row: Row, now: Date): readonly string[] {
  const { verdict, sentences, interactions, override } = row;
  const used = interactions.filter((each) => each.verdict === verdict);
  const [use] = used.flatMap(({ usedBy }) => usedBy);
  return [
    `  ${SIGNS[verdict]} ${verdict}  ${sidesOf(row)}`,
    ...sentences.map((sentence) => `      ${sentence}`),
    ...(use === undefined
      ? []
      : [`      last seen ${timeAgo(new Date(use.lastSeen), now)}, trace ${use.exemplarTraceId}`]),
    ...(override === null ? [] : [`      ${describeOverride(override)}`]),
  ];
}

function sidesOf({ text, consumer, provider }: Row): string {
  if (consumer === null || provider === null) return text;
  return [consumer, provider]
    .map(({ name, version }) => (version === null ? name : `${name} ${version}`))
    .join(' → ');
}

function describeOverride(override: NonNullable<Row['override']>): string {
  return `override of ${override.by} until ${override.until}: ${override.reason}`;
}

/** Whether and why the version may go in spite of the strict answer. */
export function describeAcceptance({ accepted, rows }: Acceptance): string {
  if (!accepted) {
    const left = rows.filter(({ acceptedBy }) => acceptedBy === null).length;
    return `✕ not accepted: ${left} of ${rows.length} obstacles are not excused.`;
  }
  return [
    '✓ accepted in spite of the answer above, as the audit log says now:',
    ...rows.map(({ text, override }) =>
      override === null
        ? `  unaffected by traffic: ${text}`
        : `  ${describeOverride(override)}\n    ${text}`,
    ),
  ].join('\n');
}
