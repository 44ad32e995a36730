import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anInteraction, aPact, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import { type TestHub, withEnvironments } from './start-hub.ts';

const PAIR = '/pacts/provider/shop/consumer/web';

interface Item {
  readonly consumer: { readonly name: string; readonly version: { readonly number: string } };
  readonly provider: { readonly version: { readonly number: string } | null };
  readonly verificationStatus: string;
}

/** On SQLite, and on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL when there is one. */
describe.each(relationalDatabases)('on %s', (database) => {
  let hub: TestHub;

  /** web 1 (tag prod, passed), 2 (nothing), 3 (deployed, failed), 4 (feat), 5 (newest); app 1. */
  beforeAll(async () => {
    hub = await startHubOn(database, withEnvironments);
    const publish = (consumer: string, version: string) =>
      ask(hub, `PUT /pacts/provider/shop/consumer/${consumer}/version/${version}`, {
        json: aPact({
          consumer: { name: consumer },
          interactions: [anInteraction({ description: `${consumer} ${version}` })],
        }),
      });
    const verify = (links: Record<string, { href: string }>, success: boolean) =>
      ask(hub, `POST ${new URL(links['pb:publish-verification-results']?.href ?? '').pathname}`, {
        json: { success, providerApplicationVersion: '7' },
      });
    await ask(hub, 'PUT /pacticipants/shop/versions/7/tags/live', { json: {} });
    await ask(hub, 'PUT /pacticipants/web/branches/main/versions/1', { json: {} });
    await ask(hub, 'PUT /pacticipants/web/versions/1/tags/prod', { json: {} });
    const one = await publish('web', '1');
    await publish('app', '1');
    await publish('web', '2');
    const three = await publish('web', '3');
    const environments = (await ask(hub, 'GET /environments')).body._embedded.environments;
    await ask(
      hub,
      `POST /pacticipants/web/versions/3/deployed-versions/environment/${environments[0].uuid}`,
      { json: {} },
    );
    await ask(hub, 'PUT /pacticipants/web/branches/feat/versions/4', { json: {} });
    await publish('web', '4');
    await publish('web', '5');
    await verify(three.body._links, false);
    await verify(one.body._links, true);
  });

  afterAll(() => hub.close());

  const rows = (items: readonly Item[]) =>
    items.map(
      ({ consumer, provider, verificationStatus }) =>
        `${consumer.name} ${consumer.version.number} ${provider.version?.number ?? '-'} ${verificationStatus}`,
    );

  test('shows what is newest of its pair or a tag, or runs, the latest activity first', async () => {
    const { body } = await ask(hub, 'GET /dashboard');
    expect(rows(body.items)).toEqual([
      'web 1 7 success',
      'web 3 7 failed',
      'web 5 - never',
      'app 1 - never',
    ]);
    expect(body._links).toBeUndefined();
  });

  test('an item leads to everything about it', async () => {
    const { body } = await ask(hub, 'GET /dashboard');
    expect(body.items[0]).toMatchObject({
      consumer: { version: { branch: 'main', headBranchNames: ['main'] } },
      pact: { _links: { self: { href: `${hub.url}${PAIR}/version/1` } } },
      pactTags: [{ name: 'prod', latest: true }],
      latestVerificationResult: { success: true },
      latestVerificationResultTags: [{ name: 'live' }],
      webhookStatus: 'none',
      latestWebhookExecution: null,
    });
    const { href } = body.items[0].latestVerificationResult._links.self;
    expect((await ask(hub, `GET ${new URL(href).pathname}`)).body.success).toBe(true);
    expect(body.items[2]).toMatchObject({
      consumer: { version: { branch: null, headBranchNames: [] } },
      latestVerificationResult: null,
    });
  });

  test.each([
    ['?page=1&size=2', ['web 1 7 success', 'web 3 7 failed'], 'next'],
    ['?page=2&size=2', ['web 5 - never', 'app 1 - never'], 'previous'],
  ])('a page of it: %s', async (query, expected, link) => {
    const { body } = await ask(hub, `GET /dashboard${query}`);
    expect([rows(body.items), body.page.totalElements]).toEqual([expected, 4]);
    expect(body._links[link].href).toContain('/dashboard?size=2&page=');
  });

  test('one pair', async () => {
    const { body } = await ask(hub, 'GET /dashboard/provider/shop/consumer/app');
    expect(rows(body.items)).toEqual(['app 1 - never']);
  });

  test.each([
    ['/dashboard/provider/ghost/consumer/app', "No provider with name 'ghost' found"],
    ['/dashboard/provider/shop/consumer/ghost', "No consumer with name 'ghost' found"],
  ])('%s is not there', async (path, error) => {
    const { status, body } = await ask(hub, `GET ${path}`);
    expect([status, body]).toEqual([404, { error }]);
  });

  test('a pact whose webhooks ran says how and when', async () => {
    await ask(hub, 'POST /pacticipants', { json: { name: 'hooked' } });
    const webhook = await ask(hub, 'POST /webhooks', {
      json: {
        consumer: { name: 'hooked' },
        events: [{ name: 'contract_published' }],
        request: { method: 'POST', url: 'https://hooks.invalid/' },
      },
    });
    expect(webhook.status).toBe(201);
    const json = aPact({ consumer: { name: 'hooked' }, provider: { name: 'hall' } });
    await ask(hub, 'PUT /pacts/provider/hall/consumer/hooked/version/1', { json });
    const { body } = await ask(hub, 'GET /dashboard/provider/hall/consumer/hooked');
    expect(body.items).toMatchObject([
      {
        webhookStatus: expect.stringMatching(/^(not_run|retrying|failure)$/),
        latestWebhookExecution: { triggeredAt: expect.stringMatching(/^\d{4}-.*\+00:00$/) },
      },
    ]);
    await ask(hub, 'DELETE /integrations/provider/hall/consumer/hooked', {
      headers: { accept: '*/*' },
    });
  });

  test('what fails while it is pending is told apart, on its badge too, until it fails in earnest', async () => {
    const pair = '/pacts/provider/wait/consumer/fresh';
    const json = aPact({ consumer: { name: 'fresh' }, provider: { name: 'wait' } });
    await ask(hub, `PUT ${pair}/version/1`, { json });
    const { body } = await ask(hub, 'POST /pacts/provider/wait/for-verification', {
      json: { includePendingStatus: true, providerVersionBranch: 'main' },
    });
    const [{ _links: pact }] = body._embedded.pacts;
    const fails = (path: string) =>
      ask(hub, `POST ${path}/verification-results`, {
        json: { success: false, providerApplicationVersion: '1' },
      });
    const standing = async () => {
      const { items } = (await ask(hub, `GET /dashboard/provider/wait/consumer/fresh`)).body;
      const badge = await fetch(`${hub.url}${pair}/latest/badge`, {
        headers: { accept: 'image/svg+xml' },
        redirect: 'manual',
      });
      return [items[0].verificationStatus, badge.headers.get('location')?.split('/').at(-1)];
    };
    const path = new URL(pact.self.href).pathname;
    expect((await fails(path)).status).toBe(201);
    expect(await standing()).toEqual([
      'failed_pending',
      'fresh%2Fwait%20pact-failed%20%28pending%29-red.svg',
    ]);
    expect((await fails(path.replace(/\/metadata\/.*/, ''))).status).toBe(201);
    expect(await standing()).toEqual(['failed', 'fresh%2Fwait%20pact-failed-red.svg']);
    await ask(hub, 'DELETE /integrations/provider/wait/consumer/fresh', {
      headers: { accept: '*/*' },
    });
  });

  test('more than thirty pacts come in pages, asked for or not', async () => {
    const versions = Array.from({ length: 31 }, (_, index) => `${index}`);
    for (const version of versions) {
      const json = aPact({ consumer: { name: 'many' }, provider: { name: 'tags' } });
      await ask(hub, `PUT /pacts/provider/tags/consumer/many/version/${version}`, { json });
      await ask(hub, `PUT /pacticipants/many/versions/${version}/tags/t${version}`, { json: {} });
    }
    const { body } = await ask(hub, 'GET /dashboard/provider/tags/consumer/many?x=1');
    expect([body.items.length, body.page.totalElements]).toEqual([30, 31]);
    const next = new URL(body._links.next.href);
    expect(next.search).toBe('?size=30&page=2&x=1');
    const rest = await ask(hub, `GET ${next.pathname}${next.search}`);
    expect(rest.body.items.length).toBe(1);
    await ask(hub, 'DELETE /integrations/provider/tags/consumer/many', {
      headers: { accept: '*/*' },
    });
  });

  test('text is a table by names, the newest version first', async () => {
    const { text } = await ask(hub, 'GET /dashboard', { headers: { accept: 'text/plain' } });
    const cells = text.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    expect(cells[0]).toEqual([
      'CONSUMER_NAME',
      'C_VERSION',
      'C_TAGS',
      'PROVIDER_NAME',
      'P_VERSION',
      'P_TAGS',
      'SUCCESS',
    ]);
    expect(cells.slice(2, -1)).toEqual([
      ['app', '1', '', 'shop', '', '', 'never'],
      ['web', '5', '', 'shop', '', '', 'never'],
      ['web', '3', '', 'shop', '7', 'live', 'failed'],
      ['web', '1', 'prod', 'shop', '7', 'live', 'success'],
    ]);
  });
});
