import { SqliteAdapter } from 'kysely';
import type { Database } from './database.ts';
import { SharedTransactions } from './shared-transactions.ts';

const ATTEMPTS = 8;

/** What PostgreSQL says when somebody else wrote at the same time: order, deadlock, a row that came, a row that went. */
const SPOILED = new Set(['40001', '40P01', '23505', '23503']);

const shared = new WeakMap<Database, SharedTransactions>();

/**
 * Runs `work` in one transaction and answers what it answers once that is safe on the disk; when it throws, nothing of it stays.
 * Use only the given `tx` inside: on SQLite the outer database waits for the same connection. Where another hub's writing at
 * the same time spoils it, it is run once more from the start, so it must change nothing but the database.
 */
export function transact<T>(db: Database, work: (tx: Database) => Promise<T>): Promise<T> {
  return db.getExecutor().adapter instanceof SqliteAdapter
    ? sharedOn(db).run(work)
    : transactAlone(db, work);
}

function sharedOn(db: Database): SharedTransactions {
  const known = shared.get(db) ?? new SharedTransactions(db);
  shared.set(db, known);
  return known;
}

async function transactAlone<T>(db: Database, work: (tx: Database) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt === ATTEMPTS || !isSpoiled(error)) throw error;
    }
  }
}

function isSpoiled(error: unknown): boolean {
  return error instanceof Error && 'code' in error && SPOILED.has(String(error.code));
}
