import { createHmac } from 'node:crypto';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ask } from './publishing.ts';
import { createDatabase, relationalDatabases, startHubOn } from './relational-databases.ts';
import { startTestHub, type TestHub } from './start-hub.ts';
import {
  addWebhook,
  firstAttempt,
  publishVersion,
  startTarget,
  targetAllowed,
  triggeredBy,
  type WebhookTarget,
} from './webhook-target.ts';

// Both databases when CONCORDAT_TEST_DATABASE_URL names a PostgreSQL.
const REQUIRING = { events: [{ name: 'contract_requiring_verification_published' }] };

describe.each(relationalDatabases)('what webhooks send on %s', (database) => {
  const start = async (env: Readonly<Record<string, string>> = {}): Promise<TestHub> => {
    const hub = await startHubOn(database, { ...targetAllowed, ...env });
    onTestFinished(() => hub.close());
    return hub;
  };

  test('a body keeps its numbers, the order of its keys and what a template may not break', async () => {
    const hub = await start();
    const target = await startTarget();
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the broker's template syntax.
    const version = '${pactbroker.consumerVersionNumber}';
    const body = `{"10":1.0,"2":1152921504606846976,"list":[0.1,-1.5,[]],"version":"${version}","text":"\\"ü"}`;
    const events = '[{"name":"contract_published"}]';
    const webhook = `{"events":${events},"request":{"method":"POST","url":"${target.url}","body":${body}}}`;
    const path = '/webhooks/a-uuid-of-my-own-123';
    const created = await ask(hub, `PUT ${path}`, { raw: webhook });
    expect(created.status).toBe(201);
    expect(created.text).toContain(`"body":${body}`);
    const { text } = await ask(hub, `GET ${path}`);
    expect((await ask(hub, `PUT ${path}`, { raw: text })).text).toContain(`"body":${body}`);
    await publishVersion(hub, '1"0');
    await firstAttempt(hub, '1%220');
    const sent = body.replace(version, '1\\"0');
    expect(target.calls[0]?.body).toBe(sent);
    const tried = await ask(hub, `POST ${path}/execute`);
    expect(tried.text).toContain(`"body":${sent}`);
  });

  test('a signature proves the sender, and its secret is never shown again', async () => {
    const hub = await start({ PACT_BROKER_USER_AGENT: 'our hub' });
    const target = await startTarget();
    const body = { version: 'ü' };
    const { body: webhook } = await addWebhook(hub, {
      url: target.url,
      body,
      signingSecret: 'hush-hush',
    });
    expect(webhook.request.signingSecret).toBe('**********');
    const path = `/webhooks/${webhook.uuid}`;
    expect((await ask(hub, `PUT ${path}`, { json: webhook })).status).toBe(200);
    expect((await ask(hub, `GET ${path}`)).text).not.toContain('hush-hush');
    await publishVersion(hub, '1');
    const { log } = await firstAttempt(hub, '1');
    expect(log).not.toContain('hush-hush');
    const [call] = target.calls;
    const digest = createHmac('sha256', 'hush-hush')
      .update(call?.body ?? '')
      .digest('hex');
    expect(call?.headers).toMatchObject({
      'user-agent': 'our hub',
      'x-concordat-signature': `sha256=${digest}`,
    });
  });

  test('only consumer versions of the branches and tags that are asked for are told', async () => {
    const hub = await start();
    const target = await startTarget();
    const events = [{ name: 'contract_published' }, { name: 'provider_verification_published' }];
    const created = await addWebhook(
      hub,
      { url: target.url, body: versionBody },
      { events, consumerVersionBranches: ['release/*'], consumerVersionTags: ['rc'] },
    );
    expect(created.body).toMatchObject({
      consumerVersionBranches: ['release/*'],
      consumerVersionTags: ['rc'],
    });
    await publishVersion(hub, 'feature', { branch: 'feature/release' });
    await publishVersion(hub, 'tagged', { branch: 'feature/other', tags: ['rc'] });
    await publishVersion(hub, 'release', { branch: 'release/7' });
    await firstAttempt(hub, 'tagged');
    await firstAttempt(hub, 'release');
    expect(await triggeredBy(hub, 'feature')).toEqual([]);
    await verify(hub, {
      consumerVersionSelectors: [{ branch: 'feature/release' }, { branch: 'release/7' }],
    });
    await vi.waitUntil(() => target.calls.length === 3, 5000);
    expect(target.calls.map(({ body }) => body).sort()).toEqual([
      'contract_published release ',
      'contract_published tagged ',
      'provider_verification_published release 9',
    ]);
  });

  test('a verification is asked for although the provider is unknown, until there is one', async () => {
    const hub = await start();
    const target = await startTarget();
    await publishVersion(hub, '0');
    await addWebhook(hub, { url: target.url, body: versionBody }, { ...REQUIRING, enabled: true });
    const { body } = await publishVersion(hub, '1');
    expect(noticesOf(body)).toContain('contract_requiring_verification_published');
    const { log } = await firstAttempt(hub, '1');
    expect(log).toContain('"provider_version_number":""');
    expect(bodiesOf(target)).toEqual(['contract_requiring_verification_published 1 ']);
    await verify(hub, { consumerVersionSelectors: [{ latest: true }] });
    expect(noticesOf((await publishVersion(hub, '2')).body)).not.toContain('requiring');
    expect(await triggeredBy(hub, '2')).toEqual([]);
  });

  test('nobody is said to be asked for a verification where no webhook listens and no version waits', async () => {
    const hub = await start();
    expect(noticesOf((await publishVersion(hub, '1')).body)).not.toContain('requiring');
    const target = await startTarget();
    await addWebhook(hub, { url: target.url }, { ...REQUIRING, enabled: false });
    expect(noticesOf((await publishVersion(hub, '2')).body)).not.toContain('requiring');
    expect(await triggeredBy(hub, '2')).toEqual([]);
  });

  test('every version of the provider that matters is asked for once, and those that have verified are not', async () => {
    const hub = await start({ PACT_BROKER_SEED_EXAMPLE_DATA: 'true' });
    const target = await startTarget();
    await publishVersion(hub, '1');
    for (const version of ['deployed', 'released', 'verified']) {
      await ask(hub, `PUT /pacticipants/shop/branches/other/versions/${version}`, { json: {} });
      const { body } = await ask(hub, `GET /pacticipants/shop/versions/${version}`);
      const [place] = body._links[`pb:record-${version === 'released' ? 'release' : 'deployment'}`];
      const json = version === 'verified' ? { applicationInstance: 'second' } : {};
      expect((await ask(hub, `POST ${new URL(place.href).pathname}`, { json })).status).toBe(201);
    }
    await ask(hub, 'PUT /pacticipants/shop/branches/main/versions/head', { json: {} });
    await ask(hub, 'PATCH /pacticipants/shop', { json: { mainBranch: 'main' } });
    await verify(hub, { consumerVersionSelectors: [{ latest: true }] }, 'verified');
    await addWebhook(hub, { url: target.url, body: versionBody }, REQUIRING);
    await publishVersion(hub, '2');
    await vi.waitUntil(() => target.calls.length === 3, 5000);
    expect(bodiesOf(target)).toEqual(
      ['deployed', 'head', 'released'].map(
        (version) => `contract_requiring_verification_published 2 ${version}`,
      ),
    );
    expect(await triggeredBy(hub, '2')).toHaveLength(3);
  });

  test.each([
    ['branches that are no list', { consumerVersionBranches: 'main' }, 'consumerVersionBranches'],
    ['an event that nobody knows', { events: [{ name: 'version_shipped' }] }, 'events'],
    [
      'a secret that is no text',
      { request: { method: 'POST', url: 'http://127.0.0.1', signingSecret: 1 } },
      'request.signingSecret',
    ],
  ])('%s are refused', async (...[, changes, field]) => {
    const hub = await start();
    const refused = await addWebhook(hub, { url: 'http://127.0.0.1' }, changes);
    expect(refused.status).toBe(400);
    expect(Object.keys(refused.body.errors)).toEqual([field]);
  });

  test('a body that is nested too deep is refused', async () => {
    const hub = await start();
    const body = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    const raw = `{"request":{"method":"POST","url":"http://127.0.0.1","body":${body}}}`;
    const refused = await ask(hub, 'POST /webhooks', { raw });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('is too deep');
  });

  test('old deliveries are forgotten with their logs, but not the newest of a webhook nor what still waits', async () => {
    const { url, drop } = await createDatabase(database);
    onTestFinished(drop);
    const target = await startTarget({ '/wait': (response) => void response.writeHead(500).end() });
    const env = { ...targetAllowed, PACT_BROKER_WEBHOOK_RETRY_SCHEDULE: '600' };
    const first = await startTestHub({ env, flags: url === undefined ? {} : { databaseUrl: url } });
    onTestFinished(() => first.close());
    const gone = await addWebhook(first, { url: `${target.url}/gone` });
    await addWebhook(first, { url: target.url });
    await addWebhook(first, { url: `${target.url}/wait` });
    for (const version of ['1', '2']) {
      await publishVersion(first, version);
      await vi.waitFor(async () => {
        const attempts = (await triggeredBy(first, version)).map((each) => each.attemptsMade);
        expect(attempts).toEqual([1, 1, 1]);
      }, 5000);
    }
    await ask(first, `DELETE /webhooks/${gone.body.uuid}`);
    const before = [...(await triggeredBy(first, '1')), ...(await triggeredBy(first, '2'))];
    const second = await startTestHub({
      env: { ...env, CONCORDAT_WEBHOOK_KEEP_COUNT: '0' },
      flags: url === undefined ? { dataDir: first.dataDir } : { databaseUrl: url },
    });
    onTestFinished(() => second.close());
    const left = await vi.waitFor(async () => {
      const found = [...(await triggeredBy(second, '1')), ...(await triggeredBy(second, '2'))];
      expect(found).toHaveLength(3);
      return found;
    }, 5000);
    expect(left.map(({ status }) => status)).toEqual(['retrying', 'retrying', 'success']);
    expect((await triggeredBy(second, '2')).map(({ status }) => status)).toContain('success');
    const kept = new Set(left.map((each) => each._links['pb:logs'].href.split('/').at(-2)));
    for (const each of before) {
      const { pathname } = new URL(each._links['pb:logs'].href);
      const { status } = await fetch(`${second.url}${pathname}`);
      expect(status).toBe(kept.has(pathname.split('/').at(-2)) ? 200 : 404);
    }
  });
});

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: it is the broker's template syntax.
const versionBody =
  '${pactbroker.eventName} ${pactbroker.consumerVersionNumber} ${pactbroker.providerVersionNumber}';
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: it is the broker's template syntax.

function bodiesOf(target: WebhookTarget): readonly string[] {
  return target.calls.map(({ body }) => body).sort();
}

function noticesOf(body: { readonly notices: readonly { readonly text: string }[] }): string {
  return body.notices.map(({ text }) => text).join('\n');
}

/** Verifies the first of the pacts that the selectors find, with success. */
async function verify(hub: TestHub, selectors: object, version = '9'): Promise<void> {
  const found = await ask(hub, 'POST /pacts/provider/shop/for-verification', { json: selectors });
  const { pathname } = new URL(found.body._embedded.pacts[0]._links.self.href);
  const json = { success: true, providerApplicationVersion: version };
  expect((await ask(hub, `POST ${pathname}/verification-results`, { json })).status).toBe(201);
}
