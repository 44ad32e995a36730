import type { Database } from './database.ts';

/**
 * Runs `work` in one transaction and answers what it answers; when it throws, nothing of it stays. Use only the given
 * `tx` inside: on SQLite the outer database waits for the same connection.
 */
export function transact<T>(db: Database, work: (tx: Database) => Promise<T>): Promise<T> {
  return db.transaction().execute(work);
}
