import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KEEPS_NOTHING, startBuiltHub } from './built-hub.ts';
import { cpuMillis } from './cpu-time.ts';
import { startBenchServer } from './postgresql-server.ts';

const run = promisify(execFile);
const cases = new URL('../cases/broker-exchanges/', import.meta.url).pathname;
const requests = 600;

/** What `bench.mjs` prints for one operation; milliseconds. */
interface Measured {
  readonly n: number;
  readonly errors: number;
  readonly rps: number;
  readonly p50: number;
  readonly p99: number;
  readonly bytes: number;
  readonly cpuMs: number;
}

type Figures = Readonly<Record<string, Measured>>;

/**
 * The Pact Broker 2.120 (Ruby, PostgreSQL) on the same data and two cores, measured elsewhere with the same programs: the lower end
 * of its CPU time a request, and its median latency.
 */
const published: Readonly<Record<string, { readonly cpuMs: number; readonly p50: number }>> = {
  publish_one_same_content: { cpuMs: 65, p50: 70 },
  for_verification_typical: { cpuMs: 83, p50: 84 },
  can_i_deploy_production: { cpuMs: 60, p50: 62 },
  matrix_pair: { cpuMs: 112, p50: 111 },
};

/** The requests whose answers the hub keeps while nothing changes. */
const KEPT = ['can_i_deploy_production', 'matrix_pair'];

/**
 * Fills a built hub with 60 services and 240 integrations and measures the main requests: on SQLite, where it is started again on
 * that data, and on PostgreSQL when there is one. CPU time includes the database's processes.
 */
export async function benchBroker(): Promise<object> {
  const baseline = 'Pact Broker 2.120, published baseline measured elsewhere';
  const { data, startUp, measured, drawn } = await inFolder(benchSqlite);
  const onPostgresql = await inFolder(benchPostgresql);
  return {
    data,
    startUp,
    baseline,
    sqlite: operations(measured),
    sqliteKeepingNoAnswers: operations(drawn),
    ...(onPostgresql === undefined
      ? { postgresql: 'PostgreSQL is not installed.' }
      : {
          postgresql: operations(onPostgresql),
          cpuOfPostgresqlToSqlite: ratios(onPostgresql, measured),
        }),
  };
}

async function benchSqlite(dataDir: string): Promise<{
  readonly data: object;
  readonly startUp: object;
  readonly measured: Figures;
  /** By a hub that keeps no answers. */
  readonly drawn: Figures;
}> {
  const hub = await startBuiltHub(dataDir);
  const emptyStartToReadyMs = hub.startToReadyMs;
  const { filled, measured } = await fillAndMeasure(hub.url, [hub.pid]).finally(hub.stop);
  const again = await startBuiltHub(dataDir, undefined, KEEPS_NOTHING);
  const idleMegabytes = again.residentMegabytes();
  const drawn = await measure(again.url, [again.pid], KEPT).finally(again.stop);
  const { startToReadyMs } = again;
  return {
    data: filled,
    startUp: { emptyStartToReadyMs, startToReadyMs, idleMegabytes },
    measured,
    drawn,
  };
}

async function benchPostgresql(dataDir: string): Promise<Figures | undefined> {
  const server = await startBenchServer();
  if (server === undefined) return undefined;
  try {
    const hub = await startBuiltHub(dataDir, server.url);
    const pids = [hub.pid, ...(server.pid === undefined ? [] : [server.pid])];
    return (await fillAndMeasure(hub.url, pids).finally(hub.stop)).measured;
  } finally {
    await server.stop();
  }
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'concordat-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fillAndMeasure(
  url: string,
  pids: readonly number[],
): Promise<{ readonly filled: object; readonly measured: Figures }> {
  const filled = JSON.parse(await play('dataset.mjs', ['--base', url]));
  return { filled, measured: await measure(url, pids, Object.keys(published)) };
}

async function measure(
  url: string,
  pids: readonly number[],
  operations: readonly string[],
): Promise<Figures> {
  const measured: [string, Measured][] = [];
  for (const name of operations) {
    await request(name, url, 100);
    const before = cpuMillis(pids);
    const figures = await request(name, url, requests);
    const cpuMs = Math.round(((cpuMillis(pids) - before) / figures.n) * 100) / 100;
    measured.push([name, { ...figures, cpuMs }]);
  }
  return Object.fromEntries(measured);
}

async function request(operation: string, url: string, count: number): Promise<Measured> {
  const sizes = ['--requests', String(count), '--warmup', '0', '--seconds', '30'];
  const printed = await play('bench.mjs', ['--base', url, '--ops', operation, ...sizes]);
  const figures: Measured | undefined = JSON.parse(printed).ops[operation];
  if (figures === undefined) throw new Error(`bench.mjs does not know ${operation}.`);
  return figures;
}

function operations(figures: Figures): object {
  return Object.fromEntries(
    Object.entries(figures).map(([name, each]) => [name, compared(name, each)]),
  );
}

function ratios(dividends: Figures, divisors: Figures): object {
  return Object.fromEntries(
    Object.entries(dividends).map(([name, { cpuMs }]) => {
      const divisor = divisors[name]?.cpuMs ?? Number.NaN;
      return [name, Math.round((cpuMs / divisor) * 100) / 100];
    }),
  );
}

function compared(name: string, figures: Measured): object {
  const { n, errors, rps, p50, p99, bytes, cpuMs } = figures;
  if (errors > 0) throw new Error(`${name}: ${errors} of ${n} requests failed.`);
  const baseline = published[name];
  const ratios =
    baseline === undefined
      ? {}
      : {
          timesLessCpu: Math.round(baseline.cpuMs / cpuMs),
          timesFasterP50: Math.round(baseline.p50 / p50),
        };
  return {
    ...ratios,
    cpuMsPerRequest: cpuMs,
    p50Ms: p50,
    p99Ms: p99,
    requestsPerSecond: rps,
    bytes,
  };
}

async function play(program: string, flags: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [join(cases, program), ...flags], {
    maxBuffer: 10_000_000,
  });
  return stdout;
}
