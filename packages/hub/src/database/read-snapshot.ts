import type { Database } from './database.ts';
import { openSqlite } from './database.ts';

/**
 * Runs `work` on one consistent state of the database, which others go on writing meanwhile: on SQLite by a connection of
 * its own, because the hub has only one; on PostgreSQL in a repeatable-read transaction.
 */
export async function readSnapshot<T>(
  place: {
    readonly db: Database;
    readonly dataDir: string;
    readonly databaseUrl: string | undefined;
  },
  work: (snapshot: Database) => Promise<T>,
): Promise<T> {
  if (place.databaseUrl !== undefined) {
    return place.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(work);
  }
  const reader = openSqlite(place.dataDir);
  try {
    return await reader.transaction().execute(work);
  } finally {
    await reader.destroy();
  }
}
