import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Resolves when the database answers a query; its own error otherwise. */
export async function databaseAnswers(db: Database): Promise<void> {
  await sql`select 1`.execute(db);
}
