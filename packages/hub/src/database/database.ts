import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import type pg from 'pg';
import { LibsqlDatabase } from './libsql-database.ts';
import { migrate } from './migrate.ts';
import type { Dialect } from './migration.ts';
import { migrations } from './migrations.ts';
import type { Tables } from './tables.ts';

/** The relational database, or a transaction on it. Inside `transact` use only what it hands over: SQLite has one connection. */
export type Database = Kysely<Tables>;

const INT8 = 20;

/**
 * Opens `concordat.db` in `dataDir`, or the PostgreSQL of `databaseUrl`, with every migration applied. `destroy()` of
 * the answer closes it.
 */
export async function openDatabase(options: {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
}): Promise<Database> {
  const db = new Kysely<Tables>({ dialect: await dialectOf(options) });
  const dialect: Dialect = options.databaseUrl === undefined ? 'sqlite' : 'postgres';
  try {
    await migrate(db as unknown as Kysely<unknown>, { dialect, migrations, now: new Date() });
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}

async function dialectOf(options: {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
}): Promise<SqliteDialect | PostgresDialect> {
  if (options.databaseUrl !== undefined) {
    return new PostgresDialect({ pool: await postgresPool(options.databaseUrl) });
  }
  mkdirSync(options.dataDir, { recursive: true });
  const database = new LibsqlDatabase(join(options.dataDir, 'concordat.db'));
  return new SqliteDialect({ database });
}

/** Counts come back as numbers, as they do from SQLite; ours stay far below 2^53. */
async function postgresPool(connectionString: string): Promise<pg.Pool> {
  // Loaded for PostgreSQL only: a hub on SQLite starts without it.
  const { default: postgres } = await import('pg');
  const pool = new postgres.Pool({
    connectionString,
    max: 10,
    types: {
      getTypeParser: (id: number, format?: 'text' | 'binary') =>
        id === INT8 ? Number : postgres.types.getTypeParser(id, format as 'text'),
    },
  });
  // An idle connection that the server drops is replaced on the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}
