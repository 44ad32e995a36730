import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LibsqlDatabase } from '@concordat/hub';
import { expect, onTestFinished, test, vi } from 'vitest';
import { aContract, aPublication, ask } from './publishing.ts';
import { createDatabase, relationalDatabases } from './relational-databases.ts';
import { startTestHub, type TestHub } from './start-hub.ts';
import { startHubChild } from './start-hub-child.ts';

// Two hubs need PostgreSQL: CONCORDAT_TEST_DATABASE_URL says where one is.

const VERSIONS = 240;
const policy = { keepVersionSelectors: [], minimumAge: 0, staleBranches: null };
const asJson = { headers: { accept: 'application/json' } };

test('after kill -9 in the middle of a clean-up nothing is torn, and the next one goes on', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'concordat-clean-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const { child, url } = await startHubChild(dataDir);
  onTestFinished(() => void child.kill('SIGKILL'));
  await publishMany({ url });
  const started = await ask({ url } as TestHub, 'POST /clean', { json: { policy } });
  expect(started.status, started.text).toBe(202);
  await vi.waitUntil(
    async () =>
      (await ask({ url } as TestHub, `GET /clean/runs/${started.body.uuid}`, asJson)).body.removed
        .versions > 0,
    { timeout: 30_000, interval: 1 },
  );
  child.kill('SIGKILL');
  await once(child, 'exit');

  const database = new LibsqlDatabase(join(dataDir, 'concordat.db'));
  const read = (query: string): readonly unknown[] => [...database.prepare(query).all([])];
  expect(read('pragma foreign_key_check')).toEqual([]);
  expect(read('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  const published = 'select pact_version_id from pact_publications';
  expect(read(`select id from pact_versions where id not in (${published})`)).toEqual([]);
  const [run] = read('select status, removed from clean_runs') as {
    status: string;
    removed: string;
  }[];
  expect(run?.status).toBe('running');
  const left = read('select id from versions').length;
  expect(left).toBe(VERSIONS - JSON.parse(run?.removed ?? '').versions);
  // As if the time of its claim had passed.
  database.prepare("update clean_claims set expires_at = '2000-01-01T00:00:00.000Z'").run([]);
  database.close();

  const hub = await startTestHub({ flags: { dataDir } });
  onTestFinished(() => hub.close());
  const again = await ask(hub, 'POST /clean', { json: { policy } });
  expect((await ended(hub, again.body.uuid)).status).toBe('done');
  expect(await ended(hub, started.body.uuid)).toMatchObject({ status: 'stopped' });
  const { body } = await ask(hub, 'GET /pacticipants/web/versions');
  expect(body._embedded.versions).toHaveLength(1);
  const pact = await ask(hub, 'GET /pacts/provider/shop/consumer/web/latest');
  expect(pact.status).toBe(200);
});

test.runIf(relationalDatabases.includes('PostgreSQL'))(
  'of two hubs on one database that are asked at once one cleans up, and both go on publishing',
  async () => {
    const { url: databaseUrl = '', drop } = await createDatabase('PostgreSQL');
    onTestFinished(drop);
    const one = await startTestHub({ flags: { databaseUrl } });
    onTestFinished(() => one.close());
    const other = await startTestHub({ flags: { databaseUrl } });
    onTestFinished(() => other.close());
    await publishMany(one);
    const answers = await Promise.all(
      [one, other].map((hub) => ask(hub, 'POST /clean', { json: { policy } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    const uuid = answers.find(({ status }) => status === 202)?.body.uuid;
    await Promise.all([publishOne(one, 'during-1'), publishOne(other, 'during-2')]);
    expect(await ended(other, uuid)).toMatchObject({ status: 'done' });
    const { body } = await ask(other, 'GET /pacticipants/web/versions');
    const left = body._embedded.versions.map(({ number }: { number: string }) => number);
    expect(left).toEqual(expect.arrayContaining(['during-1', 'during-2']));
    expect(left.length).toBeLessThan(5);
  },
);

async function publishMany(hub: Pick<TestHub, 'url'>): Promise<void> {
  for (let start = 0; start < VERSIONS; start += 20) {
    const some = Array.from({ length: 20 }, (_, index) => `v${start + index}`);
    await Promise.all(some.map((version) => publishOne(hub, version)));
  }
}

async function publishOne(hub: Pick<TestHub, 'url'>, version: string): Promise<void> {
  const contracts = [aContract({}, `{"interactions":[{"description":"of ${version}"}]}`)];
  const json = aPublication({ pacticipantVersionNumber: version, contracts });
  const { status, text } = await ask(hub as TestHub, 'POST /contracts/publish', { json });
  expect(status, text).toBe(200);
}

async function ended(hub: TestHub, uuid: string): Promise<{ readonly status: string }> {
  return vi.waitUntil(
    async () => {
      const { body } = await ask(hub, `GET /clean/runs/${uuid}`, asJson);
      return body.status === 'running' ? undefined : body;
    },
    { timeout: 30_000, interval: 10 },
  );
}
