import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Answer, aContract, anInteraction, aPact, aPublication, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

// Runs on PostgreSQL too, when CONCORDAT_TEST_DATABASE_URL says where one is.

/** Removes all that nothing but the rules of every policy keeps; what was published a moment ago counts as old. */
const strict = {
  keepVersionSelectors: [],
  minimumAge: 0,
  staleBranches: null,
  overwrittenDataMaxAge: 0,
};

async function published(
  hub: TestHub,
  version: string,
  options: { readonly content?: string; readonly branch?: string; readonly tags?: string[] } = {},
): Promise<void> {
  const { content = version, branch = 'main', tags = [] } = options;
  const pact = aPact({ interactions: [anInteraction({ description: `of ${content}` })] });
  const contracts = [aContract({}, JSON.stringify(pact))];
  const changes = { pacticipantVersionNumber: version, branch, tags, contracts };
  const answer = await ask(hub, 'POST /contracts/publish', { json: aPublication(changes) });
  expect(answer.status, answer.text).toBe(200);
}

async function verified(
  hub: TestHub,
  version: string,
  by: { readonly shop: string; readonly success?: boolean },
): Promise<void> {
  const { body } = await ask(hub, `GET /pacts/provider/shop/consumer/web/version/${version}`);
  const { href } = body._links['pb:publish-verification-results'];
  const { status, text } = await ask(hub, `POST ${new URL(href).pathname}`, {
    json: { success: by.success ?? true, providerApplicationVersion: by.shop },
  });
  expect(status, text).toBe(201);
}

async function deployed(hub: TestHub, pacticipant: string, version: string): Promise<void> {
  const { body } = await ask(hub, 'GET /environments');
  const [{ uuid }] = body._embedded.environments;
  const place = `versions/${version}/deployed-versions/environment/${uuid}`;
  const { status, text } = await ask(hub, `POST /pacticipants/${pacticipant}/${place}`, {
    json: {},
  });
  expect(status, text).toBe(201);
}

async function versionsOf(hub: TestHub, pacticipant: string): Promise<readonly string[]> {
  const { body } = await ask(hub, `GET /pacticipants/${pacticipant}/versions`);
  return body._embedded.versions.map(({ number }: { number: string }) => number).reverse();
}

/** Waits for the run that the answer tells of; answers how it ended. */
async function finished(hub: TestHub, started: Answer): Promise<Answer['body']> {
  expect(started.status, started.text).toBe(202);
  const path = new URL(started.headers.get('location') ?? '').pathname;
  return vi.waitUntil(
    async () => {
      const { body } = await ask(hub, `GET ${path}`, { headers: { accept: 'application/json' } });
      return body.status === 'running' ? undefined : body;
    },
    { timeout: 30_000, interval: 10 },
  );
}

async function cleaned(hub: TestHub, json: object): Promise<Answer['body']> {
  return finished(hub, await ask(hub, 'POST /clean', { json }));
}

describe.each(relationalDatabases)('cleaning on %s', (database) => {
  let hub: TestHub;
  beforeEach(async () => {
    hub = await startHubOn(database, { CONCORDAT_SEED_EXAMPLE_DATA: 'true' });
  });
  afterEach(() => hub.close());

  test('what nothing keeps goes with all that hangs on it; what runs, heads or is rested on stays', async () => {
    for (const version of ['1', '2', '3', '4', '5']) {
      await published(hub, version);
      await verified(hub, version, { shop: `s${version}` });
    }
    await published(hub, '3.1', { branch: 'feat/x' });
    await published(hub, '6');
    await verified(hub, '6', { shop: 's6', success: false });
    await verified(hub, '6', { shop: 's7' });
    await deployed(hub, 'web', '2');
    await deployed(hub, 'shop', 's4');
    await ask(hub, 'PUT /contracts/provider/shop/version/s1', {
      json: { openapi: '3.0.0', info: { title: 'shop', version: '1' }, paths: {} },
      headers: { accept: '*/*' },
    });

    const preview = await ask(hub, 'POST /clean', {
      json: { dryRun: true, explain: true, policy: strict },
      headers: { accept: 'application/json' },
    });
    expect(preview.status, preview.text).toBe(200);
    const { versions, planned, pacticipants } = preview.body;
    const reasons = versions.map(
      (each: Record<string, string>) =>
        `${each.verdict} ${each.pacticipant} ${each.version}: ${each.because}`,
    );
    expect(reasons.sort()).toEqual([
      'keep shop s2: newest-result',
      'keep shop s4: deployed',
      'keep shop s7: latest-version',
      'keep web 2: deployed',
      'keep web 3.1: branch-head',
      'keep web 4: relied-on',
      'keep web 6: latest-version',
      'remove shop s1: superseded',
      'remove shop s3: superseded',
      'remove shop s5: superseded',
      'remove shop s6: superseded',
      'remove web 1: superseded',
      'remove web 3: superseded',
      'remove web 5: superseded',
    ]);
    expect(planned).toMatchObject({ versions: 7, branches: 0, removedBecause: { superseded: 7 } });
    expect(pacticipants).toEqual([
      { pacticipant: 'shop', kept: 3, removed: 4 },
      { pacticipant: 'web', kept: 4, removed: 3 },
    ]);
    expect(await versionsOf(hub, 'web')).toHaveLength(7);

    const before = await ask(hub, 'GET /can-i-deploy?pacticipant=web&version=6&environment=test');
    const run = await cleaned(hub, { policy: strict });
    expect(run).toMatchObject({
      status: 'done',
      startedBy: 'anonymous',
      removed: { versions: 7, branches: 0, publications: 3, contents: 3, results: 4 },
      error: null,
    });
    expect(await versionsOf(hub, 'web')).toEqual(['2', '4', '3.1', '6']);
    expect(await versionsOf(hub, 'shop')).toEqual(['s2', 's4', 's7']);
    const after = await ask(hub, 'GET /can-i-deploy?pacticipant=web&version=6&environment=test');
    expect(after.body.summary).toEqual(before.body.summary);
    const contract = await ask(hub, 'GET /contracts/provider/shop/version/s1', {
      headers: { accept: '*/*' },
    });
    expect(contract.status).toBe(404);

    expect((await cleaned(hub, { policy: strict })).removed).toEqual({
      versions: 0,
      branches: 0,
      publications: 0,
      contents: 0,
      results: 0,
    });
    const runs = await ask(hub, 'GET /clean/runs?size=1', {
      headers: { accept: 'application/json' },
    });
    expect(runs.body.runs).toHaveLength(1);
    expect(runs.body.page.totalElements).toBe(2);
  });

  test('stale branches go with their versions, main branches never do', async () => {
    await published(hub, '1');
    await published(hub, '2', { branch: 'feat/x' });
    await published(hub, '3', { branch: 'release' });
    await published(hub, '4');
    const staleBranches = { maxAge: 0, keep: ['release'] };
    const run = await cleaned(hub, { policy: { ...strict, staleBranches } });
    expect(run.planned.removedBecause).toEqual({ 'stale-branch': 1, superseded: 1 });
    expect(run.removed).toMatchObject({ versions: 2, branches: 1 });
    expect(await versionsOf(hub, 'web')).toEqual(['3', '4']);
    const { body } = await ask(hub, 'GET /pacticipants/web/branches');
    const names = body._embedded.branches.map(({ name }: { name: string }) => name);
    expect(names.sort()).toEqual(['main', 'release']);
  });

  test('a named branch goes with its orphans, and nothing else does', async () => {
    await published(hub, '1');
    await published(hub, '2', { branch: 'feat/x' });
    await published(hub, '3', { branch: 'feat/x', tags: ['keep'] });
    await published(hub, '4', { branch: 'feat/y' });
    await published(hub, '5');
    const branches = [{ pacticipant: 'web', branch: 'feat/x' }];
    const run = await cleaned(hub, { branches, policy: { minimumAge: 0 } });
    expect(run.removed).toMatchObject({ versions: 1, branches: 1 });
    expect(await versionsOf(hub, 'web')).toEqual(['1', '3', '4', '5']);
  });

  test('replaced results and contents that nobody has any more go', async () => {
    await published(hub, '1', { content: 'first' });
    await verified(hub, '1', { shop: 's1' });
    await verified(hub, '1', { shop: 's1', success: false });
    await verified(hub, '1', { shop: 's1' });
    await published(hub, '2', { content: 'second' });
    await ask(hub, 'DELETE /pacts/provider/shop/consumer/web/version/2');
    const run = await cleaned(hub, { policy: strict });
    expect(run.planned).toMatchObject({ overwrittenResults: 2, orphanContents: 1 });
    expect(run.removed).toMatchObject({ results: 2, contents: 1 });
    const { body } = await ask(hub, 'GET /matrix?q[][pacticipant]=web&q[][pacticipant]=shop');
    expect(body.matrix).toHaveLength(1);
  });

  test('with nothing else said what is young stays', async () => {
    for (const version of ['1', '2', '3']) await published(hub, version);
    const run = await cleaned(hub, {});
    expect(run.removed.versions).toBe(0);
    expect(run.planned.keptBecause).toMatchObject({ young: 2 });
  });

  test('a limit leaves the newest for the next run', async () => {
    for (const version of ['1', '2', '3', '4']) await published(hub, version);
    await cleaned(hub, { policy: { ...strict, deletionLimit: 2 } });
    expect(await versionsOf(hub, 'web')).toEqual(['3', '4']);
  });

  test('a policy that is wrong is refused with all that is wrong with it', async () => {
    const { status, body, headers } = await ask(hub, 'POST /clean', {
      json: { policy: { minimumAge: -1, keepVersionSelectors: [{}] }, colour: 1, dryRun: 'yes' },
    });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body.errors.map(({ detail }: { detail: string }) => detail)).toEqual([
      'colour is not known; a clean-up takes dryRun, explain, policy, branches',
      'policy: keepVersionSelectors[0] says nothing and would keep everything',
      'policy: minimumAge must be a whole number of days, 0 to 36500',
      'dryRun must be true or false',
    ]);
  });

  test.each([
    [
      'a branch that is not there',
      'POST /clean',
      { branches: [{ pacticipant: 'a', branch: 'b' }] },
      404,
    ],
    ['no branches', 'POST /clean', { branches: [] }, 400],
    ['a list', 'POST /clean', [], 400],
    ['a policy of another kind', 'POST /clean', { policy: 7 }, 400],
    ['a run nobody knows', 'GET /clean/runs/7', undefined, 404],
    ['a page that is none', 'GET /clean/runs?page=0', undefined, 400],
    ['a parameter nobody knows', 'GET /clean?a=b', undefined, 400],
  ])('%s is refused', async (...[, target, json, status]) => {
    const answer = await ask(hub, target, {
      headers: { accept: 'application/json' },
      ...(json !== undefined && { json }),
    });
    expect(answer.status, answer.text).toBe(status);
  });

  test('publishing goes on while a clean-up runs, and what is published meanwhile stays', async () => {
    for (let version = 1; version <= 60; version += 1) await published(hub, `1.${version}`);
    const run = await ask(hub, 'POST /clean', { json: { policy: strict } });
    const meanwhile: string[] = [];
    let end: Answer['body'];
    const cleaning = finished(hub, run).then((ended) => {
      end = ended;
    });
    for (let version = 1; end === undefined; version += 1) {
      await published(hub, `2.${version}`);
      meanwhile.push(`2.${version}`);
    }
    await cleaning;
    expect(end).toMatchObject({ status: 'done' });
    const left = await versionsOf(hub, 'web');
    expect(left).toEqual(expect.arrayContaining(meanwhile));
    expect(left.length).toBeLessThan(meanwhile.length + 50);
  });
});

test('the hub tells when it cleans by itself, and by which policy', async () => {
  const hub = await startTestHub({
    env: {
      PACT_BROKER_DATABASE_CLEAN_ENABLED: 'true',
      PACT_BROKER_DATABASE_CLEAN_CRON_SCHEDULE: '0 4 * * *',
      PACT_BROKER_DATABASE_CLEAN_KEEP_VERSION_SELECTORS: '[{"max_age": 30}]',
      PACT_BROKER_DATABASE_CLEAN_DELETION_LIMIT: '500',
    },
  });
  try {
    const { body } = await ask(hub, 'GET /clean', { headers: { accept: 'application/json' } });
    expect(body).toMatchObject({
      enabled: true,
      schedule: '0 4 * * *',
      next: expect.stringMatching(/T04:00:00\.000Z$/),
      policy: { keepVersionSelectors: [{ max_age: 30 }], deletionLimit: 500 },
    });
  } finally {
    await hub.close();
  }
});
