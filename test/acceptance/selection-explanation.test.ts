import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aContract, anInteraction, aPact, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

// On the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too, when there is one.
describe.each(relationalDatabases)('why a pact is here or not, on %s', (database) => {
  let hub: TestHub;
  let live: string;

  /** one: main 1, feat/x 2, tag prod on 1, 1 deployed. two: no main branch, tag dev, 2 without a pact on branch later. */
  beforeAll(async () => {
    hub = await startHubOn(database);
    const json = { name: 'live', production: true };
    live = (await ask(hub, 'POST /environments', { json })).body.uuid;
    await publishes('one@1', { branch: 'main', tags: ['prod'] });
    await publishes('one@2', { branch: 'feat/x' });
    await publishes('two@1', { tags: ['dev'], branch: 'odd' });
    await ask(hub, 'PUT /pacticipants/two/branches/later/versions/2', { json: {} });
    await ask(hub, 'PUT /pacticipants/two/versions/2/tags/later', { json: {} });
    const deployments = `deployed-versions/environment/${live}`;
    await ask(hub, `POST /pacticipants/one/versions/1/${deployments}`, { json: {} });
  });

  afterAll(() => hub.close());

  async function publishes(who: string, where: object): Promise<void> {
    const [consumer = '', version = ''] = who.split('@');
    const pact = aPact({
      consumer: { name: consumer },
      interactions: [anInteraction({ description: who })],
    });
    const json = {
      pacticipantName: consumer,
      pacticipantVersionNumber: version,
      contracts: [aContract({ consumerName: consumer }, JSON.stringify(pact))],
      ...where,
    };
    expect((await ask(hub, 'POST /contracts/publish', { json })).status).toBe(200);
  }

  async function explained(json: object, provider = 'shop') {
    const path = `/pacts/provider/${provider}/for-verification`;
    const answer = await ask(hub, `POST ${path}/explanation`, { json });
    expect(answer.status).toBe(200);
    const pacts = await ask(hub, `POST ${path}`, { json });
    const names = pacts.body._embedded.pacts.map(
      ({ _links }: { _links: { self: { name: string } } }) => _links.self.name,
    );
    expect(
      answer.body.pacts.map(
        (one: { consumer: string; version: string }) =>
          `Pact between ${one.consumer} (${one.version}) and ${provider}`,
      ),
    ).toEqual(names);
    return answer.body;
  }

  const only = async (selector: object, more: object = {}) => {
    const body = await explained({ consumerVersionSelectors: [selector], ...more });
    expect(body.selectors[0].selector).toEqual(selector);
    return body.selectors[0];
  };

  test('what is picked says by which criterion', async () => {
    const { matched, missed } = await only({ mainBranch: true });
    expect(matched).toEqual([
      {
        consumer: 'one',
        version: '1',
        because: "latest version from the main branch 'main' (1)",
      },
    ]);
    expect(missed).toEqual([
      {
        consumer: 'two',
        kind: 'no-main-branch',
        sentence: 'It is not known which branch is the main branch of two: set its mainBranch.',
      },
    ]);
  });

  test.each<readonly [object, readonly (readonly [string, string])[]]>([
    [{ branch: 'feat/x' }, [['two', 'no-such-branch']]],
    [
      { branch: 'later' },
      [
        ['one', 'no-such-branch'],
        ['two', 'no-pact-in-version'],
      ],
    ],
    [{ branch: true }, []],
    [{ tag: 'prod', latest: true }, [['two', 'no-such-tag']]],
    [
      { tag: 'later' },
      [
        ['one', 'no-such-tag'],
        ['two', 'no-pact-in-version'],
      ],
    ],
    [{ deployedOrReleased: true }, [['two', 'not-running']]],
    [{ deployed: true, environment: 'live' }, [['two', 'not-running']]],
    [
      { released: true },
      [
        ['one', 'not-running'],
        ['two', 'not-running'],
      ],
    ],
    [{ environment: 'live' }, [['two', 'not-running']]],
    [{ latest: true }, []],
    [{ latest: true, consumer: 'three' }, [['three', 'unknown-consumer']]],
    [{ branch: 'nope', consumer: 'two' }, [['two', 'no-such-branch']]],
    [{ branch: 'nope', fallbackBranch: 'odd' }, [['one', 'no-such-branch']]],
  ])('%j misses', async (selector, expected) => {
    const { missed } = await only(selector);
    expect(missed.map(({ consumer, kind }: Record<string, string>) => [consumer, kind])).toEqual(
      expected,
    );
  });

  test('the newest version with the tag or branch is named, when it has no pact', async () => {
    const { missed } = await only({ tag: 'later', latest: true, consumer: 'two' });
    expect(missed[0].sentence).toBe(
      "Version 2 of two, the newest with tag 'later', has published no pact with shop.",
    );
    const branch = await only({ matchingBranch: true }, { providerVersionBranch: 'later' });
    expect(branch.missed[1].sentence).toContain('Version 2 of two');
  });

  test('without selectors it is said what applies', async () => {
    const { selectors } = await explained({});
    expect(selectors).toEqual([
      {
        selector: null,
        matched: [
          expect.objectContaining({ consumer: 'one', version: '1' }),
          expect.objectContaining({ consumer: 'one', version: '1' }),
          expect.objectContaining({ consumer: 'two', version: '1' }),
        ],
        missed: [],
      },
    ]);
  });

  test('pacts come with what a verifier would print, and whether they are pending', async () => {
    const { pacts } = await explained({
      consumerVersionSelectors: [{ branch: 'feat/x' }],
      includePendingStatus: true,
      providerVersionBranch: 'main',
    });
    expect(pacts).toEqual([
      {
        consumer: 'one',
        version: '2',
        sha: expect.stringMatching(/^[0-9a-f]{40}$/),
        pending: true,
        wip: false,
        notices: [
          expect.stringContaining("latest version from branch 'feat/x' (2)"),
          expect.stringContaining('is in pending state'),
        ],
      },
    ]);
  });

  describe('work in progress', () => {
    const since = '2020-01-01';
    const asked = { consumerVersionSelectors: [{ branch: 'feat/x' }] };

    test.each([
      ['was not asked for', {}, 'was not asked for'],
      ['needs a branch', { includeWipPactsSince: since }, 'needs the branch or tags'],
    ])('%s', async (_caption, more, words) => {
      const { workInProgress } = await explained({ ...asked, ...more });
      expect(workInProgress).toEqual({
        notLookedFor: expect.stringContaining(words),
        leftOut: [],
      });
    });

    test('what was verified or published before is left out, and why', async () => {
      const wip = { ...asked, includeWipPactsSince: since, providerVersionBranch: 'main' };
      const before = await explained(wip);
      expect(before.workInProgress).toEqual({ notLookedFor: null, leftOut: [] });
      expect(before.pacts.filter((one: { wip: boolean }) => one.wip)).toHaveLength(2);

      const { body } = await ask(hub, 'GET /pacts/provider/shop/consumer/two/version/1');
      const results = new URL(body._links['pb:publish-verification-results'].href).pathname;
      const json = { success: true, providerApplicationVersion: '1' };
      await ask(hub, `POST ${results}`, { json });
      await ask(hub, 'PUT /pacticipants/shop/branches/main/versions/1', { json: {} });
      const after = await explained(wip);
      expect(after.workInProgress.leftOut).toEqual([
        {
          consumer: 'two',
          version: '1',
          kind: 'already-verified',
          sentence: expect.stringContaining('was verified by shop on that branch'),
        },
      ]);
      const later = await explained({ ...wip, includeWipPactsSince: '2100-01-01' });
      expect(later.workInProgress.leftOut.map(({ kind }: { kind: string }) => kind)).toEqual([
        'published-before',
        'published-before',
      ]);
    });
  });

  test('a provider without consumers has nothing to explain', async () => {
    const body = await explained({ consumerVersionSelectors: [{ latest: true }] }, 'one');
    expect(body).toMatchObject({ selectors: [{ matched: [], missed: [] }], pacts: [] });
  });

  test.each([
    ['nobody', {}, 404],
    ['shop', { consumerVersionSelectors: [{}] }, 400],
  ])('%s with %j is refused', async (provider, json, status) => {
    const path = `/pacts/provider/${provider}/for-verification/explanation`;
    expect((await ask(hub, `POST ${path}`, { json })).status).toBe(status);
    expect((await ask(hub, `GET ${path}`)).status).toBe(405);
  });
});
