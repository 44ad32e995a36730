import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { LibsqlDatabase } from './libsql-database.ts';

const sqliteFiles = new WeakMap<Database, LibsqlDatabase>();

/** To be told once for each database that lives in SQLite. */
export function livesIn(db: Database, file: LibsqlDatabase): void {
  sqliteFiles.set(db, file);
}

/**
 * Names the state of everything that decisions are drawn from: while the text is the same nothing has changed, whoever writes. The
 * other way round says nothing: on PostgreSQL every writing makes another text. An answer belongs to a state when that was named
 * before its first query and is still the same after the last.
 */
export async function contractState(db: Database): Promise<string> {
  const file = sqliteFiles.get(db);
  if (file !== undefined) return file.state();
  const { rows } = await sql<{
    state: string;
  }>`select pg_current_snapshot()::text as state`.execute(db);
  return String(rows[0]?.state);
}

/** The same of everything that is stored, traffic too; undefined where asking would cost as much as what it spares. */
export function storedState(db: Database): string | undefined {
  return sqliteFiles.get(db)?.wholeState();
}
