import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import { livesIn } from './contract-state.ts';
import { LibsqlDatabase } from './libsql-database.ts';
import { migrate } from './migrate.ts';
import type { Dialect } from './migration.ts';
import { migrations } from './migrations.ts';
import { postgresPool } from './postgres-pool.ts';
import type { Tables } from './tables.ts';

/** The relational database, or a transaction on it. Inside `transact` use only what it hands over: SQLite has one connection. */
export type Database = Kysely<Tables>;

/**
 * Opens `concordat.db` in `dataDir`, or the PostgreSQL of `databaseUrl`, with every migration applied. `destroy()` of
 * the answer closes it.
 */
export async function openDatabase(options: {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
}): Promise<Database> {
  const db = await open(options);
  const dialect: Dialect = options.databaseUrl === undefined ? 'sqlite' : 'postgres';
  try {
    await migrate(db as unknown as Kysely<unknown>, { dialect, migrations, now: new Date() });
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}

async function open(options: {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
}): Promise<Database> {
  if (options.databaseUrl !== undefined) {
    const pool = await postgresPool(options.databaseUrl);
    return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  }
  mkdirSync(options.dataDir, { recursive: true });
  return openSqlite(options.dataDir);
}

/** A further connection to the SQLite file of a hub that runs; for reading beside it. */
export function openSqlite(dataDir: string): Database {
  const file = new LibsqlDatabase(join(dataDir, 'concordat.db'));
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: file }) });
  livesIn(db, file);
  return db;
}
