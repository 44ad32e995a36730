import { readFileSync } from 'node:fs';
import pg from 'pg';
import { installMissing } from '../services/install.ts';
import { postgresql, startPostgresql } from '../services/postgresql.ts';

export interface BenchServer {
  readonly url: string;
  /** Its main process, parent of those that serve connections; undefined when it runs on another machine. */
  readonly pid: number | undefined;
  readonly stop: () => Promise<void>;
}

/** A PostgreSQL with a database for this run: the one that is reachable, else one of our own; undefined without either. */
export async function startBenchServer(): Promise<BenchServer | undefined> {
  const given = process.env[postgresql.variable];
  if (given !== undefined && given !== '') return emptyDatabase(given);
  if (!postgresql.isInstalled() && process.env.CI === 'true') installMissing([postgresql]);
  if (!postgresql.isInstalled()) return undefined;
  // Durable, as in production: a publication that is answered is on the disk.
  const own = await startPostgresql([]);
  const { url, pid } = await emptyDatabase(own.value);
  return { url, pid, stop: own.stop };
}

async function emptyDatabase(server: string): Promise<BenchServer> {
  const name = `concordat_bench_${process.pid}`;
  const pid = await connected(server, async (client) => {
    await client.query(`CREATE DATABASE ${name}`);
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    return parentOf(Number(rows[0]?.pid));
  });
  const url = new URL(server);
  url.pathname = `/${name}`;
  const drop = (client: pg.Client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`);
  return {
    url: url.href,
    pid,
    stop: async () => {
      await connected(server, drop);
    },
  };
}

async function connected<T>(
  connectionString: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
  } catch {
    return undefined;
  }
}
