import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { startTestHub, type TestHub } from './start-hub.ts';

const server = process.env.CONCORDAT_TEST_DATABASE_URL;

export type RelationalDatabase = 'SQLite' | 'PostgreSQL';

/**
 * What a suite runs on: SQLite always, and the PostgreSQL of CONCORDAT_TEST_DATABASE_URL when there is one. A test file
 * that uses this must name the variable itself, for the run to start the server.
 */
export const relationalDatabases: readonly RelationalDatabase[] =
  server === undefined ? ['SQLite'] : ['SQLite', 'PostgreSQL'];

/** A database of its own, empty; `url` is undefined for SQLite, which lives in the hub's data folder. */
export interface OwnDatabase {
  readonly url: string | undefined;
  readonly drop: () => Promise<void>;
}

export async function createDatabase(database: RelationalDatabase): Promise<OwnDatabase> {
  if (database === 'SQLite' || server === undefined) {
    return { url: undefined, drop: async () => undefined };
  }
  const name = `concordat_${randomUUID().replaceAll('-', '')}`;
  await run(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(server, `DROP DATABASE ${name} WITH (FORCE)`) };
}

/** A hub on an empty database of the kind, which goes away with it. */
export async function startHubOn(
  database: RelationalDatabase,
  env: Readonly<Record<string, string>> = {},
): Promise<TestHub> {
  const { url, drop } = await createDatabase(database);
  const hub = await startTestHub({ env, flags: url === undefined ? {} : { databaseUrl: url } });
  return {
    ...hub,
    close: async () => {
      await hub.close();
      await drop();
    },
  };
}

async function run(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
