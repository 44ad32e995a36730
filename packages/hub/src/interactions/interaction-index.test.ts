import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../database/database.ts';
import type { Log } from '../log.ts';
import { InteractionIndex } from './interaction-index.ts';
import { InteractionStore } from './interaction-store.ts';

let dataDir: string;
let db: Database;
let logged: string[];
const log: Log = (_level, message) => logged.push(message);
const at = '2026-11-21T00:00:00.000Z';
const everything = {
  words: [],
  consumer: undefined,
  provider: undefined,
  kind: undefined,
  onlyCurrent: false,
  page: { number: 1, size: 100 },
};

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'concordat-'));
  db = await openDatabase({ dataDir, databaseUrl: undefined });
  logged = [];
  const pacticipant = (name: string) => ({
    ...{ name, display_name: null, main_branch: null, created_at: at, updated_at: at },
    ...{ repository_url: null, repository_name: null, repository_namespace: null },
  });
  await db
    .insertInto('pacticipants')
    .values([pacticipant('web'), pacticipant('shop')])
    .execute();
});

afterEach(async () => {
  await db.destroy();
  await rm(dataDir, { recursive: true, force: true });
});

async function addContents(contents: readonly string[]): Promise<void> {
  const values = contents.map((content, index) => ({
    ...{ consumer_id: 1, provider_id: 2, sha: `sha ${index} ${content.length}` },
    ...{ created_at: at, content },
  }));
  await db.insertInto('pact_versions').values(values).execute();
}

const promises = (count: number): string =>
  JSON.stringify({
    interactions: Array.from({ length: count }, (_, index) => ({ description: `number ${index}` })),
  });

test('contents that were there before are described, in as many steps as it takes, each once', async () => {
  await addContents([promises(250), 'no JSON', ...Array.from({ length: 45 }, () => '{}')]);
  const index = new InteractionIndex({ db, log });
  expect(await index.isComplete(10_000)).toBe(true);
  expect(await index.isComplete(10_000)).toBe(true);
  expect((await new InteractionStore(db).search(everything)).total).toBe(250);
  const { count } = await db
    .selectFrom('described_contents')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  expect(count).toBe(47);
  await index.close();
});

test('a content that has gone meanwhile is passed over', async () => {
  const store = new InteractionStore(db);
  await store.describe(7, [
    { position: 0, interactionId: 'a', kind: 'http', description: '', summary: '', lines: '' },
  ]);
  expect((await store.search(everything)).total).toBe(0);
});

test('a question waits no longer than it is willing to, and a closed index is never complete', async () => {
  await addContents([promises(1)]);
  const index = new InteractionIndex({ db, log });
  const early = index.isComplete(0);
  expect(await early).toBe(false);
  await index.close();
  index.wake();
  expect(await index.isComplete(10_000)).toBe(false);
});

test('what cannot be described is logged, and tried again with the next question', async () => {
  await addContents([promises(1)]);
  await db.schema.alterTable('pact_interactions').renameTo('elsewhere').execute();
  const index = new InteractionIndex({ db, log });
  expect(await index.isComplete(10_000)).toBe(false);
  expect(logged).toEqual(['interactions could not be described for the search']);
  await db.schema.alterTable('elsewhere').renameTo('pact_interactions').execute();
  expect(await index.isComplete(10_000)).toBe(true);
  await index.close();
});
