import { afterEach, describe, expect, test } from 'vitest';
import { aContract, aPact, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

// On the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too, when there is one.
describe.each(relationalDatabases)('pacts of what runs, on %s', (database) => {
  let hub: TestHub;
  let environment: string;

  afterEach(() => hub.close());

  async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    hub = await startHubOn(database, env);
    const json = { name: 'live', production: true };
    environment = (await ask(hub, 'POST /environments', { json })).body.uuid;
    await publishes('1', 'one');
    await publishes('2', 'two');
  }

  async function publishes(version: string, description: string): Promise<void> {
    const interaction = {
      description,
      request: { method: 'GET', path: '/' },
      response: { status: 200 },
    };
    const json = {
      pacticipantName: 'web',
      pacticipantVersionNumber: version,
      branch: 'main',
      contracts: [aContract({}, JSON.stringify(aPact({ interactions: [interaction] })))],
    };
    expect((await ask(hub, 'POST /contracts/publish', { json })).status).toBe(200);
  }

  const recorded = (version: string, how: 'deployed' | 'released') =>
    ask(
      hub,
      `POST /pacticipants/web/versions/${version}/${how}-versions/environment/${environment}`,
      { json: {} },
    );

  async function pending(json: object = {}): Promise<readonly [string, boolean, string][]> {
    const body = {
      providerVersionBranch: 'main',
      includePendingStatus: true,
      consumerVersionSelectors: [{ mainBranch: true }, { deployedOrReleased: true }],
      ...json,
    };
    const answer = await ask(hub, 'POST /pacts/provider/shop/for-verification', { json: body });
    return answer.body._embedded.pacts.map(
      // biome-ignore lint/suspicious/noExplicitAny: the shape is the broker's.
      ({ verificationProperties, _links }: any) => [
        /\((\d)\)/.exec(_links.self.name)?.[1],
        verificationProperties.pending,
        verificationProperties.notices[1].text,
      ],
    );
  }

  test.each(['deployed', 'released'] as const)('what is %s is not pending', async (how) => {
    await start();
    await recorded('1', how);
    expect(await pending()).toEqual([
      ['1', false, expect.stringContaining('deployed to or released in live')],
      ['2', true, expect.stringContaining('is in pending state')],
    ]);
  });

  test('whichever selector picked it', async () => {
    await start();
    await recorded('2', 'deployed');
    const consumerVersionSelectors = [{ mainBranch: true }];
    expect(await pending({ consumerVersionSelectors })).toEqual([
      ['2', false, expect.stringContaining('live')],
    ]);
  });

  test('until it is gone again', async () => {
    await start();
    const { body } = await recorded('2', 'deployed');
    const headers = { 'content-type': 'application/merge-patch+json' };
    const json = { currentlyDeployed: false };
    await ask(hub, `PATCH /deployed-versions/${body.uuid}`, { json, headers });
    expect(await pending()).toEqual([['2', true, expect.stringContaining('is in pending state')]]);
  });

  test('work in progress stays pending: nobody asked for it in earnest', async () => {
    await start();
    await recorded('2', 'deployed');
    const json = {
      consumerVersionSelectors: [{ branch: 'none' }],
      includeWipPactsSince: '2020-01-01',
    };
    expect(await pending(json)).toEqual([['2', true, expect.stringContaining('work in progress')]]);
  });

  test('the Pact Broker’s answer can be had instead', async () => {
    await start({ CONCORDAT_DEPLOYED_PACTS_NEVER_PENDING: 'false' });
    await recorded('1', 'deployed');
    expect((await pending()).map(([version, isPending]) => [version, isPending])).toEqual([
      ['1', true],
      ['2', true],
    ]);
  });
});
