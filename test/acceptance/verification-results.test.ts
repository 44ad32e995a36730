import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, aContract, anInteraction, aPact, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

// On the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too, when there is one.
describe.each(relationalDatabases)('what results say about interactions, on %s', (database) => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startHubOn(database);
  });

  afterAll(() => hub.close());

  const interactions = [
    anInteraction({ _id: 'list', description: 'list things' }),
    anInteraction({ _id: 'get', description: 'get a thing', providerState: 'it exists' }),
    anInteraction({ _id: 'none', description: 'get a thing', providerState: 'nothing exists' }),
  ];

  /** Answers the path that results of the pact go to. */
  async function publishes(
    who: string,
    provider: string,
    changes: Readonly<Record<string, unknown>> = { interactions },
  ): Promise<string> {
    const [consumer = '', version = ''] = who.split('@');
    const sides = { consumer: { name: consumer }, provider: { name: provider } };
    const pact = JSON.stringify(aPact({ ...sides, ...changes }));
    const contract = aContract({ consumerName: consumer, providerName: provider }, pact);
    const json = {
      pacticipantName: consumer,
      pacticipantVersionNumber: version,
      contracts: [contract],
    };
    expect((await ask(hub, 'POST /contracts/publish', { json })).status).toBe(200);
    const path = `/pacts/provider/${provider}/consumer/${consumer}/version/${version}`;
    const { body } = await ask(hub, `GET ${path}`);
    return new URL(body._links['pb:publish-verification-results'].href).pathname;
  }

  /** Publishes a result and answers the page of its interactions. */
  async function reports(results: string, json: object, query = ''): Promise<Answer> {
    const published = await ask(hub, `POST ${results}`, {
      json: { success: false, providerApplicationVersion: '1', ...json },
    });
    expect(published.status).toBe(201);
    const [, link = ''] = /^<(.+)>; rel="concordat:interactions"$/.exec(
      published.headers.get('link') ?? '',
    ) ?? ['', ''];
    return ask(hub, `GET ${new URL(link).pathname}${query}`);
  }

  const told = ({ body }: Answer) =>
    body.interactions.map((one: Record<string, unknown>) => [one.id, one.result]);

  test('the Rust verifier: ids, mismatches and exceptions', async () => {
    const results = await publishes('rust@1', 'lib');
    const answer = await reports(results, {
      testResults: [
        { interactionId: 'list', success: true },
        {
          interactionId: 'get',
          interactionDescription: 'get a thing',
          success: false,
          mismatches: [
            { attribute: 'body', identifier: '$.id', description: 'Expected 1 but was 2' },
          ],
          exceptions: [{ message: 'and then it hung up' }],
        },
      ],
    });
    expect(answer.body).toMatchObject({
      consumer: 'rust',
      provider: 'lib',
      providerVersion: '1',
      success: false,
      summary: { passed: 1, failed: 1, notReported: 1 },
      page: { number: 1, size: 100, totalElements: 3, totalPages: 1 },
    });
    expect(answer.body.interactions[1]).toEqual({
      id: 'get',
      description: 'get a thing',
      providerStates: ['it exists'],
      summary: 'GET /things/1 → 200',
      pending: false,
      inPact: true,
      result: 'failed',
      mismatches: [
        { attribute: 'body', identifier: '$.id', description: 'Expected 1 but was 2' },
        { attribute: 'exception', identifier: null, description: 'and then it hung up' },
      ],
      lastKeptBy: null,
      traceId: null,
    });
    expect(told(answer)).toEqual([
      ['list', 'passed'],
      ['get', 'failed'],
      ['none', 'not-reported'],
    ]);
  });

  test('the Ruby verifier: descriptions, states, and several checks of one interaction', async () => {
    const results = await publishes('ruby@1', 'lib');
    const check = (status: string, state: string, differences: object[] = []) => ({
      testDescription: 'has status code 200',
      status,
      interactionDescription: 'get a thing',
      interactionProviderState: state,
      differences,
    });
    const answer = await reports(results, {
      testResults: {
        tests: [
          check('passed', 'it exists'),
          check('passed', 'nothing exists'),
          check('failed', 'nothing exists', [{ description: 'Expected 200 but got 404' }]),
        ],
        summary: { testCount: 3, failureCount: 1 },
      },
    });
    expect(told(answer)).toEqual([
      ['list', 'not-reported'],
      ['get', 'passed'],
      ['none', 'failed'],
    ]);
    expect(answer.body.interactions[2].mismatches).toEqual([
      { attribute: null, identifier: null, description: 'Expected 200 but got 404' },
    ]);
  });

  test('what belongs to no interaction of the pact is shown after them', async () => {
    const results = await publishes('stranger@1', 'lib');
    const answer = await reports(results, {
      testResults: [{ interactionId: 'zzz', interactionDescription: 'who?', success: false }],
    });
    expect(answer.body.interactions.at(-1)).toMatchObject({
      id: 'zzz',
      description: 'who?',
      inPact: false,
      summary: null,
      result: 'failed',
    });
  });

  test.each([
    ['no test results', undefined],
    ['a text', 'all fine'],
    ['an empty list', []],
  ])('%s: every interaction is not reported', async (caption, testResults) => {
    const results = await publishes(`silent-${caption.length}@1`, 'lib');
    const answer = await reports(results, { testResults });
    expect(answer.body.summary).toEqual({ passed: 0, failed: 0, notReported: 3 });
  });

  test('who kept a broken interaction last is known across contents and versions', async () => {
    const first = await publishes('history@1', 'lib');
    const kept = { success: true, testResults: [{ interactionId: 'get', success: true }] };
    await ask(hub, `POST ${first}`, { json: { providerApplicationVersion: '7', ...kept } });
    const more = [...interactions, anInteraction({ _id: 'new', description: 'what is new' })];
    const second = await publishes('history@2', 'lib', { interactions: more });
    const answer = await reports(second, {
      testResults: [
        { interactionId: 'get', success: false },
        { interactionId: 'new', success: false },
      ],
    });
    const by = answer.body.interactions.map((one: { lastKeptBy: unknown }) => one.lastKeptBy);
    expect(by).toEqual([null, { version: '7', verifiedAt: expect.any(String) }, null, null]);
  });

  test('pages', async () => {
    const results = await publishes('paged@1', 'lib');
    const answer = await reports(results, { testResults: [] }, '?page=2&size=2');
    expect(told(answer)).toEqual([['none', 'not-reported']]);
    expect(answer.body.page).toMatchObject({ number: 2, totalPages: 2 });
    expect(answer.body._links.previous.href).toContain('/interactions?size=2&page=1');
    const wrong = await ask(hub, `GET ${new URL(answer.body._links.self.href).pathname}?page=0`);
    expect(wrong.status).toBe(400);
  });

  test('people get a page on which nothing of a verifier is markup', async () => {
    const results = await publishes('page@1', 'lib');
    const description = '<script>alert(1)</script>';
    const answer = await reports(results, {
      testResults: [
        { interactionId: 'get', success: false, mismatches: [{ attribute: 'body', description }] },
      ],
    });
    const path = new URL(answer.body._links.self.href).pathname;
    const page = await ask(hub, `GET ${path}`, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.text).toContain('<li id="get">');
    expect(page.text).toContain('body: &lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page.text).not.toContain('<script>');
  });

  test('a result that is not there has no interactions', async () => {
    const results = await publishes('gone@1', 'lib');
    expect((await ask(hub, `GET ${results}/9999/interactions`)).status).toBe(404);
    expect((await ask(hub, `GET ${results}/latest/interactions`)).status).toBe(404);
    await reports(results, {});
    expect((await ask(hub, `GET ${results}/latest/interactions`)).status).toBe(200);
  });

  describe('interactions that the pact marks as pending', () => {
    const withPending = {
      metadata: { pactSpecification: { version: '4.0' } },
      interactions: [
        anInteraction({ _id: 'sure', type: 'Synchronous/HTTP' }),
        anInteraction({ _id: 'soon', type: 'Synchronous/HTTP', description: 'x', pending: true }),
      ],
    };
    const failing = (...ids: readonly string[]) =>
      ['sure', 'soon'].map((interactionId) => ({
        interactionId,
        success: !ids.includes(interactionId),
      }));
    const question = (consumer: string) =>
      `/matrix?q[][pacticipant]=${consumer}&q[][version]=1&latestby=cvpv&latest=true`;

    test.each<readonly [string, object, boolean]>([
      ['alone', { testResults: failing('soon') }, true],
      ['beside another', { testResults: failing('sure', 'soon') }, false],
      ['without results by interaction', {}, false],
    ])('a failure of theirs %s', async (caption, json, deployable) => {
      const consumer = `pending-${caption.length}`;
      const results = await publishes(`${consumer}@1`, 'slow', withPending);
      await reports(results, { providerApplicationVersion: '9', ...json });
      const { body } = await ask(hub, `GET ${question(consumer)}`);
      expect(body.summary).toMatchObject({ deployable, failed: deployable ? 0 : 1 });
      expect(body.matrix[0].verificationResult.success).toBe(false);
      const texts: string[] = body.notices.map(({ text }: { text: string }) => text);
      expect(texts.some((text) => text.includes('marks as pending'))).toBe(deployable);
    });

    test('the result goes, and with it what was known about it', async () => {
      const results = await publishes('pending-gone@1', 'slow', withPending);
      const failed = await reports(results, { testResults: failing('soon') });
      const result = new URL(failed.body._links['pb:verification-result'].href).pathname;
      expect((await ask(hub, `DELETE ${result}`)).status).toBe(204);
      const { body } = await ask(hub, `GET ${question('pending-gone')}`);
      expect(body.summary.deployable).toBe(null);
    });
  });
});
