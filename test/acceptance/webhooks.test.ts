import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Answer, aContract, aPublication, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';
import { startTarget, targetAllowed } from './webhook-target.ts';

// Both databases when CONCORDAT_TEST_DATABASE_URL names a PostgreSQL.
const PAIR = '/pacts/provider/shop/consumer/web';

describe.each(relationalDatabases)('webhooks on %s', (database) => {
  const start = async (env: Readonly<Record<string, string>> = {}): Promise<TestHub> => {
    const hub = await startHubOn(database, { ...targetAllowed, ...env });
    onTestFinished(() => hub.close());
    return hub;
  };

  test('a webhook is created, read, listed, replaced and deleted', async () => {
    const hub = await start();
    await publish(hub, '1');
    const created = await addWebhook(hub, { request: call('http://127.0.0.1/a') });
    expect(created.status).toBe(201);
    const path = new URL(String(created.headers.get('location'))).pathname;
    expect(created.body).toMatchObject({
      description: 'POST 127.0.0.1',
      enabled: true,
      events: [{ name: 'contract_content_changed' }],
      request: { method: 'POST', url: 'http://127.0.0.1/a' },
    });
    const replaced = await ask(hub, `PUT ${path}`, {
      json: { description: 'new', provider: { name: 'shop' }, request: call('http://127.0.0.1/b') },
    });
    expect(replaced.status).toBe(200);
    expect((await ask(hub, `GET ${path}`)).body).toMatchObject({
      description: 'new',
      request: { url: 'http://127.0.0.1/b' },
    });
    const links = async (list: string): Promise<readonly unknown[]> =>
      (await ask(hub, `GET ${list}`)).body._links['pb:webhooks'];
    expect(await links('/webhooks')).toHaveLength(1);
    expect(await links('/webhooks/provider/shop')).toHaveLength(1);
    expect(await links('/webhooks/consumer/web')).toEqual([]);
    expect(await links(`${PAIR}/webhooks`)).toEqual([]);
    expect((await ask(hub, `DELETE ${path}`)).status).toBe(204);
    expect((await ask(hub, `GET ${path}`)).status).toBe(404);
    expect((await ask(hub, `DELETE ${path}`)).status).toBe(404);
  });

  test('secrets are never shown, and sent back hidden they stay what they were', async () => {
    const hub = await start();
    const target = await startTarget();
    const path = '/webhooks/a-uuid-of-my-own-123';
    const headers = { Authorization: 'Bearer abc', 'X-Plain': 'shown' };
    const request = { ...call(target.url), headers };
    const created = await ask(hub, `PUT ${path}`, { json: { request } });
    expect(created.status).toBe(201);
    expect(created.body.request.headers).toEqual({
      authorization: '**********',
      'x-plain': 'shown',
    });
    const { body } = await ask(hub, `GET ${path}`);
    expect((await ask(hub, `PUT ${path}`, { json: body })).status).toBe(200);
    const tried = await ask(hub, `POST ${path}/execute`);
    expect(tried.body.success).toBe(true);
    expect(tried.text).not.toContain('Bearer abc');
    expect(target.calls[0]?.headers.authorization).toBe('Bearer abc');
    const basic = { request: { ...call(target.url), username: 'u', password: 'secret' } };
    const withPassword = await ask(hub, `PUT ${path}`, { json: basic });
    expect(withPassword.body.request).toMatchObject({ username: 'u', password: '**********' });
    await ask(hub, `PUT ${path}`, { json: withPassword.body });
    const again = await ask(hub, `POST ${path}/execute`, { json: {} });
    expect(again.text).not.toContain(Buffer.from('u:secret').toString('base64'));
    expect(target.calls[1]?.headers.authorization).toBe(`Basic ${btoa('u:secret')}`);
  });

  test('two who create a webhook under one uuid at once both get it', async () => {
    const hub = await start();
    const put = (description: string): Promise<Answer> =>
      ask(hub, 'PUT /webhooks/a-uuid-of-my-own-123', {
        json: { description, request: call('http://127.0.0.1/a') },
      });
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map(put));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    expect((await ask(hub, 'GET /webhooks')).body._links['pb:webhooks']).toHaveLength(1);
  });

  test.each([
    ['a short uuid', 'PUT /webhooks/short', {}, 'uuid'],
    ['an unknown consumer', 'POST /webhooks', { consumer: { name: 'Ghost' } }, 'consumer.name'],
    ['no request', 'POST /webhooks/execute', { request: undefined }, 'request'],
  ])('%s is refused and nothing is stored', async (...[, target, changes, field]) => {
    const hub = await start();
    const json = { request: call('http://127.0.0.1/x'), ...changes };
    const refused = await ask(hub, target, { json });
    expect(refused.status).toBe(400);
    expect(Object.keys(refused.body.errors)).toEqual([field]);
    expect((await ask(hub, 'GET /webhooks')).body._links['pb:webhooks']).toEqual([]);
  });

  test('a publication tells those who listen, with its facts, and shows what it did', async () => {
    const hub = await start();
    const target = await startTarget();
    await publish(hub, '0');
    await ask(hub, 'PUT /pacticipants/web/labels/team-a', { json: {} });
    const events = [{ name: 'contract_published' }, { name: 'contract_content_changed' }];
    const listening = { events, request: { ...call(`${target.url}/heard`), body: template } };
    await addWebhook(hub, { ...listening, description: 'me', consumer: { label: 'team-a' } });
    await addWebhook(hub, { ...listening, consumer: { label: 'team-b' } });
    await addWebhook(hub, { ...listening, provider: { name: 'web' } });
    await addWebhook(hub, { ...listening, enabled: false });
    const published = await publish(hub, '1"2', { tags: ['t'], buildUrl: 'http://ci/1' });
    const notices = published.body.notices.map((notice: { text: string }) => notice.text).join();
    expect(notices).toContain('Webhook "me" triggered for event contract_published.');
    await vi.waitUntil(() => target.calls.length === 2, { timeout: 5000 });
    const bodies = target.calls.map((received) => JSON.parse(received.body));
    expect(bodies.map((body) => body.event).sort()).toEqual(events.map(({ name }) => name).sort());
    expect(bodies[0]).toMatchObject({
      version: '1"2',
      branch: 'main',
      tags: 't',
      build: 'http://ci/1',
      status: 'pending',
      unknown: template.unknown,
    });
    const pact = await fetch(bodies[0].pact, { headers: { accept: '*/*' } });
    expect(pact.status).toBe(200);
    const triggered = await settled(hub, `${PAIR}/version/1%222/triggered-webhooks`);
    expect(triggered.map((each) => each.status)).toEqual(['success', 'success']);
    const logs = new URL(triggered[0]?._links['pb:logs'].href ?? '').pathname;
    expect(await (await fetch(`${hub.url}${logs}`)).text()).toContain('HTTP/1.1 POST');
    expect((await ask(hub, `GET ${logs}`)).body.logs).toContain('Successfully executed webhook');
    const status = await ask(hub, `GET ${PAIR}/webhooks/status`);
    expect(status.body.summary).toEqual({ successful: 2, failed: 0 });
  });

  test('a result tells for every consumer version it was asked for, and a run from a webhook is work in progress', async () => {
    const hub = await start();
    const target = await startTarget();
    await publish(hub, '1', { branch: 'one' });
    await publish(hub, '2', { branch: 'two' });
    await addWebhook(hub, {
      events: [{ name: 'provider_verification_failed' }],
      request: { ...call(`${target.url}/failed`), body: template },
    });
    const forVerification = await ask(hub, 'POST /pacts/provider/shop/for-verification', {
      json: { consumerVersionSelectors: [{ branch: 'one' }, { branch: 'two' }] },
    });
    const [pact] = forVerification.body._embedded.pacts;
    const path = new URL(pact._links.self.href).pathname;
    const result = { success: false, providerApplicationVersion: '9' };
    const sent = await ask(hub, `POST ${path}/verification-results`, { json: result });
    expect(sent.status).toBe(201);
    await vi.waitUntil(() => target.calls.length === 2, { timeout: 5000 });
    const bodies = target.calls.map((received) => JSON.parse(received.body));
    expect(bodies.map(({ version }) => version).sort()).toEqual(['1', '2']);
    expect(bodies[0]).toMatchObject({ status: 'failure', provider: '9' });
    expect((await fetch(bodies[0].result)).status).toBe(200);
    const own = new URL(String(sent.headers.get('location'))).pathname;
    expect(await settled(hub, `${own}/triggered-webhooks`)).toHaveLength(2);
  });

  test('a content that a deployed provider has not verified asks for it, once a version', async () => {
    const hub = await start({ PACT_BROKER_SEED_EXAMPLE_DATA: 'true' });
    const target = await startTarget();
    await publish(hub, '1');
    await ask(hub, 'PUT /pacticipants/shop/branches/main/versions/7', { json: {} });
    const { body: version } = await ask(hub, 'GET /pacticipants/shop/versions/7');
    const [deploy] = version._links['pb:record-deployment'];
    await ask(hub, `POST ${new URL(deploy.href).pathname}`, { json: {} });
    await addWebhook(hub, {
      events: [{ name: 'contract_requiring_verification_published' }],
      request: { ...call(`${target.url}/verify`), body: template },
    });
    await publish(hub, '2');
    await vi.waitUntil(() => target.calls.length === 1, { timeout: 5000 });
    expect(JSON.parse(target.calls[0]?.body ?? '')).toMatchObject({
      provider: '7',
      why: `latest from main branch, deployed in ${deploy.name}`,
    });
    expect(await settled(hub, `${PAIR}/version/2/triggered-webhooks`)).toHaveLength(1);
  });

  test('known content reports the result of the main branch at once, and a run started by a webhook names its version', async () => {
    const hub = await start();
    const target = await startTarget();
    await publish(hub, '1');
    await ask(hub, 'PUT /pacticipants/shop/branches/main/versions/7', { json: {} });
    const events = [{ name: 'contract_published' }, { name: 'provider_verification_published' }];
    const request = { ...call(`${target.url}/all`), body: template };
    await addWebhook(hub, { events, request });
    const { body: pact } = await ask(hub, `GET ${PAIR}/version/1`);
    const results = new URL(pact._links['pb:publish-verification-results'].href).pathname;
    const result = { success: true, providerApplicationVersion: '7', buildUrl: 'http://ci/7' };
    await ask(hub, `POST ${results}`, { json: result });
    await vi.waitUntil(() => target.calls.length === 1, { timeout: 5000 });
    await publish(hub, '2');
    await vi.waitUntil(() => target.calls.length === 2, { timeout: 5000 });
    const told = JSON.parse(target.calls[1]?.body ?? '');
    expect(told).toMatchObject({ version: '2', provider: '7', status: 'success' });
    await publish(hub, '3');
    const path = new URL(told.pact).pathname;
    await ask(hub, `POST ${path}/verification-results`, { json: result });
    await vi.waitUntil(() => target.calls.length === 4, { timeout: 5000 });
    expect(JSON.parse(target.calls[3]?.body ?? '')).toMatchObject({
      event: 'provider_verification_published',
      version: '2',
      build: 'http://ci/7',
    });
  });

  test.each([
    ['a pair by name', { consumer: { name: 'web' }, provider: { name: 'shop' } }, '1'],
    ['pairs by label', { consumer: { label: 'c' }, provider: { label: 'p' } }, '1'],
    ['a pair without a pact', { consumer: { name: 'shop' } }, '1'],
    ['everybody', {}, '1'],
  ])('trying out a webhook for %s fills its templates', async (...[, sides, version]) => {
    const hub = await start();
    const target = await startTarget();
    await publish(hub, '1');
    await ask(hub, 'PUT /pacticipants/web/labels/c', { json: {} });
    await ask(hub, 'PUT /pacticipants/shop/labels/p', { json: {} });
    const { body: pact } = await ask(hub, `GET ${PAIR}/version/1`);
    const results = new URL(pact._links['pb:publish-verification-results'].href).pathname;
    const result = { success: true, providerApplicationVersion: '7' };
    await ask(hub, `POST ${results}`, { json: result });
    const events = [{ name: 'provider_verification_published' }];
    const request = { ...call(target.url), body: template };
    const saved = await addWebhook(hub, { ...sides, events, request });
    const tried = await ask(hub, `POST /webhooks/${saved.body.uuid}/execute`);
    expect(tried.body).toMatchObject({ success: true, response: { body: { ok: true } } });
    expect(tried.body.request.body).toMatchObject({ event: 'test', version });
    const text = { ...sides, request: { ...call(target.url), body: 'plain' } };
    const unsaved = await ask(hub, 'POST /webhooks/execute', { json: text });
    expect(unsaved.body.request.body).toBe('plain');
    const dead = { request: call('http://127.0.0.1:1/') };
    const refused = await ask(hub, 'POST /webhooks/execute', { json: dead });
    expect(refused.body).toMatchObject({ success: false });
    expect(refused.body.error.message).toContain('ECONNREFUSED');
  });

  test.each([
    ['GET /webhooks/provider/Ghost', "No provider with name 'Ghost' found"],
    [
      'GET /pacts/provider/shop/consumer/Ghost/webhooks/status',
      "No consumer with name 'Ghost' found",
    ],
    [
      'GET /pacts/provider/Ghost/consumer/web/version/1/triggered-webhooks',
      "No provider with name 'Ghost' found",
    ],
    [
      `GET ${PAIR}/version/9/triggered-webhooks`,
      'The requested document was not found on this server.',
    ],
    [
      'GET /triggered-webhooks/nothing/logs',
      'The requested document was not found on this server.',
    ],
  ])('%s says what is missing', async (target, error) => {
    const hub = await start();
    await publish(hub, '1');
    const missing = await ask(hub, target);
    expect(missing.status).toBe(404);
    expect(missing.body.error).toBe(error);
  });

  test('what belongs to a webhook, a pact or a pacticipant goes with it', async () => {
    const hub = await start();
    const target = await startTarget();
    await publish(hub, '1');
    const kept = await addWebhook(hub, { provider: { name: 'shop' }, request: call(target.url) });
    await publish(hub, '2', { tags: ['new'] });
    const [done] = await settled(hub, `${PAIR}/version/2/triggered-webhooks`);
    const logs = new URL(done?._links['pb:logs'].href ?? '').pathname;
    expect((await ask(hub, `GET ${logs}`)).status).toBe(200);
    await ask(hub, `DELETE ${PAIR}/version/2`);
    expect((await ask(hub, `GET ${logs}`)).status).toBe(404);
    expect((await ask(hub, 'DELETE /pacticipants/shop')).status).toBe(204);
    expect((await ask(hub, `GET /webhooks/${kept.body.uuid}`)).status).toBe(404);
  });
});

/** A body that shows what a webhook was told. */
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: it is the broker's template syntax.
const template = {
  event: '${pactbroker.eventName}',
  version: '${pactbroker.consumerVersionNumber}',
  branch: '${pactbroker.consumerVersionBranch}',
  tags: '${pactbroker.consumerVersionTags}',
  build: '${pactbroker.buildUrl}',
  provider: '${pactbroker.providerVersionNumber}',
  why: '${pactbroker.providerVersionDescriptions}',
  status: '${pactbroker.githubVerificationStatus}',
  pact: '${pactbroker.pactUrl}',
  result: '${pactbroker.verificationResultUrl}',
  unknown: '${pactbroker.unknown}',
};
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: it is the broker's template syntax.

function call(url: string): { readonly method: string; readonly url: string } {
  return { method: 'POST', url };
}

function addWebhook(hub: TestHub, json: object): Promise<Answer> {
  return ask(hub, 'POST /webhooks', { json });
}

function publish(
  hub: TestHub,
  version: string,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const contracts = [aContract()];
  const json = aPublication({ pacticipantVersionNumber: version, contracts, ...changes });
  return ask(hub, 'POST /contracts/publish', { json });
}

interface Triggered {
  readonly status: string;
  readonly _links: { readonly 'pb:logs': { readonly href: string } };
}

/** What was triggered, when all of it has been tried. */
async function settled(hub: TestHub, path: string): Promise<readonly Triggered[]> {
  const read = async (): Promise<readonly Triggered[]> =>
    (await ask(hub, `GET ${path}`)).body._embedded.triggeredWebhooks;
  return vi.waitFor(
    async () => {
      const triggered = await read();
      expect(triggered.map(({ status }) => status)).not.toContain('not_run');
      return triggered;
    },
    { timeout: 5000 },
  );
}
