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

/** A hub on an empty database of the kind, which goes away with it. */
export async function startHubOn(
  database: RelationalDatabase,
  env: Readonly<Record<string, string>> = {},
): Promise<TestHub> {
  if (database === 'SQLite' || server === undefined) return startTestHub({ env });
  const name = `concordat_${randomUUID().replaceAll('-', '')}`;
  await run(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const hub = await startTestHub({ env, flags: { databaseUrl: url.href } });
  return {
    ...hub,
    close: async () => {
      await hub.close();
      await run(server, `DROP DATABASE ${name} WITH (FORCE)`);
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
