// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, aContract, anInteraction, aPact, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import { type TestHub, withEnvironments } from './start-hub.ts';

const MERGE_PATCH = { 'content-type': 'application/merge-patch+json' };

describe.each(relationalDatabases)('what decides, on %s', (database) => {
  let hub: TestHub;
  let production: string;

  beforeAll(async () => {
    hub = await startHubOn(database, withEnvironments);
    production = await environment('production');
  });

  afterAll(() => hub.close());

  async function environment(name: string): Promise<string> {
    const list = await ask(hub, `GET /environments?name=${name}`);
    return list.body._embedded.environments[0].uuid;
  }

  /** `publishes('web@1', 'shop', {branch: 'main'})`; `content` tells contents apart. */
  async function publishes(
    who: string,
    provider: string,
    where: { branch?: string; tags?: string[]; content?: string } = {},
  ): Promise<string> {
    const [consumer = '', number = ''] = who.split('@');
    const { content = 'same', ...rest } = where;
    const pact = JSON.stringify(
      aPact({
        consumer: { name: consumer },
        provider: { name: provider },
        interactions: [anInteraction({ description: content })],
      }),
    );
    const contract = aContract({ consumerName: consumer, providerName: provider }, pact);
    const json = {
      pacticipantName: consumer,
      pacticipantVersionNumber: number,
      contracts: [contract],
      ...rest,
    };
    expect((await ask(hub, 'POST /contracts/publish', { json })).status).toBe(200);
    const published = await ask(
      hub,
      `GET /pacts/provider/${provider}/consumer/${consumer}/version/${number}`,
    );
    return new URL(published.body._links['pb:publish-verification-results'].href).pathname;
  }

  function verifies(
    results: string,
    providerApplicationVersion: string,
    success = true,
  ): Promise<Answer> {
    return ask(hub, `POST ${results}`, { json: { success, providerApplicationVersion } });
  }

  function deploys(who: string, to: string, json: object = {}): Promise<Answer> {
    const [name, number] = who.split('@');
    return ask(
      hub,
      `POST /pacticipants/${name}/versions/${number}/deployed-versions/environment/${to}`,
      { json },
    );
  }

  function releases(who: string, to: string): Promise<Answer> {
    const [name, number] = who.split('@');
    const path = `/pacticipants/${name}/versions/${number}/released-versions/environment/${to}`;
    return ask(hub, `POST ${path}`, { json: {} });
  }

  async function picked(provider: string, json: object): Promise<readonly string[]> {
    const answer = await ask(hub, `POST /pacts/provider/${provider}/for-verification`, { json });
    expect(answer.status).toBe(200);
    const pacts: { _links: { self: { name: string } } }[] = answer.body._embedded.pacts;
    return pacts.map(({ _links }) => /between (.*) and/.exec(_links.self.name)?.[1] ?? '');
  }

  const selecting = (...consumerVersionSelectors: object[]) => ({
    includePendingStatus: false,
    consumerVersionSelectors,
  });

  describe('environments', () => {
    test('those of a fresh hub can be created once, and then are taken', async () => {
      const json = { name: 'test', displayName: 'The test', production: false };
      const before = await environment('test');
      const first = await ask(hub, 'POST /environments', { json });
      expect(first.status).toBe(201);
      expect(first.body).toMatchObject({ uuid: before, displayName: 'The test' });
      const second = await ask(hub, 'POST /environments', { json });
      expect(second.status).toBe(400);
      expect(second.body.errors.name).toEqual([expect.stringContaining('already used')]);
    });

    test('one that is used cannot be created any more', async () => {
      await publishes('env-user@1', 'env-provider');
      await deploys('env-user@1', production);
      const json = { name: 'production', production: true };
      expect((await ask(hub, 'POST /environments', { json })).status).toBe(400);
    });

    test('deleting one takes its deployments along', async () => {
      const json = { name: 'short-lived', production: false };
      const { body } = await ask(hub, 'POST /environments', { json });
      const deployed = await deploys('env-user@1', body.uuid);
      expect((await ask(hub, `DELETE /environments/${body.uuid}`)).status).toBe(204);
      const gone = await ask(hub, `GET /deployed-versions/${deployed.body.uuid}`);
      expect(gone.status).toBe(404);
    });
  });

  describe('at the same time', () => {
    test('two deployments to one place leave one running', async () => {
      await publishes('racer@1', 'track');
      await publishes('racer@2', 'track');
      const place = { applicationInstance: 'lane' };
      const answers = await Promise.all(
        ['racer@1', 'racer@2', 'racer@1', 'racer@2'].map((who) => deploys(who, production, place)),
      );
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      const path = `/environments/${production}/deployed-versions/currently-deployed`;
      const { body } = await ask(hub, `GET ${path}?pacticipant=racer&applicationInstance=lane`);
      expect(body._embedded.deployedVersions).toHaveLength(1);
    });

    test('the same release twice is one', async () => {
      await publishes('racer@3', 'track');
      const answers = await Promise.all([1, 2, 3].map(() => releases('racer@3', production)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
      expect(new Set(answers.map(({ body }) => body.uuid)).size).toBe(1);
    });

    test('two results for one provider version: both are kept, one is the latest', async () => {
      const results = await publishes('racer@4', 'judge', { content: 'race' });
      const answers = await Promise.all(
        [true, false, true, false].map((ok) => verifies(results, '1', ok)),
      );
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      const numbers = answers.map(({ headers }) => headers.get('location'));
      expect(new Set(numbers).size).toBe(4);
      const pair = 'q[][pacticipant]=racer&q[][version]=4&q[][pacticipant]=judge';
      const all = await ask(hub, `GET /matrix?${pair}`);
      expect(all.body.matrix).toHaveLength(4);
      const latest = await ask(hub, `GET /matrix?${pair}&latestby=cvpv`);
      expect(latest.body.matrix).toHaveLength(1);
    });

    test('two clients publishing for a provider version that does not exist create it once', async () => {
      const results = await publishes('racer@5', 'newcomer', { content: 'new' });
      const answers = await Promise.all([1, 2, 3].map(() => verifies(results, 'fresh')));
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
      const versions = await ask(hub, 'GET /pacticipants/newcomer/versions');
      expect(versions.body._embedded.versions).toHaveLength(1);
    });
  });

  describe('results', () => {
    test('taking the latest away brings the one before back', async () => {
      const results = await publishes('eraser@1', 'paper');
      await verifies(results, '1', true);
      const failed = await verifies(results, '1', false);
      const place = new URL(failed.headers.get('location') ?? '').pathname;
      const question = 'GET /matrix?q[][pacticipant]=eraser&q[][version]=1&latestby=cvpv';
      expect((await ask(hub, question)).body.summary.deployable).toBe(false);
      expect((await ask(hub, `DELETE ${place}`)).status).toBe(204);
      expect((await ask(hub, question)).body.summary.deployable).toBe(true);
      expect((await ask(hub, `DELETE ${place}`)).status).toBe(404);
    });

    test('test results of any shape come back as they were sent', async () => {
      const results = await publishes('exact@1', 'paper');
      const sent = '{"b":1.0,"a":[12345678901234567890,{"x":null}]}';
      const raw = `{"success":true,"providerApplicationVersion":"1","testResults":${sent}}`;
      const { status, headers } = await ask(hub, `POST ${results}`, { raw });
      expect(status).toBe(201);
      const stored = await ask(hub, `GET ${new URL(headers.get('location') ?? '').pathname}`);
      expect(stored.text).toContain(`"testResults":${sent}`);
    });

    test('broken metadata in the URL does not matter', async () => {
      const results = await publishes('exact@2', 'paper');
      const path = results.replace('/verification-results', '/metadata/zz!!/verification-results');
      expect((await verifies(path, '1')).status).toBe(201);
    });

    test('hundreds of interactions are one result', async () => {
      const results = await publishes('large@1', 'paper');
      const testResults = Array.from({ length: 1200 }, (_, index) => ({
        interactionId: `i${index}`,
        success: index % 2 === 0,
      }));
      const json = { success: false, providerApplicationVersion: '1', testResults };
      expect((await ask(hub, `POST ${results}`, { json })).status).toBe(201);
    });

    test('a result that is refused leaves nothing behind', async () => {
      const results = await publishes('careful@1', 'glass');
      const refused = await ask(hub, `POST ${results}`, {
        json: { success: 'yes', providerApplicationVersion: 'never' },
      });
      expect(refused.status).toBe(400);
      const elsewhere = results.replace(/pact-version\/[^/]+/, 'pact-version/0000');
      expect((await verifies(elsewhere, 'never')).status).toBe(404);
      expect((await ask(hub, 'GET /pacticipants/glass/versions/never')).status).toBe(404);
    });
  });

  describe('which pacts a provider verifies', () => {
    beforeAll(async () => {
      await publishes('one@1', 'pick', { branch: 'main', tags: ['prod'], content: 'a' });
      await publishes('one@2', 'pick', { branch: 'feat/x', content: 'b' });
      await publishes('two@1', 'pick', { branch: 'main', tags: ['dev'], content: 'c' });
      await publishes('two@2', 'pick', { branch: 'main', tags: ['dev'], content: 'd' });
      await publishes('old@1', 'pick', { content: 'e' });
      await deploys('one@1', production);
      await releases('two@1', production);
    });

    test.each<readonly [string, object, readonly string[]]>([
      ['main branches', { mainBranch: true }, ['one (1)', 'two (2)']],
      ['main branch of one', { mainBranch: true, consumer: 'two' }, ['two (2)']],
      ['a branch', { branch: 'feat/x' }, ['one (2)']],
      ['every branch', { branch: true }, ['one (1)', 'one (2)', 'two (2)']],
      [
        'a branch, else another',
        { branch: 'feat/x', fallbackBranch: 'main' },
        ['one (2)', 'two (2)'],
      ],
      [
        'a branch, else the main branch',
        { branch: 'feat/x', fallbackToMainBranch: true },
        ['one (2)', 'two (2)'],
      ],
      ['the main branch', { branch: 'nope', fallbackBranch: true }, ['one (1)', 'two (2)']],
      ['no branch at all', { branch: 'nope' }, []],
      ['the newest with a tag', { tag: 'dev', latest: true }, ['two (2)']],
      ['all with a tag', { tag: 'dev' }, ['two (1)', 'two (2)']],
      ['a tag, else another', { tag: 'nope', fallbackTag: 'prod', latest: true }, ['one (1)']],
      ['a tag that is there', { tag: 'dev', fallbackTag: 'prod', latest: true }, ['two (2)']],
      ['the newest of all', { latest: true }, ['old (1)', 'one (2)', 'two (2)']],
      ['what runs', { deployed: true }, ['one (1)']],
      ['what is released', { released: true }, ['two (1)']],
      ['both', { deployedOrReleased: true }, ['one (1)', 'two (1)']],
      ['what is in an environment', { environment: 'production' }, ['one (1)', 'two (1)']],
      ['what runs in it', { environment: 'production', deployed: true }, ['one (1)']],
      ['an environment where nothing is', { environment: 'test' }, []],
    ])('%s', async (_caption, selector, pacts) => {
      expect(await picked('pick', selecting(selector))).toEqual(pacts);
    });

    test('the branch of the same name', async () => {
      const body = { ...selecting({ matchingBranch: true }), providerVersionBranch: 'feat/x' };
      expect(await picked('pick', body)).toEqual(['one (2)']);
    });

    test('the branch of the same name, else the main branch', async () => {
      const selector = { matchingBranch: true, fallbackToMainBranch: true };
      const body = { ...selecting(selector), providerVersionBranch: 'feat/x' };
      expect(await picked('pick', body)).toEqual(['one (2)', 'two (2)']);
    });

    test('without selectors: main branches, what stands for them, and what runs', async () => {
      expect(await picked('pick', {})).toEqual(['old (1)', 'one (1)', 'two (1)', 'two (2)']);
    });

    test('the old GET form knows tags, and says that it is old', async () => {
      const path = '/pacts/provider/pick/for-verification';
      const query =
        'consumer_version_selectors[][tag]=dev&consumer_version_selectors[][latest]=true';
      const { body } = await ask(hub, `GET ${path}?${query}&include_pending_status=true`);
      const [pact] = body._embedded.pacts;
      expect(pact.verificationProperties.pending).toBe(true);
      expect(pact.verificationProperties.notices[0].text).toContain('deprecated');
      const wrong = await ask(hub, `GET ${path}?consumer_version_selectors[][latest]=true`);
      expect(wrong.status).toBe(400);
      expect((await ask(hub, `GET ${path}`)).body._embedded.pacts).toHaveLength(4);
    });

    test('a provider that nobody knows is a 404', async () => {
      const answer = await ask(hub, 'POST /pacts/provider/nobody/for-verification', { json: {} });
      expect(answer).toMatchObject({
        status: 404,
        body: { error: expect.stringContaining('nobody') },
      });
    });

    test('work in progress by tags ends when every tag has verified it', async () => {
      const results = await publishes('three@1', 'tagged', { branch: 'feat/t', content: 't' });
      const body = {
        providerVersionTags: ['dev', 'prod'],
        includePendingStatus: true,
        includeWipPactsSince: '2020-01-01',
        consumerVersionSelectors: [{ tag: 'none', latest: true }],
      };
      expect(await picked('tagged', body)).toEqual(['three (1)']);
      await verifies(results, '1');
      for (const tag of ['dev', 'prod']) {
        await ask(hub, `PUT /pacticipants/tagged/versions/1/tags/${tag}`, { json: {} });
      }
      expect(await picked('tagged', body)).toEqual([]);
    });
  });

  describe('can-i-deploy', () => {
    test('a long history does not hide what decides', async () => {
      const results = await publishes('long@1', 'memory', { content: 'l' });
      await publishes('long@2', 'memory', { content: 'other' });
      for (let version = 1; version <= 120; version += 1) await verifies(results, `${version}`);
      const answer = await ask(hub, 'GET /matrix?q[][pacticipant]=long&q[][pacticipant]=memory');
      expect(answer.body.matrix).toHaveLength(100);
      expect(answer.body.summary).toMatchObject({ deployable: null, success: 120, unknown: 1 });
      const one = await ask(
        hub,
        'GET /matrix?q[][pacticipant]=long&q[][pacticipant]=memory&limit=1',
      );
      expect(one.body.matrix).toHaveLength(1);
    });

    test('a version may be asked about on every way', async () => {
      const results = await publishes('way@1', 'goal', { branch: 'main', tags: ['dev'] });
      await verifies(results, '1');
      await deploys('goal@1', production);
      await ask(hub, 'PUT /pacticipants/goal/versions/1/tags/live', { json: {} });
      await ask(hub, 'PUT /pacticipants/goal/branches/main/versions/1', { json: {} });
      for (const path of [
        '/can-i-deploy?pacticipant=way&version=1&environment=production',
        '/can-i-deploy?pacticipant=way&version=1&to=live',
        '/matrix?q[][pacticipant]=way&q[][version]=1&latestby=cvp&latest=true&mainBranch=true',
        '/matrix?q[][pacticipant]=way&q[][tag]=dev&q[][latest]=true&q[][pacticipant]=goal&q[][mainBranch]=true',
        '/matrix?q[][pacticipant]=way&q[][tag]=dev&q[][pacticipant]=goal&q[][branch]=main',
        '/matrix?q[][pacticipant]=goal&q[][version]=1',
        '/pacticipants/way/branches/main/latest-version/can-i-deploy/to-environment/production',
        '/pacticipants/way/latest-version/dev/can-i-deploy/to/live',
        '/matrix/provider/goal/consumer/way',
      ]) {
        const answer = await ask(hub, `GET ${path}`);
        expect([path, answer.body?.summary?.deployable]).toEqual([path, true]);
      }
    });

    test.each([
      [
        '/can-i-deploy',
        {
          pacticipant: ['is missing'],
          version: ['is missing'],
          '': ["Must specify either an environment or a 'to' tag."],
        },
      ],
      [
        '/can-i-deploy?pacticipant=Ghost&version=1&to=x',
        { pacticipant: ['does not match an existing pacticipant'] },
      ],
      [
        '/can-i-deploy?pacticipant=way&version=1&environment=mars',
        { environment: ["with name 'mars' does not exist"] },
      ],
      ['/matrix', ['Please provide 1 or more version selectors.']],
      ['/matrix?q[][version]=1', ['Please specify the pacticipant name']],
      [
        '/matrix?q[][pacticipant]=way&latestby=bogus',
        [expect.stringContaining('latestby must be one of')],
      ],
    ])('%s is refused with what is wrong', async (path, errors) => {
      const answer = await ask(hub, `GET ${path}`);
      expect(answer).toMatchObject({ status: 400, body: { errors } });
    });
  });

  describe('deployments', () => {
    test.each<readonly [string, string, number]>([
      ['a list as body', '[]', 400],
      ['half a body', '{', 400],
      ['an object as instance', '{"applicationInstance":{}}', 400],
      ['a number as instance', '{"applicationInstance":5}', 201],
    ])('%s', async (_caption, raw, status) => {
      await publishes('body@1', 'reader');
      const path = `/pacticipants/body/versions/1/deployed-versions/environment/${production}`;
      expect((await ask(hub, `POST ${path}`, { raw })).status).toBe(status);
    });

    test('an end cannot be taken back', async () => {
      await publishes('ends@1', 'reader');
      const { body } = await deploys('ends@1', production, { target: 'x' });
      const path = `PATCH /deployed-versions/${body.uuid}`;
      const end = { json: { currentlyDeployed: false }, headers: MERGE_PATCH };
      expect((await ask(hub, path, end)).body.currentlyDeployed).toBe(false);
      expect((await ask(hub, path, end)).status).toBe(200);
      const back = { json: { currentlyDeployed: true }, headers: MERGE_PATCH };
      expect((await ask(hub, path, back)).status).toBe(422);
    });
  });
});
