import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anInteraction, aPact, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import { type TestHub, withEnvironments } from './start-hub.ts';

/** On SQLite, and on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL when there is one. */
describe.each(relationalDatabases)('on %s', (database) => {
  let hub: TestHub;
  let uuid: string;

  /** web 1 (main, deployed to test) and 2 (feat); app 1 without a branch, with messages and parameters. */
  beforeAll(async () => {
    hub = await startHubOn(database, withEnvironments);
    const publish = (consumer: string, version: string, content: object) =>
      ask(hub, `PUT /pacts/provider/shop/consumer/${consumer}/version/${version}`, {
        json: aPact({ consumer: { name: consumer }, ...content }),
      });
    const branch = (name: string, version: string) =>
      ask(hub, `PUT /pacticipants/web/branches/${name}/versions/${version}`, { json: {} });
    await branch('main', '1');
    await publish('web', '1', {
      interactions: [anInteraction({ providerState: 'open' }), anInteraction({ description: 'b' })],
    });
    await branch('feat', '2');
    await publish('web', '2', { interactions: [anInteraction({ providerState: 'new' })] });
    await publish('app', '1', {
      interactions: undefined,
      messages: [
        {
          description: 'm',
          providerStates: [{ name: 'open' }, { name: 'a', params: { id: 1 } }, 7],
        },
        { description: 'n', providerStates: [{ name: 'a', params: { id: 2 } }, { noName: true }] },
      ],
    });
    const environments = (await ask(hub, 'GET /environments')).body._embedded.environments;
    uuid = environments.find(({ name }: { name: string }) => name === 'test').uuid;
    await ask(hub, `POST /pacticipants/web/versions/1/deployed-versions/environment/${uuid}`, {
      json: {},
    });
  });

  afterAll(() => hub.close());

  const open = { name: 'open', consumers: ['web'] };

  test.each([
    ['/branch/main', [open]],
    ['/branch/feat', [{ name: 'new', consumers: ['web'] }]],
    ['/branch/none', []],
    ['/environment/test', [open]],
    ['/environment/production', []],
    ['/environment/none', []],
  ])('%s lists them', async (path, expected) => {
    const { body } = await ask(hub, `GET /pacts/provider/shop/provider-states${path}`);
    expect(body).toEqual({ providerStates: expected });
  });

  test('an environment can be named by its uuid', async () => {
    const { body } = await ask(hub, `GET /pacts/provider/shop/provider-states/environment/${uuid}`);
    expect(body.providerStates).toEqual([open]);
  });

  test('without a choice: of main branches, else of the newest pact; one state for each set of parameters', async () => {
    const { body } = await ask(hub, 'GET /pacts/provider/shop/provider-states');
    expect(body.providerStates).toEqual([
      { name: 'a', params: { id: 1 }, consumers: ['app'] },
      { name: 'a', params: { id: 2 }, consumers: ['app'] },
      { name: 'open', consumers: ['app', 'web'] },
    ]);
  });

  test('an unknown provider is named', async () => {
    const { status, body } = await ask(hub, 'GET /pacts/provider/ghost/provider-states');
    expect([status, body]).toEqual([404, { error: "No provider with name 'ghost' found" }]);
  });

  test('the counters at /metrics are HAL JSON to who asks for it', async () => {
    const { body, headers } = await ask(hub, 'GET /metrics');
    expect(headers.get('content-type')).toBe('application/hal+json;charset=utf-8');
    expect(body).toMatchObject({
      integrations: { count: 2 },
      deployedVersions: { count: 1, currentlyDeployedCount: 1, userCreatedCount: 1 },
      pacticipantVersions: { count: 3, withBranchCount: 2, withUserCreatedBranchCount: 2 },
      tags: { count: 0, distinctCount: 0, distinctWithPacticipantCount: 0 },
      webhooks: { count: 0 },
    });
  });
});
