import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { aContract, aPublication, ask } from './publishing.ts';
import {
  createDatabase,
  type RelationalDatabase,
  relationalDatabases,
} from './relational-databases.ts';
import { startTestHub } from './start-hub.ts';

const PUBLICATIONS = 200;
const WRITERS = 8;
/** The PostgreSQL is that of CONCORDAT_TEST_DATABASE_URL. On SQLite the file has to survive; on PostgreSQL only the hub dies, so fewer kills show as much. */
const KILLS: Readonly<Record<RelationalDatabase, number>> = { SQLite: 20, PostgreSQL: 3 };

interface Place {
  readonly dataDir: string;
  /** Undefined for SQLite. */
  readonly databaseUrl: string | undefined;
}

/** A hub in a process of its own, loaded but not started: to load it takes longer than the whole rest. */
interface LoadedHub {
  readonly child: ChildProcess;
  /** Resolves with the URL when the hub is ready. */
  readonly start: () => Promise<string>;
}

function loadChild({ dataDir, databaseUrl }: Place): LoadedHub {
  const main = fileURLToPath(new URL('./hub-child.ts', import.meta.url));
  const env = databaseUrl === undefined ? {} : { CONCORDAT_DATABASE_URL: databaseUrl };
  const options = ['--import', 'tsx', '--conditions=@concordat/source', main];
  const child = spawn(process.execPath, [...options, dataDir, JSON.stringify(env), 'wait'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  return {
    child,
    start: async () => {
      child.stdin.write('start\n');
      const [url] = await once(lines, 'line');
      return String(url);
    },
  };
}

/** Two pacts, a branch and a tag of one version: more than one row of each kind may be torn from the others. */
async function publish(url: string, version: string): Promise<boolean> {
  const content = `{"interactions":[{"description":"of ${version}"}]}`;
  const contracts = ['shop', 'till'].map((providerName) => aContract({ providerName }, content));
  const body = aPublication({ pacticipantVersionNumber: version, contracts, tags: ['dev'] });
  try {
    const response = await fetch(`${url}/contracts/publish`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/hal+json' },
      body: JSON.stringify(body),
    });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** Publishes with several writers and kills the hub after so many answers; resolves with the versions acknowledged. */
async function publishUntilKilled(
  { child, start }: LoadedHub,
  { round, answers }: { readonly round: number; readonly answers: number },
): Promise<readonly string[]> {
  const url = await start();
  const acknowledged: string[] = [];
  const write = async (writer: number): Promise<void> => {
    for (let count = 0; count < PUBLICATIONS / WRITERS; count += 1) {
      const version = `${round}.${writer}.${count}`;
      if (!(await publish(url, version))) return;
      acknowledged.push(version);
      if (acknowledged.length === answers) child.kill('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return acknowledged;
}

test.each(relationalDatabases)(
  'what a hub acknowledged is there, whole, after kill -9 in the middle of writing to %s',
  async (database) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'concordat-crash-'));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    const own = await createDatabase(database);
    onTestFinished(own.drop);
    const place = { dataDir, databaseUrl: own.url };
    const acknowledged: string[] = [];
    const kills = KILLS[database];
    let next = loadChild(place);
    onTestFinished(() => void next.child.kill('SIGKILL'));
    for (let round = 0; round < kills; round += 1) {
      const hub = next;
      next = loadChild(place);
      // From the first answers to the last: each time the hub is at another place in its work.
      const answers = 1 + Math.floor((round * (PUBLICATIONS - WRITERS - 1)) / (kills - 1));
      acknowledged.push(...(await publishUntilKilled(hub, { round, answers })));
    }
    expect(acknowledged.length).toBeGreaterThan((kills * PUBLICATIONS) / 3);
    const flags = own.url === undefined ? { dataDir } : { dataDir, databaseUrl: own.url };
    const hub = await startTestHub({ flags });
    onTestFinished(() => hub.close());
    const stored = await storedVersions(hub);
    expect(acknowledged.filter((version) => !stored.has(version))).toEqual([]);
    const whole = { pacts: 2, tags: ['dev'], branches: ['main'] };
    for (const [version, shown] of stored) expect([version, shown]).toEqual([version, whole]);
    for (const version of nearKills(stored.keys())) {
      for (const provider of ['shop', 'till']) {
        const path = `/pacts/provider/${provider}/consumer/web/version/${version}`;
        const pact = await ask(hub, `GET ${path}`);
        expect(pact.body?.interactions?.[0]?.description).toBe(`of ${version}`);
      }
    }
  },
  600_000,
);

/** The last versions of every writer in every round. */
function nearKills(versions: Iterable<string>): readonly string[] {
  const byWriter = new Map<string, string>();
  for (const version of versions) {
    const writer = version.slice(0, version.lastIndexOf('.'));
    const known = byWriter.get(writer);
    if (known === undefined || countOf(known) < countOf(version)) byWriter.set(writer, version);
  }
  return [...byWriter.values()];
}

function countOf(version: string): number {
  return Number(version.split('.').at(-1));
}

async function storedVersions(
  hub: Awaited<ReturnType<typeof startTestHub>>,
): Promise<ReadonlyMap<string, object>> {
  const stored = new Map<string, object>();
  for (let page = 1; ; page += 1) {
    const { body } = await ask(hub, `GET /pacticipants/web/versions?page=${page}&size=500`);
    const { versions } = body._embedded;
    for (const { number, _embedded, _links } of versions) {
      stored.set(number, {
        pacts: _links['pb:pact-versions'].length,
        tags: _embedded.tags.map((tag: { name: string }) => tag.name),
        branches: _embedded.branchVersions.map((branch: { name: string }) => branch.name),
      });
    }
    if (versions.length < 500) return stored;
  }
}
