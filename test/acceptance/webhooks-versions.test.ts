import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';
import {
  addWebhook,
  publishVersion,
  startTarget,
  type Triggered,
  targetAllowed,
  type WebhookTarget,
} from './webhook-target.ts';

// Both databases when CONCORDAT_TEST_DATABASE_URL names a PostgreSQL.
const EVENTS = ['version_deployed', 'version_released', 'version_tagged'].map((name) => ({ name }));

describe.each(relationalDatabases)('what happens to versions on %s', (database) => {
  const start = async (env: Readonly<Record<string, string>> = {}): Promise<TestHub> => {
    const seeded = { PACT_BROKER_SEED_EXAMPLE_DATA: 'true' };
    const hub = await startHubOn(database, { ...targetAllowed, ...seeded, ...env });
    onTestFinished(() => hub.close());
    return hub;
  };

  test('a version that is deployed, released or tagged is told, each change once', async () => {
    const hub = await start();
    const target = await startTarget();
    await aVersion(hub, 'shop', '7');
    await addWebhook(hub, { url: target.url, body: template }, { events: EVENTS });
    await place(hub, 'shop', 'deployment');
    await place(hub, 'shop', 'deployment');
    await place(hub, 'shop', 'release');
    await place(hub, 'shop', 'release');
    const tag = '/pacticipants/shop/versions/7/tags/rc';
    expect((await ask(hub, `PUT ${tag}`, { json: {} })).status).toBe(201);
    expect((await ask(hub, `PUT ${tag}`, { json: {} })).status).toBe(200);
    await told(target, [
      'version_deployed shop 7 main "" production "" ""',
      'version_released shop 7 main "" production "" ""',
      'version_tagged shop 7 main rc "" rc ""',
    ]);
    const triggered = await vi.waitFor(async () => {
      const found = await triggeredBy(hub, 'shop', '7');
      expect(found.map((each) => [each.eventName, each.status])).toEqual([
        ['version_tagged', 'success'],
        ['version_released', 'success'],
        ['version_deployed', 'success'],
      ]);
      return found;
    }, 5000);
    const { pathname } = new URL(triggered[2]?._links['pb:logs'].href ?? '');
    const log = await (await fetch(`${hub.url}${pathname}`)).text();
    expect(log).toContain('"environment_name":"production"');
    expect(log).toContain('Successfully executed webhook');
  });

  test('a tag that records a deployment tells both, also when it comes with a publication', async () => {
    const hub = await start();
    const target = await startTarget();
    await publishVersion(hub, '0');
    await addWebhook(hub, { url: target.url, body: template }, { events: EVENTS });
    await publishVersion(hub, '1', { tags: ['test'] });
    await told(target, [
      'version_deployed web 1 main test test "" ""',
      'version_tagged web 1 main test "" test ""',
    ]);
  });

  test.each<[string, Readonly<Record<string, unknown>>, boolean]>([
    ['names it as consumer', { consumer: { name: 'web' } }, true],
    ['names it as provider', { provider: { name: 'web' } }, true],
    ['names it and another', { consumer: { name: 'web' }, provider: { name: 'shop' } }, true],
    ['names its label', { provider: { label: 'team-a' } }, true],
    ['names its branch', { consumerVersionBranches: ['main'] }, true],
    ['names another', { provider: { name: 'shop' } }, false],
    ['names another label', { consumer: { label: 'team-b' } }, false],
    ['names another branch', { consumerVersionBranches: ['feature'] }, false],
    ['is switched off', { enabled: false }, false],
    ['listens to pacts only', { events: [{ name: 'contract_published' }] }, false],
  ])('a webhook that %s is told: %#', async (_case, changes, isTold) => {
    const hub = await start();
    const target = await startTarget();
    await publishVersion(hub, '0');
    await ask(hub, 'PUT /pacticipants/web/labels/team-a', { json: {} });
    await addWebhook(hub, { url: target.url }, { events: EVENTS, ...changes });
    await aVersion(hub, 'web', '7');
    await place(hub, 'web', 'deployment');
    expect(await triggeredBy(hub, 'web', '7')).toHaveLength(isTold ? 1 : 0);
  });

  test('what a version triggered goes with it, and of an unknown version nothing is known', async () => {
    const hub = await start();
    const target = await startTarget();
    await aVersion(hub, 'shop', '7');
    await addWebhook(hub, { url: target.url }, { events: EVENTS });
    await place(hub, 'shop', 'deployment');
    await told(target, ['null']);
    const [triggered] = await triggeredBy(hub, 'shop', '7');
    const { pathname } = new URL(triggered?._links['pb:logs'].href ?? '');
    expect((await fetch(`${hub.url}${pathname}`)).status).toBe(200);
    await ask(hub, 'DELETE /pacticipants/shop/versions/7');
    expect((await fetch(`${hub.url}${pathname}`)).status).toBe(404);
    const unknown = await ask(hub, 'GET /pacticipants/shop/versions/7/triggered-webhooks');
    expect(unknown.status).toBe(404);
  });
});

const names = [
  'eventName',
  'pacticipantName',
  'pacticipantVersionNumber',
  'pacticipantVersionBranch',
  'pacticipantVersionTags',
  'environmentName',
  'tagName',
  'pactUrl',
];
const template = names.map((name) => `\${pactbroker.${name}}`).join('|');

async function aVersion(hub: TestHub, pacticipant: string, version: string): Promise<void> {
  const path = `/pacticipants/${pacticipant}/branches/main/versions/${version}`;
  expect((await ask(hub, `PUT ${path}`, { json: {} })).status).toBe(201);
}

/** Records version 7 in production. */
async function place(
  hub: TestHub,
  pacticipant: string,
  kind: 'deployment' | 'release',
): Promise<void> {
  const { body } = await ask(hub, `GET /pacticipants/${pacticipant}/versions/7`);
  const links: readonly { readonly name: string; readonly href: string }[] =
    body._links[`pb:record-${kind}`];
  const link = links.find(({ name }) => name === 'production');
  const { pathname } = new URL(link?.href ?? '');
  expect((await ask(hub, `POST ${pathname}`, { json: {} })).status).toBeLessThan(300);
}

/** Waits until just these were told, empty values as `""`. */
async function told(target: WebhookTarget, bodies: readonly string[]): Promise<void> {
  await vi.waitUntil(() => target.calls.length >= bodies.length, 5000);
  const heard = target.calls.map(({ body }) =>
    body
      .split('|')
      .map((part) => part || '""')
      .join(' '),
  );
  expect(heard.sort()).toEqual(bodies);
}

async function triggeredBy(
  hub: TestHub,
  pacticipant: string,
  version: string,
): Promise<readonly Triggered[]> {
  const path = `/pacticipants/${pacticipant}/versions/${version}/triggered-webhooks`;
  return (await ask(hub, `GET ${path}`)).body._embedded.triggeredWebhooks;
}
