import type { MatrixRow } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { NUMBER_OFFSET } from './matrix-row-store.ts';

const ASKED_AT_ONCE = 500;

/** Marks failed results in which nothing failed but what the pact says may fail; asks the database only when something failed. */
export async function markPendingFailures(
  rows: readonly MatrixRow[],
  db: Database,
): Promise<readonly MatrixRow[]> {
  const failed = rows.flatMap(({ verification }) =>
    verification?.success === false ? verification.number - NUMBER_OFFSET : [],
  );
  const pending = new Set<number>();
  for (let start = 0; start < failed.length; start += ASKED_AT_ONCE) {
    const ids = failed.slice(start, start + ASKED_AT_ONCE);
    for (const { id } of await pendingFailures.all(db, { ids })) pending.add(id + NUMBER_OFFSET);
  }
  if (pending.size === 0) return rows;
  return rows.map((row) => {
    const { verification } = row;
    if (verification === undefined || !pending.has(verification.number)) return row;
    return { ...row, verification: { ...verification, isPendingFailure: true } };
  });
}

const pendingFailures = statement((db, { ids }: { readonly ids: readonly number[] }) =>
  db
    .selectFrom('pending_failures')
    .select('verification_id as id')
    .where('verification_id', 'in', ids),
);
