import type { FindingResource } from '@concordat/api';

/** Two lines for people: what it is about, and the hub's sentence. */
export function describeFinding(finding: FindingResource): string {
  const { kind, consumer, provider, operation, exemplarTraceId, sentence } = finding;
  const peers = consumer === null ? provider : `${consumer} → ${provider}`;
  const trace = exemplarTraceId === null ? '' : `  trace ${exemplarTraceId}`;
  return `▲ ${[kind, peers, operation].filter(Boolean).join('  ')}${trace}\n    ${sentence}`;
}
