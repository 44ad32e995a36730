import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anInteraction, aPact, aPublication, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

/** On SQLite, and on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL when there is one. */
describe.each(relationalDatabases)('on %s', (database) => {
  let hub: TestHub;

  /** web 1 (main, dev), web 2 (feat), web 3 (no branch), cart 1 (main); web and cart consume shop. */
  beforeAll(async () => {
    hub = await startHubOn(database);
    const content = (consumer: string, description: string) =>
      JSON.stringify(
        aPact({ consumer: { name: consumer }, interactions: [anInteraction({ description })] }),
      );
    const publish = (consumer: string, version: string, changes: object) => {
      const text = content(consumer, `v${version}`);
      const body = aPublication(
        { pacticipantName: consumer, pacticipantVersionNumber: version, branch: null, ...changes },
        text,
      );
      const [contract] = body.contracts as [Record<string, unknown>];
      return ask(hub, 'POST /contracts/publish', {
        json: { ...body, contracts: [{ ...contract, consumerName: consumer }] },
      });
    };
    await publish('web', '1', { branch: 'main', tags: ['dev'] });
    await publish('web', '2', { branch: 'feat' });
    await publish('web', '3', {});
    await publish('cart', '1', { branch: 'main' });
  });

  afterAll(() => hub.close());

  const PAIR = '/pacts/provider/shop/consumer/web';

  describe('one pact', () => {
    test.each([
      ['/latest', '3'],
      ['/latest/dev', '1'],
      ['/latest-untagged', '3'],
      ['/branch/main/latest', '1'],
      ['/branch/feat/latest', '2'],
    ])('%s is of version %s', async (path, version) => {
      const { status, headers } = await ask(hub, `GET ${PAIR}${path}`);
      expect([status, headers.get('x-pact-consumer-version')]).toEqual([200, version]);
    });

    test.each(['/latest/none', '/branch/none/latest', '/pact-version/none', '/version/9'])(
      '%s is not there',
      async (path) => {
        const { status, body } = await ask(hub, `GET ${PAIR}${path}`);
        expect([status, body.error]).toEqual([
          404,
          'The requested document was not found on this server.',
        ]);
      },
    );
  });

  describe('lists', () => {
    const names = (
      body: { _links: Record<string, { name: string; title: string }[]> },
      link: string,
    ) => body._links[link]?.map((each) => each.title);

    test.each([
      ['', ['cart (1)', 'web (1)', 'web (2)', 'web (3)']],
      ['/latest', ['cart (1)', 'web (3)']],
      ['/latest/dev', ['web (1)']],
      ['/tag/dev', ['web (1)']],
      ['/branch', ['cart (1)', 'web (1)']],
      ['/branch/latest', ['cart (1)', 'web (1)']],
      ['/branch/feat', ['web (2)']],
      ['/branch/feat/latest', ['web (2)']],
    ])('the provider’s pacts at %j', async (path, expected) => {
      const { body } = await ask(hub, `GET /pacts/provider/shop${path}`);
      const titles = expected.map((each) => `Pact between ${each} and shop`);
      expect(names(body, 'pb:pacts')?.toSorted()).toEqual(titles.toSorted());
      expect(body._links.pacts).toHaveLength(expected.length);
    });

    test.each([
      ['/versions', ['3', '2', '1']],
      ['/tag/dev', ['1']],
      ['/branch', ['1']],
      ['/branch/versions', ['1']],
      ['/branch/latest', ['1']],
      ['/branch/latest/versions', ['1']],
      ['/branch/feat', ['2']],
      ['/branch/feat/latest/versions', ['2']],
    ])('the pair’s pacts at %j are of versions %j', async (path, expected) => {
      const { body } = await ask(hub, `GET ${PAIR}${path}`);
      const versions = body._embedded.pacts.map(
        (pact: { _embedded: { consumerVersion: { number: string } } }) =>
          pact._embedded.consumerVersion.number,
      );
      expect(versions).toEqual(expected);
    });

    test('the newest pact of every pair, `self` a list of two', async () => {
      const { body } = await ask(hub, 'GET /pacts/latest');
      expect(
        body.pacts.map((pact: { _links: { self: object[] } }) => pact._links.self.length),
      ).toEqual([2, 2]);
    });

    test.each([
      ['/pacts/provider/ghost/latest', "No provider with name 'ghost' found"],
      ['/pacts/provider/shop/consumer/ghost/versions', "No consumer with name 'ghost' found"],
      ['/pacticipants/ghost/versions', "No pacticipant with name 'ghost' found"],
      ['/pacticipants/ghost/branches', "No pacticipant with name 'ghost' found"],
    ])('%s names who is missing', async (path, error) => {
      const answer = await ask(hub, `GET ${path}`);
      expect([answer.status, answer.body]).toEqual([404, { error }]);
    });
  });

  describe('taking pacts away', () => {
    test('by tag, by branch and all', async () => {
      expect(
        (await ask(hub, `DELETE ${PAIR}/tag/dev`)).body._links['pb:latest-pact-version'].title,
      ).toBe('Latest pact');
      expect((await ask(hub, `GET ${PAIR}/version/1`)).status).toBe(404);
      const unknown = await ask(hub, `DELETE ${PAIR}/branch/none`);
      expect([unknown.status, unknown.body]).toEqual([
        404,
        { error: "No branch with name 'none' found" },
      ]);
      expect((await ask(hub, `DELETE ${PAIR}/branch/feat`)).status).toBe(200);
      expect((await ask(hub, `GET ${PAIR}/version/2`)).status).toBe(404);
      expect((await ask(hub, `DELETE ${PAIR}/versions`)).status).toBe(204);
      expect((await ask(hub, `GET ${PAIR}/versions`)).body._embedded.pacts).toEqual([]);
      expect(
        (await ask(hub, 'GET /pacticipants/web/versions')).body._embedded.versions,
      ).toHaveLength(3);
    });
  });
});
