import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aContract, anInteraction, aPact, aPublication, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

const PACT = '/pacts/provider/shop/consumer/web';
/** On SQLite, and on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL when there is one. */
describe.each(relationalDatabases)('on %s', (database) => {
  let hub: TestHub;

  beforeEach(async () => {
    hub = await startHubOn(database);
  });

  afterEach(() => hub.close());

  const publish = (changes = {}, content?: string) =>
    ask(hub, 'POST /contracts/publish', { json: aPublication(changes, content) });

  describe('publishing contracts', () => {
    test('creates the version with branch, tags and build URL, and says what to do next', async () => {
      const { status, body } = await publish({ tags: ['dev', 'main'], buildUrl: 'http://ci/1' });
      expect(status).toBe(200);
      const texts = body.notices.map((notice: { text: string }) => notice.text);
      expect(texts[0]).toBe('Created web version 1 with branch main and tags dev, main');
      expect(texts[1]).toBe('Pact successfully published for web version 1 and provider shop.');
      expect(texts[3]).toContain(
        'Events detected: contract_published, contract_content_changed (first time',
      );
      expect(body._links['pb:pacticipant-version-tags']).toHaveLength(2);
      expect(body.logs[0]).toEqual({
        level: 'debug',
        message: texts[0],
        deprecationWarning: 'Replaced by notices',
      });
      const version = await ask(hub, 'GET /pacticipants/web/versions/1');
      expect(version.body).toMatchObject({ number: '1', buildUrl: 'http://ci/1' });
      expect(version.body._embedded.branchVersions[0]).toMatchObject({
        name: 'main',
        latest: true,
      });
      expect((await ask(hub, 'GET /pacticipants/web')).body.mainBranch).toBe('main');
    });

    test('the same content again is no change, whatever its order', async () => {
      await publish();
      const reordered = JSON.stringify(Object.fromEntries(Object.entries(aPact()).reverse()));
      const { status, body } = await publish({}, reordered);
      expect(status).toBe(200);
      expect(body.notices[1].text).toContain(
        'republished for web version 1 and provider shop with no content changes',
      );
      expect(body.notices[3].text).toBe('  Events detected: contract_published');
    });

    test('other content for the same version is refused with what differs, and nothing of it stays', async () => {
      await publish();
      const other = JSON.stringify(
        aPact({ interactions: [anInteraction({ description: 'other' })] }),
      );
      const before = (await ask(hub, `GET ${PACT}/version/1`)).text;
      const { status, body, headers } = await publish({ tags: ['late'] }, other);
      expect(status).toBe(409);
      expect(headers.get('content-type')).toBe('application/json;charset=utf-8');
      expect(body.errors.contracts[0]).toContain(
        'Cannot change the content of the pact for web version 1 and provider shop',
      );
      expect(body.notices[1].text).toContain('+      "description": "other"');
      expect((await ask(hub, `GET ${PACT}/version/1`)).text).toBe(before);
      expect((await ask(hub, 'GET /pacticipants/web/versions/1/tags/late')).status).toBe(404);
    });

    test('a provider that is named twice in one publication gets a second revision', async () => {
      const other = JSON.stringify(aPact({ interactions: [] }));
      const { status, body } = await publish({ contracts: [aContract(), aContract({}, other)] });
      expect([status, body._links['pb:contracts'].length]).toEqual([200, 2]);
      expect((await ask(hub, `GET ${PACT}/version/1`)).body.interactions).toEqual([]);
      expect((await ask(hub, `GET ${PACT}/versions`)).body._embedded.pacts).toHaveLength(1);
    });

    test('a version can be published without contracts', async () => {
      expect((await publish({ contracts: [] })).status).toBe(200);
      expect((await ask(hub, 'GET /pacticipants/web/versions/1')).status).toBe(200);
    });

    test('a name much like an existing one is taken when the request says that it is meant', async () => {
      await publish();
      const contracts = [aContract({ providerName: 'Shop API' }, '{"interactions":[]}')];
      const body = aPublication({ contracts });
      expect((await ask(hub, 'POST /contracts/publish', { json: body })).status).toBe(409);
      const headers = { 'x-allow-similar-names': 'true' };
      const meant = await ask(hub, 'POST /contracts/publish', { json: body, headers });
      expect(meant.status).toBe(200);
      const put = 'PUT /pacts/provider/shops/consumer/web/version/1';
      expect((await ask(hub, put, { json: {} })).status).toBe(409);
      expect((await ask(hub, put, { json: {}, headers })).status).toBe(201);
    });

    test('a name much like an existing one is refused until it is created on purpose', async () => {
      await publish();
      const contracts = [
        aContract({ providerName: 'Shop-Service' }, JSON.stringify({ interactions: [] })),
      ];
      const first = await publish({ pacticipantVersionNumber: '2', contracts });
      expect(first.status).toBe(409);
      expect(first.body.errors.contracts[0]).toContain(
        'very similar to the following existing pacticipants:\n* shop',
      );
      await ask(hub, 'POST /pacticipants', { json: { name: 'Shop-Service' } });
      expect((await publish({ pacticipantVersionNumber: '2', contracts })).status).toBe(200);
    });

    test('content is served as it was written: numbers, key order, big integers', async () => {
      const odd =
        '{"9":1,"1":2.0,"big":123456789012345678901234567890,"e":1e3,"zero":-0.0,"text":"</script>"}';
      const content = `{"interactions":[{"description":"d","response":{"body":${odd}}}]}`;
      await publish({}, content);
      const { text } = await ask(hub, `GET ${PACT}/version/1`);
      expect(text).toContain(odd.replace('1e3', '1000.0'));
      expect(text).toMatch(/^\{"interactions":\[\{"_id":"[0-9a-f]{40}","description":"d"/);
    });

    test('equal content of two versions is one pact version', async () => {
      await publish();
      await publish({ pacticipantVersionNumber: '2' });
      const sha = async (version: string) =>
        (await ask(hub, `GET ${PACT}/version/${version}`)).body._links['pb:pact-version'].name;
      expect(await sha('1')).toBe(await sha('2'));
      const shown = await ask(hub, `GET ${PACT}/pact-version/${await sha('1')}`);
      expect(shown.body._links['pb:consumer-version'].name).toBe('2');
    });

    test('metadata of a pact URL is kept for the results and names its consumer versions', async () => {
      await publish();
      const links = (await ask(hub, `GET ${PACT}/version/1`)).body._links;
      const metadata = Buffer.from('s[][l]=true&s[][cv]=1&p=true').toString('base64url');
      const path = `${new URL(links['pb:pact-version'].href).pathname}/metadata/${metadata}`;
      const { body } = await ask(hub, `GET ${path}`);
      expect(body._links['pb:publish-verification-results'].href).toBe(
        `${hub.url}${path}/verification-results`,
      );
      expect(body._links['pb:consumer-versions']).toMatchObject([{ name: '1' }]);
      expect((await ask(hub, `GET ${path}%ff`)).status).toBe(404);
      expect((await ask(hub, `GET ${path}xx`)).status).toBe(200);
    });

    test('names with slashes, spaces and accents work everywhere', async () => {
      const name = 'team a/svc ü';
      const contracts = [aContract({ consumerName: name }, '{"interactions":[]}')];
      const published = await publish({ pacticipantName: name, branch: 'feat/ü', contracts });
      const href = published.body._links['pb:contracts'][0].href;
      expect(href).toBe(
        `${hub.url}/pacts/provider/shop/consumer/team%20a%2Fsvc%20%C3%BC/version/1`,
      );
      expect((await ask(hub, `GET ${href.slice(hub.url.length)}`)).status).toBe(200);
      const branch = '/pacticipants/team%20a%2Fsvc%20%C3%BC/branches/feat%2F%C3%BC/latest-version';
      expect((await ask(hub, `GET ${branch}`)).body.number).toBe('1');
    });
  });

  describe('dangerous modification, when it is allowed', () => {
    beforeEach(async () => {
      await hub.close();
      hub = await startHubOn(database, {
        PACT_BROKER_ALLOW_DANGEROUS_CONTRACT_MODIFICATION: 'true',
      });
    });

    const other = JSON.stringify(
      aPact({ interactions: [anInteraction({ description: 'other' })] }),
    );

    test('changed content is published with a warning', async () => {
      await publish();
      const { status, body } = await publish({}, other);
      expect(status).toBe(200);
      expect(body.notices[1].type).toBe('warning');
      expect(body.notices[3].text).toContain(
        'contract_content_changed (pact content modified since',
      );
    });

    test('content that was overwritten is still there for those who were given its URL', async () => {
      await publish();
      const { body } = await ask(hub, `GET ${PACT}/version/1`);
      const old = body._links['pb:pact-version'].href.slice(hub.url.length);
      await publish({}, other);
      const kept = await ask(hub, `GET ${old}`);
      expect([kept.status, kept.body.interactions[0].description]).toEqual([200, 'get a thing']);
      expect(kept.body._links['pb:consumer-version'].name).toBe('1');
    });

    test('merging keeps the interactions of both', async () => {
      await publish();
      const contracts = [aContract({ onConflict: 'merge' }, other)];
      const { body } = await publish({ contracts });
      expect(body.notices[1].text).toBe(
        'Pact content merged with existing content for web version 1 and provider shop.',
      );
      const pact = await ask(hub, `GET ${PACT}/version/1`);
      expect(
        pact.body.interactions.map((each: { description: string }) => each.description),
      ).toEqual(['get a thing', 'other']);
    });
  });

  describe('a pact at its own URL', () => {
    test('is created, repeated, merged and taken away', async () => {
      const url = `${PACT}/version/1`;
      expect((await ask(hub, `PUT ${url}`, { json: aPact() })).status).toBe(201);
      expect((await ask(hub, `PUT ${url}`, { json: aPact() })).status).toBe(200);
      const added = aPact({ interactions: [anInteraction({ description: 'added' })] });
      expect((await ask(hub, `PUT ${url}`, { json: added })).status).toBe(409);
      const merged = await ask(hub, `PATCH ${url}`, { json: added });
      expect([merged.status, merged.body.interactions.length]).toEqual([200, 2]);
      const clash = aPact({ interactions: [anInteraction({ request: { path: '/other' } })] });
      expect((await ask(hub, `PATCH ${url}`, { json: clash })).status).toBe(409);
      const removed = await ask(hub, `DELETE ${url}`);
      expect([removed.status, Object.keys(removed.body._links)]).toEqual([200, ['index']]);
      expect((await ask(hub, `DELETE ${url}`)).status).toBe(404);
    });

    test('refuses a name much like another in plain text', async () => {
      await publish();
      const pact = aPact({ consumer: { name: 'Web' } });
      const { status, headers } = await ask(
        hub,
        'PUT /pacts/provider/shop/consumer/Web/version/1',
        {
          json: pact,
        },
      );
      expect([status, headers.get('content-type')]).toEqual([409, 'text/plain;charset=utf-8']);
    });

    test('is shown in the extended form with its head tags', async () => {
      await publish({ tags: ['dev'] });
      const accept = 'application/vnd.pactbrokerextended.v1+json';
      const { body } = await ask(hub, `GET ${PACT}/version/1`, { headers: { accept } });
      expect(body.contract.consumer.name).toBe('web');
      expect(body._embedded.tags).toMatchObject([{ name: 'dev', latest: true }]);
    });

    test('has a previous distinct version when the content changed before', async () => {
      await publish();
      await publish({ pacticipantVersionNumber: '2' });
      const other = JSON.stringify(aPact({ interactions: [] }));
      await publish({ pacticipantVersionNumber: '3' }, other);
      const previous = await ask(hub, `GET ${PACT}/version/3/previous-distinct`);
      expect(previous.body._links['pb:consumer-version'].name).toBe('2');
      expect((await ask(hub, `GET ${PACT}/version/2/previous-distinct`)).status).toBe(404);
      expect((await ask(hub, `GET ${PACT}/version/9/previous-distinct`)).status).toBe(404);
    });
  });
});
