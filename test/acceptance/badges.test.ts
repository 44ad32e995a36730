import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anInteraction, aPact, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

const PAIR = '/pacts/provider/shop-api/consumer/my_web';
const image = { accept: 'image/svg+xml' };

/** my_web 1 (main, tag prod) passed with shop-api 7 (main, tag live, deployed to test); my_web 2 (feat) has other content. */
async function fill(hub: TestHub): Promise<void> {
  const publish = (version: string) =>
    ask(hub, `PUT ${PAIR}/version/${version}`, {
      json: aPact({
        consumer: { name: 'my_web' },
        provider: { name: 'shop-api' },
        interactions: [anInteraction({ description: `v${version}` })],
      }),
    });
  const put = (path: string) => ask(hub, `PUT ${path}`, { json: {} });
  await put('/pacticipants/my_web/branches/main/versions/1');
  await put('/pacticipants/my_web/versions/1/tags/prod');
  const { body } = await publish('1');
  await put('/pacticipants/shop-api/branches/main/versions/7');
  await put('/pacticipants/shop-api/versions/7/tags/live');
  const results = new URL(body._links['pb:publish-verification-results'].href).pathname;
  await ask(hub, `POST ${results}`, { json: { success: true, providerApplicationVersion: '7' } });
  const environment = await ask(hub, 'POST /environments', {
    json: { name: 'test', displayName: 'Test', production: false },
  });
  const { uuid } = environment.body;
  await put('/pacticipants/my_web/branches/feat/versions/2');
  await publish('2');
  await put('/pacticipants/alone');
  await ask(hub, `POST /pacticipants/shop-api/versions/7/deployed-versions/environment/${uuid}`, {
    json: {},
  });
}

/** On SQLite, and on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL when there is one. */
describe.each(relationalDatabases)('badges of shields.io, on %s', (database) => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHubOn(database);
    await fill(hub);
  });
  afterAll(() => hub.close());

  const target = async (path: string): Promise<string> => {
    const url = `${hub.url}${path}`;
    const response = await fetch(url, { headers: image, redirect: 'manual' });
    expect([response.status, await response.text()]).toEqual([307, '']);
    return response.headers.get('location') ?? '';
  };
  const WEB = '/pacticipants/my_web';

  test.each([
    [`${PAIR}/latest/badge`, 'my__web%2Fshop--api%20pact-changed-orange'],
    [`${PAIR}/latest/badge.svg`, 'my__web%2Fshop--api%20pact-changed-orange'],
    [`${PAIR}/latest/badge.svg?initials=true`, 'mw%2Fsa%20pact-changed-orange'],
    [`${PAIR}/latest/badge?label=consumer`, 'my__web%20pact-changed-orange'],
    [`${PAIR}/latest/prod/badge`, 'my__web%2Fshop--api%20pact-verified-brightgreen'],
    [`${PAIR}/latest/none/badge`, 'pact%20not%20found-unknown-lightgrey'],
    [`${PAIR}/latest-untagged/badge`, 'my__web%2Fshop--api%20pact-unknown-lightgrey'],
    ['/pacts/provider/ghost/consumer/my_web/latest/badge', 'pact%20not%20found-unknown-lightgrey'],
    [
      '/matrix/provider/shop-api/latest/live/consumer/my_web/latest/prod/badge.svg',
      'my__web%20%28prod%29%2Fshop--api%20%28live%29%20pact-verified-brightgreen',
    ],
    [
      '/matrix/provider/shop-api/latest/none/consumer/my_web/latest/prod/badge.svg',
      'my__web%20%28prod%29%2Fshop--api%20%28none%29%20pact-unknown-lightgrey',
    ],
    [
      `${WEB}/branches/main/latest-version/can-i-deploy/to-environment/test/badge`,
      'can--i--deploy-main%20to%20test-brightgreen',
    ],
    [
      `${WEB}/branches/feat/latest-version/can-i-deploy/to-environment/test/badge?label=go`,
      'go-feat%20to%20test-red',
    ],
    [
      `${WEB}/branches/none/latest-version/can-i-deploy/to-environment/test/badge`,
      'branch-not%20found-lightgrey',
    ],
    [
      `${WEB}/branches/main/latest-version/can-i-deploy/to-environment/mars/badge`,
      'environment-not%20found-lightgrey',
    ],
    [
      '/pacticipants/ghost/branches/main/latest-version/can-i-deploy/to-environment/test/badge',
      'pacticipant-not%20found-lightgrey',
    ],
    [
      `${WEB}/latest-version/prod/can-i-deploy/to/live/badge`,
      'can--i--deploy-prod%20to%20live-brightgreen',
    ],
    [`${WEB}/latest-version/none/can-i-deploy/to/live/badge`, 'version-not%20found-lightgrey'],
    [
      '/pacticipants/ghost/latest-version/a/can-i-deploy/to/b/badge',
      'pacticipant-not%20found-lightgrey',
    ],
    [`${WEB}/main-branch/can-i-merge/badge`, 'can--i--merge-success-brightgreen'],
    [
      '/pacticipants/alone/main-branch/can-i-merge/badge',
      'main%20branch%20version-not%20found-lightgrey',
    ],
    ['/pacticipants/ghost/main-branch/can-i-merge/badge', 'pacticipant-not%20found-lightgrey'],
  ])('%s is %s', async (path, expected) => {
    if (path.includes('/alone/')) await ask(hub, 'PATCH /pacticipants/alone', { json: {} });
    expect(await target(path)).toBe(`https://img.shields.io/badge/${expected}.svg`);
  });
});

test.each([
  ['is kept for a while', {}, 'max-age=30'],
  [
    'for as long as it is told',
    { PACT_BROKER_BADGE_DEFAULT_CACHE_SETTING: 'max-age=5' },
    'max-age=5',
  ],
])('whether a main branch can be merged %s', async (...[, env, expected]) => {
  const hub = await startHubOn('SQLite', env);
  try {
    await fill(hub);
    const cacheControl = async (name: string) =>
      (
        await fetch(`${hub.url}/pacticipants/${name}/main-branch/can-i-merge/badge`, {
          headers: image,
          redirect: 'manual',
        })
      ).headers.get('cache-control');
    expect(await cacheControl('my_web')).toBe(expected);
    expect(await cacheControl('ghost')).toBe('no-cache');
  } finally {
    await hub.close();
  }
});

test('a hub that draws badges itself answers a picture and sends nobody away', async () => {
  const hub = await startHubOn('SQLite', { CONCORDAT_BADGE_PROVIDER_MODE: 'proxy' });
  try {
    await fill(hub);
    const answer = await ask(hub, `GET ${PAIR}/latest/prod/badge.svg`, { headers: image });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'image/svg+xml;charset=utf-8',
    ]);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.text).toContain('<title>my_web/shop-api pact: verified</title>');
  } finally {
    await hub.close();
  }
});
