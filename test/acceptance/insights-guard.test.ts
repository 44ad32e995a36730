// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.
import { createInsightsClient, type GuardPact } from '@concordat/api';
import { guardAttributes, guardSpanName } from '@concordat/domain';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  aSpan,
  otlpBody,
  randomId,
  requestSpans,
  type SentAttributes,
  type SentSpans,
} from './observed-traffic.ts';
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

const web = { name: 'web', version: 'w1', environment: 'production' };
const shop = { name: 'shop', version: 's1', environment: 'production' };
const operation = 'GET /orders/{id}';
const seconds = { timeout: 10_000 };

/** What a guard says of an answer that has an id and items. */
function verdict(side: 'provider' | 'consumer', more: SentAttributes = {}): SentAttributes {
  return {
    [guardAttributes.side]: side,
    [guardAttributes.verdict]: 'kept',
    [guardAttributes.consumer]: 'web',
    [guardAttributes.provider]: 'shop',
    [guardAttributes.operation]: operation,
    [guardAttributes.fields]: ['/id', '/items', '/items/*/sku'],
    ...more,
  };
}

const broken = {
  [guardAttributes.verdict]: 'broken',
  [guardAttributes.interaction]: 'an order',
  [guardAttributes.pactSha]: 'abc',
  [guardAttributes.mismatches]: ['body type /items/3/sku', 'body type /items/0/sku'],
};

describe.each(relationalDatabases)('what live guards say on %s', (database) => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startHubOn(database, withEnvironments);
    const pact = {
      ...{ consumer: { name: 'web' }, provider: { name: 'shop' } },
      interactions: [
        {
          description: 'an order',
          request: {
            ...{ method: 'GET', path: '/orders/7' },
            matchingRules: { path: { matchers: [{ match: 'regex', regex: '^/orders/\\d+$' }] } },
          },
          response: { status: 200 },
        },
      ],
    };
    await fetch(`${hub.url}/pacts/provider/shop/consumer/web/version/w1`, {
      ...{ method: 'PUT', body: JSON.stringify(pact) },
      headers: { 'content-type': 'application/json' },
    });
  });
  afterAll(() => hub.close());

  async function send(spans: readonly SentSpans[]): Promise<void> {
    const sent = await fetch(`${hub.url}/v1/traces`, {
      ...{ method: 'POST', body: otlpBody(spans) },
      headers: { 'content-type': 'application/json' },
    });
    expect(sent.status).toBe(200);
  }

  const call = (traceId: string, more: { client?: SentAttributes; server?: SentAttributes } = {}) =>
    requestSpans({
      ...{ consumer: web, provider: shop, request: 'GET /orders/7', traceId, more },
    });

  const client = () => createInsightsClient(hub.url, fetch);

  async function guardOf(name = operation) {
    const { operations } = await client().edge('web', 'shop');
    return operations.find((one) => one.operation === name)?.guard;
  }

  test('is counted once for each exchange, with the fields that were there and those that were read', async () => {
    const kept = call(randomId(16), { server: verdict('provider') });
    await send(kept);
    await send(kept);
    await send(
      call(randomId(16), {
        client: verdict('consumer', {
          [guardAttributes.fields]: ['/id', '/note'],
          [guardAttributes.fieldsRead]: ['/id'],
        }),
      }),
    );
    await send(call(randomId(16)));
    expect(await guardOf()).toMatchObject({
      ...{ checks: 2, kept: 2, broken: 0, uncovered: 0, undecided: 0 },
      ...{ lastBroken: null, exemplarTraceId: null, mismatches: [] },
    });
    const { fields, complete } = await client().fields({ provider: 'shop', operation });
    expect(complete).toBe(true);
    expect(fields.map((one) => [one.pointer, one.checks, one.present, one.read])).toEqual([
      ['', 2, 2, 0],
      ['/id', 2, 2, 1],
      ['/items', 2, 1, null],
      ['/items/*/sku', 2, 1, null],
      ['/note', 2, 1, 0],
    ]);
    expect(fields[0]).toMatchObject({
      ...{ consumer: 'web', consumerVersion: 'w1', environment: 'production' },
      exemplarTraceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  test('a field is asked for with what is below it, by consumer, environment and time', async () => {
    const ask = async (more: object) =>
      (await client().fields({ provider: 'shop', operation, ...more })).fields.map(
        ({ pointer }) => pointer,
      );
    expect(await ask({ pointer: '/items' })).toEqual(['/items', '/items/*/sku']);
    expect(await ask({ consumer: 'web', environment: 'production', pointer: '/id' })).toEqual([
      '/id',
    ]);
    expect(await ask({ consumer: 'app' })).toEqual([]);
    expect(await ask({ environment: 'staging' })).toEqual([]);
    const [today, later] = [Date.now(), Date.now() + 3 * 86_400_000];
    expect(await ask({ since: String(today), pointer: '/id' })).toEqual(['/id']);
    expect(await ask({ since: String(later) })).toEqual([]);
    expect(await ask({ page: 2, size: 2 })).toEqual(['/items', '/items/*/sku']);
    const refusals = ['', '?provider=shop', '?provider=shop&operation=a&pointer=id'];
    for (const query of refusals)
      expect((await fetch(`${hub.url}/insights/fields${query}`)).status, query).toBe(400);
  });

  test('an operation with more fields than are told apart says so', async () => {
    const wide = 'GET /wide/{id}';
    for (const start of [0, 300]) {
      const fields = Array.from({ length: 300 }, (_, at) => `/f${start + at}`);
      const told = { [guardAttributes.operation]: wide, [guardAttributes.fields]: fields };
      await send(call(randomId(16), { server: verdict('provider', told) }));
    }
    const { complete, page } = await client().fields({ provider: 'shop', operation: wide });
    expect([complete, page.totalElements]).toEqual([false, 501]);
  });

  test.each([
    ['on the span', false],
    ['on a span that comes later', true],
  ])('a broken promise said %s is a finding with rule, place and trace', async (_, isLate) => {
    const traceId = randomId(16);
    const before = (await guardOf())?.broken ?? 0;
    const spans = call(traceId, isLate ? {} : { server: verdict('provider', broken) });
    await send(spans);
    if (isLate) {
      const parentSpanId = spans[1]?.spans[0]?.spanId ?? '';
      const span = aSpan('internal', {
        ...{ name: guardSpanName, traceId, spanId: randomId(8), parentSpanId },
        attributes: verdict('provider', broken),
      });
      await send([{ sender: shop, spans: [span] }]);
      await send([{ sender: shop, spans: [span] }]);
    }
    await vi.waitFor(async () => {
      const { findings } = await client().findings({ kind: 'broken-promise' });
      expect(findings).toEqual([
        expect.objectContaining({
          ...{ consumer: 'web', provider: 'shop', environment: 'production', operation },
          versions: { consumer: ['w1'], provider: ['s1'] },
          exemplarTraceId: traceId,
          mismatches: expect.arrayContaining([
            expect.objectContaining({ part: 'body', rule: 'type' }),
          ]),
        }),
      ]);
    }, seconds);
    expect(await guardOf()).toMatchObject({
      ...{ broken: before + 1, exemplarTraceId: traceId },
      mismatches: [
        {
          ...{ part: 'body', rule: 'type', pointer: '/items/*/sku', times: before + 1 },
          exemplarTraceId: traceId,
        },
      ],
    });
  });

  test('a verdict that is none, and what tests did, are left out', async () => {
    const before = await guardOf();
    await send(call(randomId(16), { server: verdict('provider', { [guardAttributes.side]: '' }) }));
    const lab = { ...shop, environment: 'test' };
    await send(
      requestSpans({
        ...{ consumer: web, provider: lab, request: 'GET /orders/7' },
        more: { server: verdict('provider', broken) },
      }),
    );
    expect(await guardOf()).toEqual(before);
    const metrics = await fetch(`${hub.url}/metrics`, { headers: { accept: 'text/plain' } });
    expect(await metrics.text()).toContain('concordat_guard_malformed_verdicts_total 1');
  });
});

describe.each(relationalDatabases)('the last verification of an interaction on %s', (database) => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startHubOn(database);
  });
  afterAll(() => hub.close());

  async function write(method: string, path: string, body: object): Promise<string> {
    const answer = await fetch(path.startsWith('http') ? path : `${hub.url}${path}`, {
      ...{ method, body: JSON.stringify(body) },
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status, path).toBeLessThan(300);
    const { _links } = (await answer.json()) as {
      readonly _links: Readonly<Record<string, { readonly href: string }>>;
    };
    return _links['pb:publish-verification-results']?.href ?? '';
  }

  async function lastVerifications() {
    const { interactions } = await createInsightsClient(hub.url, fetch).edge('web', 'shop');
    return interactions.map(({ lastVerification }) => lastVerification);
  }

  test('stands beside its usage with the trace of the replay and what did not fit, and only the newest', async () => {
    const request = { method: 'GET', path: '/orders/7' };
    const states = ['it is paid', 'it is not'];
    const results = await write('PUT', '/pacts/provider/shop/consumer/web/version/w1', {
      ...{ consumer: { name: 'web' }, provider: { name: 'shop' } },
      interactions: [
        ...states.map((providerState) => ({
          ...{ description: 'an order', providerState, request },
          response: { status: 200 },
        })),
        { description: 'another', request, response: { status: 404 } },
      ],
    });
    expect(await lastVerifications()).toEqual([null, null, null]);
    const [first, second] = [randomId(16), randomId(16)];
    const mismatches = [{ attribute: 'body', identifier: '$.id', description: 'no id' }];
    await write('POST', results, {
      ...{ success: false, providerApplicationVersion: 's1' },
      testResults: [
        {
          ...{ interactionDescription: 'an order', interactionProviderState: states[0] },
          ...{ success: true, mismatches: [], traceId: first },
        },
        {
          ...{ interactionDescription: 'an order', interactionProviderState: states[1] },
          ...{ success: false, mismatches, traceId: second },
        },
      ],
    });
    const told = { providerVersion: 's1', verifiedAt: expect.stringMatching(/^20\d\d-/) };
    expect(await lastVerifications()).toEqual([
      { ...told, result: 'passed', traceId: first, mismatches: [] },
      { ...told, result: 'failed', traceId: second, mismatches },
      null,
    ]);
    await write('POST', results, {
      ...{ success: true, providerApplicationVersion: 's2' },
      testResults: [{ interactionDescription: 'another', success: true }],
    });
    expect(await lastVerifications()).toEqual([
      ...[null, null],
      { ...told, result: 'passed', providerVersion: 's2', traceId: null, mismatches: [] },
    ]);
  });
});
