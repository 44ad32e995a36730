import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import { preparedName } from './prepared-names.ts';

const INT8 = 20;
const CONNECTIONS = 10;

/**
 * Connections to a PostgreSQL as Kysely wants them. Counts come back as numbers, as they do from SQLite; ours stay far below 2^53.
 * A NUL in a text, which PostgreSQL has no place for, is stored as U+FFFD. A text with a prepared name is parsed and planned once for each connection.
 */
export async function postgresPool(connectionString: string): Promise<PostgresPool> {
  // Loaded for PostgreSQL only: a hub on SQLite starts without it.
  const { default: postgres } = await import('pg');
  const pool = new postgres.Pool({
    connectionString,
    max: CONNECTIONS,
    types: {
      getTypeParser: (id: number, format?: 'text' | 'binary') =>
        id === INT8 ? Number : postgres.types.getTypeParser(id, format as 'text'),
    },
  });
  // An idle connection that the server drops is replaced on the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  return {
    connect: async () => preparing(await pool.connect()),
    end: () => pool.end(),
  };
}

function preparing(client: pg.PoolClient): PostgresPoolClient {
  const query = (text: string, values: readonly unknown[]) => {
    const name = preparedName(text);
    const storable = values.map(withoutNul);
    return client.query({ text, values: storable, ...(name === undefined ? {} : { name }) });
  };
  return {
    query: query as unknown as PostgresPoolClient['query'],
    release: () => client.release(),
  };
}

function withoutNul(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0')
    ? value.replaceAll('\0', '\uFFFD')
    : value;
}
