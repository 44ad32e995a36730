import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCleanPolicy, readCronSchedule } from '@concordat/domain';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../database/database.ts';
import type { DataCleaned } from '../events.ts';
import { CleanRunStore } from './clean-run-store.ts';
import { CleanSchedule } from './clean-schedule.ts';
import { Cleaner } from './cleaner.ts';
import { planClean } from './plan-clean.ts';
import { RemovalStore } from './removal-store.ts';
import { ClaimLostError, removePlanned } from './remove-planned.ts';

const START = Date.parse('2026-11-21T02:00:00.000Z');
const DAY = 86_400_000;

let db: Database;
let dataDir: string;
let time: number;
const logged: [string, string, unknown][] = [];
const told: DataCleaned[] = [];
const now = (): Date => new Date(time);
const log = (level: string, message: string, fields?: unknown): void => {
  logged.push([level, message, fields]);
};

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'concordat-clean-'));
  db = await openDatabase({ dataDir, databaseUrl: undefined });
  time = START;
  logged.length = 0;
  told.length = 0;
});
afterEach(async () => {
  await db.destroy();
  await rm(dataDir, { recursive: true, force: true });
});

function aCleaner(): Cleaner {
  return new Cleaner({
    db,
    now,
    log,
    cleaned: async (event) => {
      told.push(event);
    },
  });
}

/** `web` with versions that are as many days old as their numbers say, and no pacts. */
async function versionsAged(...days: readonly number[]): Promise<readonly number[]> {
  const at = now().toISOString();
  const web = await db
    .insertInto('pacticipants')
    .values({ name: 'web', created_at: at, updated_at: at })
    .returning('id')
    .executeTakeFirstOrThrow();
  const rows = days.map((age) => {
    const created_at = new Date(START - age * DAY).toISOString();
    return { pacticipant_id: web.id, number: `v${age}`, created_at, updated_at: created_at };
  });
  const added = await db.insertInto('versions').values(rows).returning('id').execute();
  return added.map(({ id }) => id);
}

async function numbers(): Promise<readonly string[]> {
  const rows = await db.selectFrom('versions').select('number').orderBy('id').execute();
  return rows.map(({ number }) => number);
}

const request = { policy: defaultCleanPolicy, startedBy: 'ada' };

test('a claim keeps others out until it is released or has run out', async () => {
  const store = new CleanRunStore(db);
  const claim = (holder: string, at: string, until: string): Promise<boolean> =>
    store.claim({ holder, now: at, until });
  expect(await claim('one', '01', '05')).toBe(true);
  expect(await claim('two', '04', '09')).toBe(false);
  expect(await claim('one', '04', '08')).toBe(true);
  expect(await claim('two', '08', '12')).toBe(true);
  expect(await store.prolong('one', '20')).toBe(false);
  await store.release('two', '09');
  expect(await claim('one', '09', '15')).toBe(true);
});

test('a scheduled time is taken once', async () => {
  const store = new CleanRunStore(db);
  const claim = (holder: string, slot: string): Promise<boolean> =>
    store.claim({ holder, now: '01', until: '01', slot });
  expect(await claim('one', 'a')).toBe(true);
  expect(await claim('two', 'a')).toBe(false);
  expect(await claim('one', 'a')).toBe(false);
  expect(await claim('two', 'b')).toBe(true);
});

test('one run at a time: the second is refused until the first is done', async () => {
  await versionsAged(100, 99, 1);
  const [one, other] = [aCleaner(), aCleaner()];
  expect(await one.start(request)).toMatchObject({ status: 'running', startedBy: 'ada' });
  expect(await one.start(request)).toBeUndefined();
  expect(await other.start(request)).toBeUndefined();
  await one.settled();
  expect(await numbers()).toEqual(['v1']);
  expect(told).toMatchObject([{ kind: 'dataCleaned', startedBy: 'ada', versions: 2 }]);
  expect(await other.start(request)).toBeDefined();
  await other.settled();
  expect(told).toHaveLength(1);
});

test('a run of a hub that ended is closed by the next one', async () => {
  const store = new CleanRunStore(db);
  const at = now().toISOString();
  await store.claim({ holder: 'gone', now: at, until: new Date(START + 30_000).toISOString() });
  const run = { uuid: 'x', startedAt: at, startedBy: 'ada', policy: '{}', planned: 'null' };
  await store.add({ ...run, removed: '{}' });
  const cleaner = aCleaner();
  expect(await cleaner.start(request)).toBeUndefined();
  time += 30_000;
  expect(await cleaner.start(request)).toBeDefined();
  await cleaner.settled();
  expect(await store.find('x')).toMatchObject({
    status: 'stopped',
    error: 'The hub ended while it ran.',
  });
});

test('a hub that closes ends its run after a batch and says so', async () => {
  await versionsAged(...Array.from({ length: 300 }, (_, index) => 500 - index), 1);
  const cleaner = aCleaner();
  const run = await cleaner.start(request);
  await cleaner.close();
  expect(await new CleanRunStore(db).find(run?.uuid ?? '')).toMatchObject({ status: 'stopped' });
  expect(await cleaner.start(request)).toBeUndefined();
  expect((await numbers()).length).toBeGreaterThan(200);
});

test('a run that another hub has taken over ends, and what it has removed stays removed', async () => {
  await versionsAged(100, 99, 1);
  const planned = await planClean(request, { db, now: now() });
  const context = { db, runUuid: 'x', prolong: async () => false, isStopped: () => false };
  await expect(removePlanned(planned, context)).rejects.toThrow(ClaimLostError);
  expect(await numbers()).toHaveLength(3);
});

test('a run that fails says why and lets the next one begin', async () => {
  await versionsAged(100, 99, 1);
  await db.schema.alterTable('branch_versions').renameTo('elsewhere').execute();
  const cleaner = aCleaner();
  const run = await cleaner.start(request);
  await cleaner.settled();
  expect(await new CleanRunStore(db).find(run?.uuid ?? '')).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('branch_versions'),
  });
  expect(logged).toMatchObject([['error', expect.stringContaining('failed'), {}]]);
  await db.schema.alterTable('elsewhere').renameTo('branch_versions').execute();
  expect(await cleaner.start(request)).toBeDefined();
  await cleaner.settled();
  expect(await numbers()).toEqual(['v1']);
});

test('what came into use since the decision is spared', async () => {
  const [deployed = 0, tagged = 0, headed = 0, unused = 0] = await versionsAged(99, 98, 97, 96, 1);
  const at = now().toISOString();
  const { id: environment_id } = await db
    .insertInto('environments')
    .values({
      ...{ uuid: 'e', name: 'test', display_name: 'Test', production: 0, is_preset: 0 },
      ...{ created_at: at, updated_at: at },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { pacticipant_id } = await db
    .selectFrom('versions')
    .select('pacticipant_id')
    .where('id', '=', deployed)
    .executeTakeFirstOrThrow();
  const stamped = { pacticipant_id, created_at: at };
  await db
    .insertInto('deployed_versions')
    .values({
      ...{ ...stamped, updated_at: at, uuid: 'd', version_id: deployed, environment_id },
      application_instance: '',
    })
    .execute();
  await db
    .insertInto('tags')
    .values({ ...stamped, updated_at: at, version_id: tagged, name: 'dev' })
    .execute();
  await db
    .insertInto('branches')
    .values({ ...stamped, name: 'feat', head_version_id: headed })
    .execute();
  const store = new RemovalStore(db, at);
  const removed = await store.removeVersions([deployed, tagged, headed, unused]);
  expect(removed.versions).toBe(1);
  expect(await numbers()).toEqual(['v99', 'v98', 'v97', 'v1']);
});

test('contents that were verified or published again since the decision keep both sides', async () => {
  const [publisher = 0, verifier = 0, other = 0, unused = 0] = await versionsAged(
    99,
    98,
    97,
    96,
    1,
  );
  const { pacticipant_id: id } = await db
    .selectFrom('versions')
    .select('pacticipant_id')
    .executeTakeFirstOrThrow();
  const pair = { consumer_id: id, provider_id: id };
  const long_ago = new Date(START - 50 * DAY).toISOString();
  const at = now().toISOString();
  const contents = await db
    .insertInto('pact_versions')
    .values(['a', 'b'].map((sha) => ({ ...pair, sha, created_at: long_ago, content: '{}' })))
    .returning('id')
    .execute();
  const [first = 0, second = 0] = contents.map((content) => content.id);
  const publication = { ...pair, revision_number: 1, is_current: 1 };
  await db
    .insertInto('pact_publications')
    .values([
      {
        ...publication,
        consumer_version_id: publisher,
        pact_version_id: first,
        created_at: long_ago,
      },
      { ...publication, consumer_version_id: other, pact_version_id: second, created_at: at },
    ])
    .execute();
  const result = { ...pair, success: 1, is_wip: 0, is_latest: 1 };
  await db
    .insertInto('verifications')
    .values([
      { ...result, provider_version_id: other, pact_version_id: first, created_at: at },
      { ...result, provider_version_id: verifier, pact_version_id: second, created_at: long_ago },
    ])
    .execute();
  const store = new RemovalStore(db, at);
  expect((await store.removeVersions([publisher, verifier, unused])).versions).toBe(1);
  expect(await numbers()).toEqual(['v99', 'v98', 'v97', 'v1']);
});

test('on schedule a run starts once its time has come, and once for all hubs', async () => {
  await versionsAged(100, 1);
  const schedule = readCronSchedule('15 2 * * *');
  if (schedule === undefined) throw new Error('That is a schedule.');
  const config = {
    enabled: true,
    schedule,
    cron: '15 2 * * *',
    dryRun: false,
    policy: defaultCleanPolicy,
  };
  const cleaners = [aCleaner(), aCleaner()];
  const schedules = cleaners.map((cleaner) => new CleanSchedule({ cleaner, config, now, log }));
  for (const each of schedules) each.start();
  expect(schedules[0]?.next?.toISOString()).toBe('2026-11-21T02:15:00.000Z');
  expect(await schedules[0]?.look()).toBe(false);
  time = START + 15 * 60_000;
  const started: (boolean | undefined)[] = [];
  for (const [index, each] of schedules.entries()) {
    started.push(await each.look());
    await cleaners[index]?.settled();
  }
  expect(started).toEqual([true, false]);
  expect(schedules[1]?.next?.toISOString()).toBe('2026-11-22T02:15:00.000Z');
  for (const each of schedules) each.close();
  expect(await numbers()).toEqual(['v1']);
  expect(told[0]?.startedBy).toBe('schedule');
});

test('a dry run on schedule only says what it would remove', async () => {
  await versionsAged(100, 1);
  const schedule = readCronSchedule('* * * * *');
  if (schedule === undefined) throw new Error('That is a schedule.');
  const config = {
    enabled: true,
    schedule,
    cron: '* * * * *',
    dryRun: true,
    policy: defaultCleanPolicy,
  };
  const each = new CleanSchedule({ cleaner: aCleaner(), config, now, log });
  each.start();
  time += 60_000;
  expect(await each.look()).toBe(false);
  each.close();
  expect(await numbers()).toHaveLength(2);
  expect(logged).toMatchObject([['warn', expect.any(String), { planned: { versions: 1 } }]]);
});
