import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aContract, anInteraction, aPact, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

// On the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too, when there is one.
describe.each(relationalDatabases)('why a version may not go, on %s', (database) => {
  let hub: TestHub;
  let production: string;

  beforeAll(async () => {
    hub = await startHubOn(database);
    const json = { name: 'live', production: true };
    production = (await ask(hub, 'POST /environments', { json })).body.uuid;
  });

  afterAll(() => hub.close());

  async function publishes(who: string, provider: string, ids = ['a', 'b']): Promise<string> {
    const [consumer = '', version = ''] = who.split('@');
    const interactions = ids.map((id) =>
      anInteraction({ _id: id, description: `wants ${id}`, providerState: `${id} exists` }),
    );
    const pact = aPact({
      consumer: { name: consumer },
      provider: { name: provider },
      interactions,
    });
    const contract = aContract(
      { consumerName: consumer, providerName: provider },
      JSON.stringify(pact),
    );
    const json = {
      pacticipantName: consumer,
      pacticipantVersionNumber: version,
      branch: 'main',
      contracts: [contract],
    };
    expect((await ask(hub, 'POST /contracts/publish', { json })).status).toBe(200);
    const path = `/pacts/provider/${provider}/consumer/${consumer}/version/${version}`;
    const { body } = await ask(hub, `GET ${path}`);
    return new URL(body._links['pb:publish-verification-results'].href).pathname;
  }

  /** The ids fail, the other one of `a` and `b` does not. */
  async function verifies(results: string, version: string, failed: readonly string[] = []) {
    const mismatches = ['1', '2', '3', '4'].map((number) => ({
      attribute: 'body',
      identifier: `$.${number}`,
      description: `Expected ${number}`,
    }));
    const testResults = ['a', 'b'].map((interactionId) =>
      failed.includes(interactionId)
        ? { interactionId, success: false, mismatches }
        : { interactionId, success: true },
    );
    const success = failed.length === 0;
    const json = { success, providerApplicationVersion: version, testResults };
    expect((await ask(hub, `POST ${results}`, { json })).status).toBe(201);
  }

  async function deploys(who: string): Promise<void> {
    const [name, number] = who.split('@');
    const path = `/pacticipants/${name}/versions/${number}/deployed-versions/environment/${production}`;
    expect((await ask(hub, `POST ${path}`, { json: {} })).status).toBe(201);
  }

  async function reasons(who: string) {
    const [name, number] = who.split('@');
    const path = `/can-i-deploy?pacticipant=${name}&version=${number}&environment=live`;
    const plain = await ask(hub, `GET ${path}`);
    expect(plain.body.reasons).toBeUndefined();
    const { body } = await ask(hub, `GET ${path}&reasons=interactions`);
    const { reasons: explained, ...rest } = body;
    expect(rest).toEqual(plain.body);
    const errors = rest.notices.filter(({ type }: { type: string }) => type === 'error');
    expect(explained.map(({ text }: { text: string }) => text)).toEqual(
      errors.map(({ text }: { text: string }) => text),
    );
    return explained;
  }

  test('all is well: there are none', async () => {
    const results = await publishes('well@1', 'fine');
    await verifies(results, '1');
    await deploys('fine@1');
    expect(await reasons('well@1')).toEqual([]);
  });

  test('what failed is named with what was wrong, since when, and who kept it before', async () => {
    await verifies(await publishes('shop@1', 'stock', ['a']), '7');
    const results = await publishes('shop@2', 'stock');
    await verifies(results, '8', ['a']);
    await deploys('stock@8');
    const [reason] = await reasons('shop@2');
    expect(reason).toMatchObject({
      kind: 'verification-failed',
      situation: 'broken',
      blocking: true,
      consumer: { name: 'shop', version: '2' },
      provider: { name: 'stock', version: '8' },
      whoMustAct: { role: 'provider', name: 'stock' },
      since: expect.stringMatching(/^\d{4}-/),
      pending: true,
      interactions: { total: 2, reported: true, failed: 1 },
    });
    expect(reason.explanation).toEqual([
      expect.stringContaining('Version 7 of stock kept it'),
      expect.stringContaining('The pact is pending for stock'),
    ]);
    expect(reason.interactions.items).toEqual([
      {
        id: 'a',
        description: 'wants a',
        providerStates: ['a exists'],
        pending: false,
        mismatches: [
          { attribute: 'body', identifier: '$.1', description: 'Expected 1' },
          { attribute: 'body', identifier: '$.2', description: 'Expected 2' },
          { attribute: 'body', identifier: '$.3', description: 'Expected 3' },
        ],
        moreMismatches: 1,
        lastKeptBy: { version: '7', verifiedAt: expect.any(String) },
        traceId: null,
      },
    ]);
    const link = new URL(reason._links['concordat:interactions'].href).pathname;
    expect((await ask(hub, `GET ${link}`)).body.summary).toEqual({
      passed: 1,
      failed: 1,
      notReported: 0,
    });
  });

  test('a newer version of the provider keeps it', async () => {
    const results = await publishes('web@1', 'api');
    await verifies(results, '1', ['b']);
    await verifies(results, '2');
    await deploys('api@1');
    const [reason] = await reasons('web@1');
    expect(reason).toMatchObject({ situation: 'kept-by-newer-version', pending: false });
    expect(reason.explanation[0]).toContain('Version 2 of api, which is newer, keeps this pact');
  });

  test('a first deployment: the provider was never there and never said anything', async () => {
    await publishes('first@1', 'newcomer');
    const [reason] = await reasons('first@1');
    expect(reason).toMatchObject({
      kind: 'not-verified',
      situation: 'provider-absent',
      provider: { name: 'newcomer', version: null },
      whoMustAct: { role: 'provider', name: 'newcomer' },
      pending: null,
      interactions: null,
    });
    expect(reason.explanation).toEqual([
      'No version of newcomer is recorded in live.',
      expect.stringContaining('No version of newcomer has verified this pact yet'),
      'newcomer has never published a verification result.',
      expect.stringContaining('--ignore newcomer'),
    ]);
  });

  test('the version that is there has not verified it', async () => {
    await verifies(await publishes('late@1', 'busy', ['a']), '3');
    await deploys('busy@3');
    await publishes('late@2', 'busy');
    const [reason] = await reasons('late@2');
    expect(reason).toMatchObject({ situation: 'not-verified', pending: true });
    expect(reason.explanation).toContain(
      'The build of version 3 of busy must verify it and publish the result; its selectors must pick this pact.',
    );
  });

  test('a version that nobody knows', async () => {
    const [reason] = await reasons('late@404');
    expect(reason).toMatchObject({
      situation: 'unknown-version',
      consumer: null,
      provider: null,
      whoMustAct: { role: 'pacticipant', name: 'late' },
      _links: {},
    });
  });

  test('a version that has no pact, where earlier ones had', async () => {
    await publishes('lost@1', 'found');
    await ask(hub, 'PUT /pacticipants/lost/branches/main/versions/2', { json: {} });
    const pair = 'q[][pacticipant]=lost&q[][version]=2&q[][pacticipant]=found';
    const { body } = await ask(hub, `GET /matrix?${pair}&latestby=cvp&reasons=interactions`);
    expect(body.reasons).toMatchObject([
      {
        situation: 'no-pact',
        consumer: { name: 'lost', version: null },
        provider: { name: 'found', version: null },
        whoMustAct: { role: 'consumer', name: 'lost' },
        text: body.summary.reason,
      },
    ]);
  });

  test('a verifier that tells nothing of interactions', async () => {
    const results = await publishes('quiet@1', 'mute');
    const json = { success: false, providerApplicationVersion: '1' };
    await ask(hub, `POST ${results}`, { json });
    await deploys('mute@1');
    const [reason] = await reasons('quiet@1');
    expect(reason.situation).toBe('never-kept');
    expect(reason.interactions).toEqual({ total: 2, reported: false, failed: 0, items: [] });
  });

  test.each([
    '/matrix?q[][pacticipant]=shop&q[][version]=2&latestby=cvpv',
    '/pacticipants/shop/branches/main/latest-version/can-i-deploy/to-environment/live?x=1',
  ])('%s answers with reasons too, and as text without', async (path) => {
    const { body } = await ask(hub, `GET ${path}&reasons=interactions`);
    expect(body.reasons).toHaveLength(1);
    const text = { headers: { accept: 'text/plain' } };
    const plain = await ask(hub, `GET ${path}`, text);
    const asked = await ask(hub, `GET ${path}&reasons=interactions`, text);
    expect(asked.text).toBe(plain.text);
  });

  test('other reasons are refused', async () => {
    const path = '/can-i-deploy?pacticipant=shop&version=2&environment=live';
    const answer = await ask(hub, `GET ${path}&reasons=everything`);
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: { reasons: ['must be one of: interactions'] } },
    });
  });
});
