import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, aPact, aPublication, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

// Runs on PostgreSQL too, when CONCORDAT_TEST_DATABASE_URL says where one is.

const ACCEPT = { accept: 'application/hal+json, */*' };
const ADA = { authorization: basic('ada', 'lovelace'), ...ACCEPT };
const CI = { authorization: 'Bearer ci-secret-that-nobody-may-see' };
const env = {
  CONCORDAT_BASIC_AUTH_USERNAME: 'ada',
  CONCORDAT_BASIC_AUTH_PASSWORD: 'lovelace',
  CONCORDAT_BASIC_AUTH_READ_ONLY_USERNAME: 'look',
  CONCORDAT_BASIC_AUTH_READ_ONLY_PASSWORD: 'only',
  CONCORDAT_TOKENS: 'publish=ci-secret-that-nobody-may-see',
};

const PAIR = '/pacts/provider/shop/consumer/web';

interface Change {
  readonly request: string;
  readonly json?: unknown;
  readonly action: string;
  readonly pacticipants: readonly string[];
  readonly names?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

describe.each(relationalDatabases)('the audit log on %s', (database) => {
  let hub: TestHub;
  let environment: string;
  let webhook: string;
  let resultUrl: string;

  beforeAll(async () => {
    hub = await startHubOn(database, env);
  });
  afterAll(() => hub.close());

  const send = (target: string, json?: unknown, headers: object = ADA): Promise<Answer> =>
    ask(hub, target, { headers: { ...headers }, ...(json === undefined ? {} : { json }) });
  const newest = async (query = ''): Promise<Answer> => send(`GET /audit?size=1${query}`);
  const total = async (): Promise<number> => (await newest()).body.page.totalElements;

  async function expectOneEntry({ request, json, headers, ...expected }: Change): Promise<Answer> {
    const before = await total();
    const answer = await send(request, json, headers ?? ADA);
    expect(answer.status, answer.text).toBeLessThan(300);
    const { body } = await newest();
    expect(body.page.totalElements).toBe(before + 1);
    const [method, path] = request.split(' ');
    expect(body.entries[0]).toMatchObject({
      actor: headers === undefined ? { kind: 'user', name: 'ada' } : { kind: 'token' },
      client: '127.0.0.1',
      method,
      path,
      status: answer.status,
      requestId: answer.headers.get('x-request-id'),
      ...expected,
    });
    return answer;
  }

  test('publications of a token are told by its role and fingerprint, never by its secret', async () => {
    await expectOneEntry({
      request: 'POST /contracts/publish',
      json: aPublication(),
      headers: CI,
      action: 'contracts.publish',
      pacticipants: ['web', 'shop'],
      names: { version: '1', branch: 'main' },
    });
    const { text } = await newest();
    expect(text).not.toContain('ci-secret');
    expect(JSON.parse(text).entries[0].actor.name).toMatch(/^publish token [0-9a-f]{8}$/);
  });

  test('what is set up leaves entries with the names of what it makes', async () => {
    const made = await expectOneEntry({
      request: 'POST /environments',
      json: { name: 'moon', displayName: 'Moon', production: false },
      action: 'environment.create',
      pacticipants: [],
      names: { environment: 'moon' },
    });
    environment = made.body.uuid;
    const created = await expectOneEntry({
      request: 'POST /webhooks',
      json: {
        events: [{ name: 'contract_content_changed' }],
        provider: { name: 'shop' },
        request: {
          method: 'POST',
          url: 'https://example.org/hook',
          headers: { authorization: 'Bearer of-the-target' },
        },
      },
      action: 'webhook.create',
      pacticipants: [],
    });
    webhook = created.body._links.self.href.split('/').at(-1);
    expect((await newest()).text).not.toContain('of-the-target');
    await expectOneEntry({
      request: 'POST /pacticipants',
      json: { name: 'till' },
      action: 'pacticipant.create',
      pacticipants: ['till'],
    });
  });

  test('results leave entries', async () => {
    const { body } = await send(`GET ${PAIR}/version/1`);
    const path = new URL(body._links['pb:publish-verification-results'].href).pathname;
    const answer = await expectOneEntry({
      request: `POST ${path}`,
      json: { success: true, providerApplicationVersion: '7' },
      action: 'verification.publish',
      pacticipants: ['shop', 'web'],
    });
    resultUrl = new URL(answer.body._links.self.href).pathname;
  });

  const changes: readonly (() => Change)[] = [
    () => ({
      request: `PUT ${PAIR}/version/2`,
      json: aPact(),
      action: 'pact.publish',
      pacticipants: ['shop', 'web'],
      names: { version: '2' },
    }),
    () => ({
      request: 'PUT /contracts/provider/shop/version/7',
      json: { openapi: '3.0.0', info: { title: 'shop', version: '1' }, paths: {} },
      action: 'provider-contract.publish',
      pacticipants: ['shop'],
      names: { version: '7' },
    }),
    () => ({
      request: 'PUT /pacticipants/web/versions/2/tags/dev',
      json: {},
      action: 'tag.add',
      pacticipants: ['web'],
      names: { version: '2', tag: 'dev' },
    }),
    () => ({
      request: 'DELETE /pacticipants/web/versions/2/tags/dev',
      action: 'tag.remove',
      pacticipants: ['web'],
    }),
    () => ({
      request: 'PUT /pacticipants/web/branches/feat%2Fx/versions/2',
      json: {},
      action: 'branch.add-version',
      pacticipants: ['web'],
      names: { branch: 'feat/x', version: '2' },
    }),
    () => ({
      request: 'DELETE /pacticipants/web/branches/feat%2Fx',
      action: 'branch.delete',
      pacticipants: ['web'],
      names: { branch: 'feat/x' },
    }),
    () => ({
      request: 'PUT /pacticipants/web/labels/red',
      json: {},
      action: 'label.add',
      pacticipants: ['web'],
      names: { label: 'red' },
    }),
    () => ({
      request: 'DELETE /pacticipants/web/labels/red',
      action: 'label.remove',
      pacticipants: ['web'],
    }),
    () => ({
      request: 'PATCH /pacticipants/web',
      json: { displayName: 'Web' },
      action: 'pacticipant.update',
      pacticipants: ['web'],
    }),
    () => ({
      request: `POST /pacticipants/web/versions/2/deployed-versions/environment/${environment}`,
      json: {},
      action: 'deployment.record',
      pacticipants: ['web'],
      names: { version: '2' },
    }),
    () => ({
      request: `POST /pacticipants/web/versions/2/released-versions/environment/${environment}`,
      json: {},
      action: 'release.record',
      pacticipants: ['web'],
    }),
    () => ({
      request: 'PUT /pacticipants/web/versions/2',
      json: { buildUrl: 'https://ci.example.org/2' },
      action: 'version.put',
      pacticipants: ['web'],
    }),
    () => ({
      request: `PUT /environments/${environment}`,
      json: { name: 'moon', displayName: 'The moon', production: false },
      action: 'environment.put',
      pacticipants: [],
    }),
    () => ({
      request: 'POST /tokens',
      json: { description: 'CI of web', role: 'publish' },
      action: 'token.create',
      pacticipants: [],
    }),
    () => ({
      request: `DELETE ${resultUrl}`,
      action: 'verification.delete',
      pacticipants: ['shop', 'web'],
    }),
    () => ({ request: `DELETE /webhooks/${webhook}`, action: 'webhook.delete', pacticipants: [] }),
    () => ({
      request: `DELETE ${PAIR}/version/1`,
      action: 'pact.delete',
      pacticipants: ['shop', 'web'],
      names: { version: '1' },
    }),
    () => ({
      request: 'DELETE /pacticipants/web/versions/1',
      action: 'version.delete',
      pacticipants: ['web'],
    }),
    () => ({
      request: 'DELETE /integrations/provider/shop/consumer/web',
      action: 'integration.delete',
      pacticipants: ['shop', 'web'],
    }),
    () => ({
      request: `DELETE /environments/${environment}`,
      action: 'environment.delete',
      pacticipants: [],
    }),
    () => ({
      request: 'DELETE /pacticipants/till',
      action: 'pacticipant.delete',
      pacticipants: ['till'],
    }),
    () => ({ request: 'POST /clean', json: {}, action: 'clean.run', pacticipants: [] }),
  ];
  test.each(
    changes.map((change) => [change().request.replace(/undefined/g, '…'), change] as const),
  )('%s leaves one entry', async (_request, change) => {
    await expectOneEntry(change());
  });

  test.each([
    ['a refused publication', 'POST /contracts/publish', { pacticipantName: 'web' }, ADA],
    ['a change nobody may make', 'PUT /pacticipants/web', { name: 'web' }, {}],
    ['a change of something that is not there', 'DELETE /pacticipants/nobody', undefined, ADA],
    ['a method that is not allowed', 'DELETE /matrix', undefined, ADA],
    ['asking for pacts to verify', 'POST /pacts/provider/shop/for-verification', {}, ADA],
    ['a preview of a clean-up', 'POST /clean', { dryRun: true }, ADA],
    ['looking', 'GET /pacticipants', undefined, ADA],
  ])('%s leaves no entry', async (...[, target, json, headers]) => {
    const before = await total();
    await send(target, json, headers);
    expect(await total()).toBe(before);
  });

  test('entries are found by who, what, whom and when, the newest first', async () => {
    const { body: all } = await send('GET /audit');
    const ids = all.entries.map(({ id }: { id: number }) => id);
    expect(ids).toEqual([...ids].sort((one, other) => other - one));
    const ofCi = await send('GET /audit?action=contracts.publish');
    expect(ofCi.body.entries).toHaveLength(1);
    const { name } = ofCi.body.entries[0].actor;
    const byActor = await send(`GET /audit?actor=${encodeURIComponent(name)}`);
    expect(byActor.body.entries).toEqual(ofCi.body.entries);
    const tags = await send('GET /audit?action=tag');
    expect(tags.body.entries.map(({ action }: { action: string }) => action)).toEqual([
      'tag.remove',
      'tag.add',
    ]);
    const ofTill = await send('GET /audit?pacticipant=till');
    expect(ofTill.body.entries).toHaveLength(2);
    expect((await send('GET /audit?pacticipant=TILL')).body.entries).toEqual([]);
    const [{ at }] = tags.body.entries;
    const since = await send(`GET /audit?since=${at}`);
    const until = await send(`GET /audit?until=${at}`);
    expect(since.body.page.totalElements + until.body.page.totalElements).toBe(
      all.page.totalElements,
    );
  });

  test('pages lead to their neighbours and keep the question', async () => {
    const { body } = await send('GET /audit?action=tag&page=2&size=1');
    expect(body.page).toEqual({ number: 2, size: 1, totalElements: 2, totalPages: 2 });
    const { href } = body._links.previous;
    expect(href).toBe(`${hub.url}/audit?action=tag&page=1&size=1`);
    expect(body._links.next).toBeUndefined();
  });

  test('everything comes as lines of JSON when asked for', async () => {
    const { body } = await send('GET /audit?size=1000');
    const headers = { ...ADA, accept: 'application/x-ndjson' };
    const answer = await fetch(`${hub.url}/audit`, { headers });
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson;charset=utf-8');
    const lines = (await answer.text()).trimEnd().split('\n');
    const entries = lines.map((line) => JSON.parse(line));
    expect(entries).toEqual(body.entries);
  });

  test.each([
    'colour=red',
    'since=yesterday',
    'until=never',
    'since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z',
    'page=0',
    'size=x',
    'size=100000',
    'actor[]=a',
  ])('%s is refused', async (query) => {
    const { status, headers } = await send(`GET /audit?${query}`);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
  });

  test('nobody but an administrator reads the log', async () => {
    const look = { authorization: basic('look', 'only') };
    for (const headers of [CI, look, {}]) {
      expect((await send('GET /audit', undefined, headers)).status).toBe(401);
    }
  });
});

test.each([
  [{}, '127.0.0.1'],
  [{ CONCORDAT_TRUSTED_PROXIES: '1' }, '203.0.113.9'],
  [{ CONCORDAT_TRUSTED_PROXIES: '2' }, '198.51.100.7'],
  [{ CONCORDAT_TRUSTED_PROXIES: '4' }, '127.0.0.1'],
])('with %j a forwarded request comes from %s', async (settings, expected) => {
  const hub = await startTestHub({ env: settings });
  try {
    const headers = { 'x-forwarded-for': '10.0.0.1, 198.51.100.7, 203.0.113.9' };
    await ask(hub, 'POST /pacticipants', { json: { name: 'web' }, headers });
    const { body } = await ask(hub, 'GET /audit');
    expect(body.entries[0]).toMatchObject({
      actor: { kind: 'anonymous', name: 'anonymous' },
      client: expected,
    });
  } finally {
    await hub.close();
  }
});

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
