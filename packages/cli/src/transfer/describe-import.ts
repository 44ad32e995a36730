import type { TransferResult } from '@concordat/api';
import { formatTable } from '../terminal/table.ts';

/** What an import has done, as a table, and what is left to do by hand. */
export function describeImport(result: TransferResult): string {
  const rows = Object.entries(result.tallies).map(([type, tally]) => [
    type,
    String(tally.created),
    String(tally.updated),
    String(tally.unchanged),
    String(tally.skipped),
  ]);
  const table = formatTable(['record', 'created', 'updated', 'unchanged', 'skipped'], rows);
  const webhooks = result.webhooksWithoutSecrets.map(
    ({ uuid, description, redacted }) => `  ${description} (${uuid}): ${redacted.join(', ')}`,
  );
  const missing = ['', 'Enter again, because the source did not tell these secrets:', ...webhooks];
  return [
    `✓ ${result.records} records are imported.`,
    table,
    ...(webhooks.length === 0 ? [] : missing),
  ].join('\n');
}
