import { PostgresAdapter, sql } from 'kysely';
import type { Database } from '../database/database.ts';

/**
 * Keeps every other writer of contracts out until the transaction ends, readers not: what the import has found missing must
 * still be missing when it writes it. On SQLite a transaction does that by itself.
 */
export async function lockForImport(tx: Database): Promise<void> {
  if (!(tx.getExecutor().adapter instanceof PostgresAdapter)) return;
  const tables = [
    'pacticipants',
    'environments',
    'versions',
    'branches',
    'branch_versions',
    'tags',
    'labels',
    'integrations',
    'pact_versions',
    'pact_publications',
    'verifications',
    'deployed_versions',
    'released_versions',
    'webhooks',
    'provider_contract_documents',
    'provider_contracts',
    'tokens',
  ].map((table) => sql.table(table));
  await sql`lock table ${sql.join(tables)} in share row exclusive mode`.execute(tx);
}
