import type { FindingResource } from '@concordat/api';

/** Two lines for people: what it is about, and the hub's sentence; a third for who lets it be. */
export function describeFinding(finding: FindingResource): string {
  const { id, kind, consumer, provider, operation, exemplarTraceId, sentence } = finding;
  const peers = consumer === null ? provider : `${consumer} → ${provider}`;
  const trace = exemplarTraceId === null ? '' : `  trace ${exemplarTraceId}`;
  const head = [kind, peers, operation].filter(Boolean).join('  ');
  return `${signOf(finding)} ${head}${trace}  id ${id}\n    ${sentence}${acknowledgedBy(finding)}`;
}

function signOf({ state }: FindingResource): string {
  if (state === 'resolved') return '✓';
  return state === 'acknowledged' ? '○' : '▲';
}

function acknowledgedBy({ acknowledgement }: FindingResource): string {
  if (acknowledgement === null) return '';
  const { by, reason, until } = acknowledgement;
  return `\n    acknowledged by ${by}${until === null ? '' : ` until ${until}`}: ${reason}`;
}
