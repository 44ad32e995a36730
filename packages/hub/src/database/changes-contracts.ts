import type { Tables } from './tables.ts';

/** What no decision is drawn from, and traffic, deliveries and sign-ins write all the time. */
const beside: ReadonlySet<string> = new Set<keyof Tables>([
  'audit_entries',
  'call_counts',
  'clean_claims',
  'clean_runs',
  'dependency_minutes',
  'described_contents',
  'edge_latencies',
  'finding_details',
  'findings',
  'operation_links',
  'operation_minutes',
  'overrides',
  'pact_interactions',
  'running_versions',
  'service_aliases',
  'tokens',
  'triggered_webhooks',
  'usage_counts',
  'watched_promises',
  'webhook_executions',
]);

const READS = /^\s*(?:select|pragma|begin|commit|rollback|savepoint|release)\b/i;
const WRITES_TO = /^\s*(?:insert\s+into|update|delete\s+from)\s+"?(\w+)/i;

/** False for whatever may write. */
export function isReading(statement: string): boolean {
  return READS.test(statement);
}

/** Whether a statement may change what decisions are drawn from; what it cannot read counts as if it did. */
export function changesContracts(statement: string): boolean {
  if (isReading(statement)) return false;
  const table = WRITES_TO.exec(statement)?.[1];
  return table === undefined || !beside.has(table);
}
