// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.
import { createInsightsClient, type GuardPact } from '@concordat/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import { type TestHub, withEnvironments } from './start-hub.ts';

const credentials = {
  PACT_BROKER_BASIC_AUTH_USERNAME: 'writer',
  PACT_BROKER_BASIC_AUTH_PASSWORD: 'secret',
  PACT_BROKER_BASIC_AUTH_READ_ONLY_USERNAME: 'reader',
  PACT_BROKER_BASIC_AUTH_READ_ONLY_PASSWORD: 'open',
};
const writer = `Basic ${btoa('writer:secret')}`;
const reader = `Basic ${btoa('reader:open')}`;

function pactOf(consumer: string, path: string) {
  return {
    ...{ consumer: { name: consumer }, provider: { name: 'the shop' } },
    interactions: [
      { description: path, request: { method: 'GET', path }, response: { status: 200 } },
    ],
  };
}

describe.each(relationalDatabases)('what live guards read on %s', (database) => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startHubOn(database, { ...withEnvironments, ...credentials });
    for (const [version, path] of [
      ['w1', '/one'],
      ['w2', '/two'],
      ['w3', '/two'],
    ] as const) {
      await write('PUT', `/pacts/provider/the%20shop/consumer/web/version/${version}`, {
        ...pactOf('web', path),
      });
    }
    await write('PUT', '/pacts/provider/the%20shop/consumer/app/version/a1', pactOf('app', '/a'));
    await run('deployed', 'w1', 'production');
  });
  afterAll(() => hub.close());

  async function write(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(path.startsWith('http') ? path : `${hub.url}${path}`, {
      ...{ method, headers: { 'content-type': 'application/json', authorization: writer } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.status, path).toBeLessThan(300);
    return response;
  }

  async function run(how: 'deployed' | 'released', version: string, environment: string) {
    const found = await fetch(`${hub.url}/environments`, { headers: { authorization: reader } });
    const { _embedded } = (await found.json()) as {
      readonly _embedded: { readonly environments: readonly { name: string; uuid: string }[] };
    };
    const uuid = _embedded.environments.find(({ name }) => name === environment)?.uuid;
    await write(
      'POST',
      `/pacticipants/web/versions/${version}/${how}-versions/environment/${uuid}`,
      {},
    );
  }

  async function read(query: string, headers: Readonly<Record<string, string>> = {}) {
    return await fetch(`${hub.url}/insights/guard/pacts${query}`, {
      headers: { authorization: reader, ...headers },
    });
  }

  async function pacts(query: string): Promise<readonly GuardPact[]> {
    const response = await read(query);
    expect(response.status).toBe(200);
    return ((await response.json()) as { readonly pacts: readonly GuardPact[] }).pacts;
  }

  const versionsOf = (found: readonly GuardPact[]) =>
    found.map(({ consumer, consumerVersions }) => `${consumer} ${consumerVersions.join(',')}`);

  test('a provider gets the pacts of the consumers that are deployed around it, and the latest of others', async () => {
    expect(versionsOf(await pacts('?pacticipant=the%20shop&environment=production'))).toEqual([
      'app a1',
      'web w1',
    ]);
  });

  test('a consumer gets what its own version published', async () => {
    const own = await pacts('?pacticipant=web&environment=production&version=w2');
    expect(versionsOf(own)).toEqual(['web w2']);
    expect(versionsOf(await pacts('?pacticipant=web&environment=production'))).toEqual(['web w1']);
  });

  test('a content that several versions published is told once, with where it can be read', async () => {
    const [pact, ...others] = await pacts('?pacticipant=app');
    expect(others).toEqual([]);
    const content = await fetch(`${hub.url}${pact?.path}`, { headers: { authorization: reader } });
    expect(await content.json()).toMatchObject(pactOf('app', '/a'));
    await run('released', 'w2', 'test');
    await run('released', 'w3', 'test');
    const both = await pacts('?pacticipant=web&environment=test');
    expect(versionsOf(both)).toEqual(['web w3,w2']);
  });

  test('a service that no pact names gets none', async () => {
    expect(await pacts('?pacticipant=stranger&environment=nowhere&version=1')).toEqual([]);
  });

  test('what has not changed is not sent again', async () => {
    const first = await read('?pacticipant=app');
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[\w-]{43}"$/);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await read('?pacticipant=app', { 'if-none-match': known });
      expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, tag, '']);
    }
    await write('PUT', '/pacts/provider/the%20shop/consumer/app/version/a2', pactOf('app', '/b'));
    const changed = await read('?pacticipant=app', { 'if-none-match': tag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(tag);
  });

  test('HEAD tells the tag and the length alone', async () => {
    const head = await fetch(`${hub.url}/insights/guard/pacts?pacticipant=web`, {
      ...{ method: 'HEAD', headers: { authorization: reader } },
    });
    const get = await read('?pacticipant=web');
    expect(head.status).toBe(200);
    expect(head.headers.get('etag')).toBe(get.headers.get('etag'));
    expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
  });

  test.each(['', '?pacticipant=', '?pacticipant=%20', '?pacticipant[]=a', '?service=a'])(
    '"%s" is refused',
    async (query) => {
      const refused = await read(query);
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ title: 'Invalid parameter' });
    },
  );

  test('nobody without credentials reads them, and the client of the API does', async () => {
    expect(
      (await read('?pacticipant=web', { authorization: `Basic ${btoa('who:knows')}` })).status,
    ).toBe(401);
    const client = createInsightsClient(hub.url, (url, init) =>
      fetch(url, { headers: { ...init.headers, authorization: reader } }),
    );
    const { pacts: own } = await client.guardPacts({ pacticipant: 'web', version: 'w1' });
    expect(versionsOf(own)).toEqual(['web w1']);
  });
});
