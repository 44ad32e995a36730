// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aContract, anInteraction, aPact, aPublication, ask } from './publishing.ts';
import { createDatabase, type OwnDatabase, relationalDatabases } from './relational-databases.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

const MERGE_PATCH = { 'content-type': 'application/merge-patch+json' };

/** The same numbers for the same seed, so that a failure can be repeated. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const questions = [
  '/can-i-deploy?pacticipant=web&version=1&environment=production',
  '/can-i-deploy?pacticipant=web&version=2&environment=test',
  '/can-i-deploy?pacticipant=shop&version=3&environment=production',
  '/can-i-deploy?pacticipant=shop&version=2&to=prod',
  '/matrix?q[][pacticipant]=web&q[][pacticipant]=shop&latestby=cvpv',
  '/matrix?q[][pacticipant]=web&q[][branch]=main&q[][latest]=true&q[][pacticipant]=shop',
  '/pacticipants/web/branches/main/latest-version/can-i-deploy/to-environment/production',
  '/pacticipants/web/latest-version/prod/can-i-deploy/to/prod',
  '/matrix/provider/shop/consumer/web',
];

describe.each(relationalDatabases)('answers that are kept, on %s', (database) => {
  let own: OwnDatabase;
  let hub: TestHub;
  const environments: string[] = [];

  beforeAll(async () => {
    own = await createDatabase(database);
    hub = await startTestHub(own.url === undefined ? {} : { flags: { databaseUrl: own.url } });
    for (const name of ['production', 'test']) {
      const { body } = await ask(hub, 'POST /environments', { json: { name, production: true } });
      environments.push(body.uuid);
    }
  });

  afterAll(async () => {
    await hub.close();
    await own.drop();
  });

  async function publish(version: number, content: number): Promise<void> {
    const pact = aPact({ interactions: [anInteraction({ description: `thing ${content}` })] });
    const contracts = [aContract({}, JSON.stringify(pact))];
    const json = aPublication({ pacticipantVersionNumber: `${version}`, contracts });
    await ask(hub, 'POST /contracts/publish', { json });
  }

  async function verify(version: number, provider: number, success: boolean): Promise<void> {
    const { body } = await ask(hub, `GET /pacts/provider/shop/consumer/web/version/${version}`);
    const href = body?._links?.['pb:publish-verification-results']?.href;
    if (href === undefined) return;
    const json = { success, providerApplicationVersion: `${provider}` };
    await ask(hub, `POST ${new URL(href).pathname}`, { json });
  }

  async function deploy(name: string, version: number, environment: string): Promise<void> {
    const path = `/pacticipants/${name}/versions/${version}/deployed-versions/environment/${environment}`;
    const { body } = await ask(hub, `POST ${path}`, { json: {} });
    if (version === 3 && typeof body?.uuid === 'string') {
      const json = { currentlyDeployed: false };
      await ask(hub, `PATCH /deployed-versions/${body.uuid}`, { json, headers: MERGE_PATCH });
    }
  }

  test('are what a hub that keeps none answers, whatever was changed before', async () => {
    // The other hub keeps nothing and reads the same database.
    const fresh = await startTestHub({
      env: { CONCORDAT_KEPT_ANSWERS_MEGABYTES: '0' },
      flags: own.url === undefined ? { dataDir: hub.dataDir } : { databaseUrl: own.url },
    });
    const random = createRandom(7);
    const changes = [
      () => publish(1 + random(3), random(3)),
      () => verify(1 + random(3), 1 + random(3), random(2) === 0),
      () => deploy('shop', 1 + random(3), environments[random(2)] ?? ''),
      () => deploy('web', 1 + random(3), environments[random(2)] ?? ''),
      () => ask(hub, `PUT /pacticipants/shop/versions/${1 + random(3)}/tags/prod`),
      () => ask(hub, `PUT /pacticipants/web/versions/${1 + random(3)}/tags/prod`),
      () => ask(hub, `PUT /pacticipants/web/branches/main/versions/${1 + random(3)}`),
      () => ask(hub, `DELETE /pacticipants/web/versions/${1 + random(3)}`),
      () => ask(hub, `DELETE /pacticipants/shop/versions/${1 + random(3)}/tags/prod`),
      // By the other hub: the first hears nothing of it but from the database.
      () => ask(fresh, `PUT /pacticipants/shop/versions/${1 + random(3)}/tags/prod`),
      () => ask(fresh, `DELETE /pacticipants/shop/versions/${1 + random(3)}`),
    ];
    await publish(1, 0);
    await verify(1, 1, true);
    let kept = 0;
    for (let round = 0; round < 60; round += 1) {
      await changes[random(changes.length)]?.();
      for (const question of questions) {
        const first = await ask(hub, `GET ${question}`);
        const again = await ask(hub, `GET ${question}`);
        const drawn = await ask(fresh, `GET ${question}`);
        const expected = drawn.text.replaceAll(fresh.url, hub.url);
        expect([first.status, first.text], question).toEqual([drawn.status, expected]);
        expect(again.text).toBe(expected);
        if (first.status === 200) kept += 1;
      }
    }
    expect(kept).toBeGreaterThan(200);
    await fresh.close();
  });

  test('tell apart who asks: by address, by form and by the whole question', async () => {
    await publish(1, 0);
    const [path = ''] = questions;
    const json = await ask(hub, `GET ${path}`);
    const text = await ask(hub, `GET ${path}`, { headers: { accept: 'text/plain' } });
    const proxied = await ask(hub, `GET ${path}`, {
      headers: { 'x-forwarded-host': 'pacts.example', 'x-forwarded-proto': 'https' },
    });
    const explained = await ask(hub, `GET ${path}&reasons=interactions`);
    expect(json.body.summary).toBeDefined();
    expect(text.headers.get('content-type')).toContain('text/plain');
    expect(text.text).not.toBe(json.text);
    expect(proxied.text).toBe(json.text.replaceAll(hub.url, 'https://pacts.example'));
    expect(explained.body.reasons).toBeDefined();
    expect((await ask(hub, `GET ${path}`)).text).toBe(json.text);
  });
});
