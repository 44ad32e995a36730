// Runs on SQLite and on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../database/database.ts';
import { type FindingSighting, FindingStore } from '../finding-store.ts';
import type { FindingSources } from '../open-findings.ts';
import { PromiseBook } from '../promise-book.ts';
import { ProviderContractsInForce } from '../provider-contracts-in-force.ts';
import { FindingEventStore } from './finding-event-store.ts';
import { FindingKeeper } from './finding-keeper.ts';
import { FindingLifeStore } from './finding-life-store.ts';
import { QuietStore } from './quiet-store.ts';

const server = process.env.CONCORDAT_TEST_DATABASE_URL;
const databases = server === undefined ? ['SQLite'] : ['SQLite', 'PostgreSQL'];

interface OwnDatabase {
  readonly url: string | undefined;
  readonly drop: () => Promise<void>;
}

/** Empty, and nobody else's. */
async function createDatabase(kind: string): Promise<OwnDatabase> {
  if (kind === 'SQLite' || server === undefined) {
    return { url: undefined, drop: async () => undefined };
  }
  const run = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  const name = `concordat_${randomUUID().replaceAll('-', '')}`;
  await run(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`DROP DATABASE ${name} WITH (FORCE)`) };
}

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 1) * 1000;

const now = (at: number, asOf = at) => ({ at, asOf });

function seen(id: string, more: Partial<FindingSighting> = {}): FindingSighting {
  return {
    ...{ id, kind: 'uncovered-call', consumer: 'web', provider: 'shop' },
    ...{ environment: 'production', operation: 'GET /carts', calls: 1 },
    ...{ firstSeen: START, lastSeen: START, exemplarTraceId: `trace of ${id}` },
    exemplarCall: '{}',
    details: [{ name: 'status', value: '402' }],
    ...more,
  };
}

describe.each(databases)('findings kept in %s', (kind) => {
  let own: OwnDatabase;
  let dataDir: string;
  let db: Database;
  let store: FindingStore;
  let others: FindingStore;
  let lives: FindingLifeStore;
  let othersLives: FindingLifeStore;

  beforeAll(async () => {
    own = await createDatabase(kind);
    dataDir = await mkdtemp(join(tmpdir(), 'concordat-findings-'));
    db = await openDatabase({ dataDir, databaseUrl: own.url });
    store = new FindingStore(db, 'this hub');
    others = new FindingStore(db, 'other hub');
    lives = new FindingLifeStore(db, 'this hub');
    othersLives = new FindingLifeStore(db, 'other hub');
  });
  afterAll(async () => {
    await db.destroy();
    await rm(dataDir, { recursive: true });
    await own.drop();
  });

  const historyOf = async (id: string) =>
    (await new FindingEventStore(db).history(id)).map((event) => event.kind);
  const recordOf = async (id: string) => (await store.all()).find((record) => record.id === id);

  test('two hubs that see the same at once open one finding, and add up', async () => {
    const sightings = [store, others, store, others, others].map((hub, index) =>
      hub.add(seen('both', { lastSeen: START + index, exemplarTraceId: `t${index}` }), now(START)),
    );
    await Promise.all(sightings);
    expect(await historyOf('both')).toEqual(['opened']);
    expect(await recordOf('both')).toMatchObject({
      ...{ calls: 5, firstSeen: START, lastSeen: START + 4, openedAt: START },
      details: [{ name: 'status', value: '402' }],
    });
  });

  test('being seen again is told now and then, and of the traces the latest few are kept', async () => {
    for (let minute = 0; minute <= 25; minute += 5) {
      const at = START + minute * MINUTE;
      await store.add(seen('often', { lastSeen: at, exemplarTraceId: `t${minute}` }), now(at));
    }
    expect(await historyOf('often')).toEqual(['opened', 're-seen', 're-seen']);
    expect((await recordOf('often'))?.exemplars).toEqual(['t25', 't20', 't15', 't10', 't5']);
    await store.add(seen('often'), now(START + 48 * HOUR));
    expect(await historyOf('often')).toEqual(['opened', 're-seen']);
  });

  test('a resolved one is opened again by what is seen, with its first opening kept', async () => {
    await store.add(seen('back'), now(START));
    expect(await lives.resolve(['back', 'back'], { at: START + 1, resolution: 'agrees' })).toBe(1);
    await store.add(seen('back'), now(START + MINUTE));
    expect(await historyOf('back')).toEqual(['opened', 'resolved', 'reopened']);
    expect(await recordOf('back')).toMatchObject({ openedAt: START, resolvedAt: undefined });
  });

  test('what another hub has just resolved is not opened again by older contracts', async () => {
    await store.add(seen('stale'), now(START));
    await othersLives.resolve(['stale'], { at: START + SECOND, resolution: 'agrees' });
    await store.add(seen('stale'), now(START + 30 * SECOND, START));
    expect(await recordOf('stale')).toMatchObject({ resolvedAt: START + SECOND, calls: 2 });
    await store.add(seen('stale'), now(START + 31 * SECOND, START + SECOND));
    expect(await historyOf('stale')).toEqual(['opened', 'resolved', 'reopened']);
  });

  test('what was concluded is turned by one hub at a time', async () => {
    const found = seen('concluded', { kind: 'not-seen', exemplarCall: '', details: [] });
    const at = (seconds: number, asOf = seconds) => ({
      ...now(START + seconds * SECOND, START + asOf * SECOND),
      ...{ said: '{}', resolution: 'agrees' as const },
    });
    expect(await others.conclude(found, at(10))).toBe(true);
    expect(await lives.resolve(['concluded'], at(30, 9))).toBe(0);
    expect(await lives.resolve(['concluded'], at(31, 10))).toBe(1);
    expect(await others.conclude(found, at(40, 30))).toBe(false);
    expect(await store.conclude(found, at(41, 30))).toBe(true);
    await store.tellAgain(found, at(92));
    await store.tellAgain(found, at(700));
    expect(await historyOf('concluded')).toEqual(['opened', 'resolved', 'reopened', 're-seen']);
  });

  test('an acknowledgement ends at its time, once', async () => {
    await store.add(seen('let be'), now(START));
    const until = START + HOUR;
    const said = { by: 'ada', reason: 'known', at: START };
    expect(await lives.acknowledge('let be', { ...said, until })).toBe(true);
    expect(await lives.acknowledge('nothing', { ...said, until })).toBe(false);
    expect(await lives.expire(START + HOUR - 1)).toBe(0);
    const ended = [lives, othersLives].map((each) => each.expire(START + HOUR));
    expect((await Promise.all(ended)).sort()).toEqual([0, 1]);
    expect(await lives.unacknowledge('let be', { by: 'ada', at: START })).toBe(false);
    expect(await historyOf('let be')).toEqual([
      ...['opened', 'acknowledged', 'acknowledgement-expired'],
    ]);
  });

  test('what is no longer seen while its edge is busy is resolved; a silent edge takes longer', async () => {
    await db.deleteFrom('findings').execute();
    let time = START;
    const keeper = new FindingKeeper({
      ...{ findings: store, lives, quiet: new QuietStore(db) },
      floor: { minimumCalls: 20, minimumWindowSeconds: 0 },
      quietMs: 86_400_000,
      now: () => new Date(time / 1000),
    });
    const sources: FindingSources = {
      book: new PromiseBook({
        ...{ pairs: new Map(), recorded: [], environments: [], pacticipants: [] },
        providerContracts: new ProviderContractsInForce([]),
      }),
      traffic: {
        ...{ edges: new Map(), totals: new Map(), environments: new Map() },
        ...{ usage: new Map(), starts: new Map() },
      },
      floor: { minimumCalls: 20, minimumWindowSeconds: 0 },
      versions: [],
    };
    await store.add(seen('busy'), now(START));
    await store.add(seen('silent', { consumer: 'app' }), now(START));
    await store.add(seen('event', { kind: 'undeclared-event', consumer: '' }), now(START));
    const minute = Math.floor(START / MINUTE) + 60;
    const names = { provider: 'shop', environment: 'production', operation: '', status: '200' };
    const rest = { consumer_version: '', provider_version: '', bucket: minute, failed: 0 };
    const counts = { calls: 20, sampled: 20, decided: 20, duration_micros: 0, timed: 0 };
    const times = { first_seen: START, last_seen: START, exemplar_trace_id: '' };
    const row = {
      ...names,
      ...rest,
      ...counts,
      ...times,
      consumer_virtual: 0,
      provider_virtual: 0,
    };
    await db
      .insertInto('call_counts')
      .values([
        { ...row, consumer: 'web', transport: 'http' },
        { ...row, consumer: 'mail', transport: 'message' },
      ])
      .execute();
    const open = async () => (await keeper.current(sources)).map(({ id }) => id).sort();
    time = START + 23 * HOUR;
    expect(await open()).toEqual(['busy', 'event', 'silent']);
    time = START + 25 * HOUR;
    expect(await open()).toEqual(['silent']);
    expect(await recordOf('busy')).toMatchObject({ resolution: 'no-longer-seen' });
    time = START + 31 * 24 * HOUR;
    expect(await open()).toEqual([]);
    expect((await keeper.all(sources)).map(({ life }) => life.state)).toEqual([
      ...['resolved', 'resolved', 'resolved'],
    ]);
  });
});
