import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, aContract, aPact, aPublication, ask } from './publishing.ts';
import { createRandom, oneOf, type Random, randomJson, randomText } from './random-values.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const HALF_A_PAIR = '\ud800';

/** What stands in a field where something else belongs. */
const ODD: readonly Json[] = [
  ...[
    null,
    true,
    0,
    -1,
    1.5,
    1e300,
    '',
    ' ',
    '\n',
    'a\nb',
    'a\u0000b',
    HALF_A_PAIR,
    'x'.repeat(5_000),
  ],
  ...["'; drop table versions; --", '../..', '%00', '2020-13-45T99:99:99Z', 'http://[', '{{x}}'],
  ...[[], {}, [null], [[]], [{}], { name: null }, { $ref: '#' }, ['a', 1]],
];

const PACT = '/pacts/provider/shop/consumer/web';
const SOME_UUID = '00000000-0000-4000-8000-000000000000';

/** What each route takes; `DEPLOYMENT` and the like are replaced by what the test has made. */
const REQUESTS: readonly (readonly [target: string, body: unknown])[] = [
  ['POST /contracts/publish', aPublication({ tags: ['a'], buildUrl: 'http://ci/1' })],
  [`PUT ${PACT}/version/2`, aPact()],
  [`PATCH ${PACT}/version/1`, aPact()],
  [
    'POST RESULTS',
    {
      success: true,
      providerApplicationVersion: '1',
      buildUrl: 'http://ci',
      testResults: [{ interactionId: 'x', success: true, mismatches: [] }],
      verifiedBy: { implementation: 'x', version: '1' },
    },
  ],
  ['POST /pacticipants', { name: 'new', displayName: 'New', mainBranch: 'main' }],
  ['PUT /pacticipants/web', { displayName: 'Web', repositoryUrl: 'http://x', mainBranch: 'main' }],
  ['PATCH /pacticipants/web', { displayName: 'Web', mainBranch: 'main' }],
  ['PUT /pacticipants/web/versions/1', { buildUrl: 'http://ci', tags: [{ name: 'a' }] }],
  ['PUT /pacticipants/web/versions/1/tags/a', {}],
  ['PUT /pacticipants/web/branches/b/versions/1', {}],
  ['PUT /pacticipants/web/labels/l', {}],
  ['POST /environments', { name: 'e', displayName: 'E', production: true, contacts: [] }],
  ['PUT ENVIRONMENT', { name: 'f', displayName: 'F', production: false }],
  ['POST DEPLOYED', { applicationInstance: 'blue' }],
  ['POST RELEASED', {}],
  ['POST /webhooks', webhook()],
  ['PUT WEBHOOK', webhook()],
  ['POST /webhooks/execute', webhook()],
  [
    'POST /pacts/provider/shop/for-verification',
    {
      consumerVersionSelectors: [
        { mainBranch: true, consumer: 'web', branch: 'b', fallbackBranch: 'c' },
        { deployed: true, environment: 'e', tag: 't', latest: true },
      ],
      providerVersionBranch: 'main',
      providerVersionTags: ['a'],
      includePendingStatus: true,
      includeWipPactsSince: '2020-01-01',
    },
  ],
];

const QUERIES: readonly string[] = [
  '/matrix?q[][pacticipant]=',
  '/matrix?q[][pacticipant]=web&q[][version]=1&latestby=',
  '/matrix?q=',
  '/matrix?q[]=',
  '/can-i-deploy?pacticipant=web&version=',
  '/can-i-deploy?pacticipant=web&version=1&environment=',
  '/can-i-deploy?pacticipant=',
  '/pacticipants?page=',
  '/pacticipants/web/versions?size=',
  '/pacticipants?q=',
  '/environments?name=',
  `${PACT}/latest/`,
  `${PACT}/version/`,
  `${PACT}/pact-version/`,
  '/pacts/provider/',
  '/pacticipants/',
  '/doc/',
  '/insights/findings?since=',
  '/insights/interactions?q=',
];

function webhook(): object {
  return {
    description: 'w',
    enabled: false,
    consumer: { name: 'web' },
    provider: { label: 'l' },
    events: [{ name: 'contract_published' }],
    request: {
      method: 'POST',
      url: 'https://example.org/',
      headers: { a: 'b' },
      body: { a: 1 },
      username: 'u',
      password: 'p',
    },
  };
}

/** On SQLite, and on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL when there is one. */
describe.each(relationalDatabases)('random bad input on %s', { timeout: 120_000 }, (database) => {
  let hub: TestHub;
  let places: Readonly<Record<string, string>>;
  /** Undefined when something has been taken since. */
  let lastHeld: string | undefined;

  beforeAll(async () => {
    hub = await startHubOn(database);
    await ask(hub, 'POST /contracts/publish', { json: aPublication() });
    const pact = await ask(hub, `GET ${PACT}/version/1`);
    const environment = await ask(hub, 'POST /environments', {
      json: { name: 'production', production: true },
    });
    const made = await ask(hub, 'POST /webhooks', { json: webhook() });
    const placed = '/pacticipants/web/versions/1';
    places = {
      RESULTS: pathOf(pact.body._links['pb:publish-verification-results'].href),
      ENVIRONMENT: `/environments/${environment.body.uuid}`,
      DEPLOYED: `${placed}/deployed-versions/environment/${environment.body.uuid}`,
      RELEASED: `${placed}/released-versions/environment/${environment.body.uuid}`,
      WEBHOOK: pathOf(made.body._links.self.href),
    };
  });

  afterAll(() => hub.close());

  const targetOf = (target: string): string => {
    const [method = '', path = ''] = target.split(' ');
    return `${method} ${places[path] ?? path}`;
  };

  /** Everything the hub holds, one line each. */
  const held = async (): Promise<string> => {
    const lines = await (await fetch(`${hub.url}/transfer/export`)).text();
    return lines.split('\n').slice(1).join('\n');
  };

  /** Asks, and sees to it that a refusal says why and leaves everything as it was. */
  async function isTakenOrRefused(target: string, options: Parameters<typeof ask>[2]) {
    lastHeld ??= await held();
    const before = lastHeld;
    const answer = await ask(hub, target, options);
    const problem = `${target} ${JSON.stringify(options).slice(0, 300)}: ${answer.text.slice(0, 300)}`;
    expect(answer.status, problem).toBeLessThan(500);
    if (answer.status < 400) {
      lastHeld = undefined;
      return answer;
    }
    if (saysWhy(answer, target)) expect(answer.body, problem).toBeDefined();
    expect(await held(), problem).toBe(before);
    return answer;
  }

  test.each(REQUESTS)('%s: an odd value in any field is taken or refused', async (target, body) => {
    const random = createRandom(REQUESTS.findIndex(([each]) => each === target));
    for (const path of pathsIn(body as Json)) {
      for (let times = 0; times < 2; times += 1) {
        const json = changed(body as Json, path, oneOf(random, ODD));
        await isTakenOrRefused(targetOf(target), { json });
      }
    }
  });

  test.each(REQUESTS)('%s: a body that is no JSON is refused', async (target, body) => {
    const random = createRandom(1 + REQUESTS.findIndex(([each]) => each === target));
    const whole = Buffer.from(JSON.stringify(body));
    const headers = { 'content-type': 'application/json' };
    if (whole.length < 3) return;
    for (let times = 0; times < 4; times += 1) {
      const cut = new Uint8Array(whole.subarray(0, 1 + random(whole.length - 1)));
      const answer = await isTakenOrRefused(targetOf(target), { raw: cut, headers });
      expect([400, 404, 409, 422]).toContain(answer.status);
      await isTakenOrRefused(targetOf(target), { raw: mutated(whole, random), headers });
    }
    for (const raw of [
      '',
      'null',
      '[]',
      '"x"',
      '1',
      `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
    ]) {
      await isTakenOrRefused(targetOf(target), { raw, headers });
    }
  });

  test('content that is no pact is refused, however it is broken', async () => {
    const random = createRandom(7);
    for (let times = 0; times < 15; times += 1) {
      const content = Buffer.from(JSON.stringify(aPact()));
      const broken = Buffer.from(mutated(content, random)).toString('base64');
      const cut = broken.slice(0, random(broken.length));
      for (const sent of [broken, cut, `${cut}%`, randomText(random)]) {
        const json = aPublication({
          pacticipantVersionNumber: `broken-${times}`,
          contracts: [aContract({ content: sent })],
        });
        await isTakenOrRefused('POST /contracts/publish', { json });
      }
      const raw = randomJson(random, 3).sent;
      const version = `random-${times}`;
      await isTakenOrRefused(`PUT ${PACT}/version/${version}`, { raw });
    }
  });

  test('odd values in addresses are answered or refused, and change nothing', async () => {
    const before = await held();
    const odd = ODD.map(String).filter((value) => value !== HALF_A_PAIR);
    const values = [...odd, '%', '%ff', '%00', '%2e%2e', '😀', 'a[b', 'NaN', '1e9', '-1'];
    for (const query of QUERIES) {
      for (const value of values) {
        const isWritten = value.startsWith('%');
        const written = isWritten ? value : encodeURIComponent(value);
        const { status, text } = await ask(hub, `GET ${query}${written.slice(0, 2_000)}`, {
          headers: { accept: '*/*' },
        });
        expect(status, `${query}${value.slice(0, 50)}: ${text.slice(0, 300)}`).toBeLessThan(500);
      }
    }
    expect(await held()).toBe(before);
  });

  test('what does not exist can be neither changed nor taken away', async () => {
    const before = await held();
    const targets = [
      `PUT /environments/${SOME_UUID}`,
      `DELETE /environments/${SOME_UUID}`,
      `PATCH /deployed-versions/${SOME_UUID}`,
      `PATCH /released-versions/${SOME_UUID}`,
      'DELETE /webhooks/none',
      'DELETE /pacticipants/none',
      'DELETE /pacticipants/web/versions/none',
      `DELETE ${PACT}/version/none`,
      'DELETE /pacticipants/web/branches/none',
    ];
    for (const target of targets) {
      const options = target.startsWith('DELETE') ? {} : { json: {} };
      const { status } = await ask(hub, target, options);
      expect([target, status < 500]).toEqual([target, true]);
    }
    expect(await held()).toBe(before);
  });
});

function pathOf(href: string): string {
  return new URL(href).pathname;
}

/** A refusal about the body itself says what is wrong with it, but for the broker's own answer to a merge that cannot be. */
function saysWhy({ status }: Answer, target: string): boolean {
  return [400, 404, 422].includes(status) || (status === 409 && !target.startsWith('PATCH'));
}

/** The ways to every member and element. */
function pathsIn(value: Json): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [
    [name],
    ...pathsIn(part).map((path) => [name, ...path]),
  ]);
}

function changed(value: Json, [name, ...rest]: readonly string[], odd: Json): Json {
  if (name === undefined) return odd;
  if (Array.isArray(value)) {
    return value.map((part, index) => (String(index) === name ? changed(part, rest, odd) : part));
  }
  const members = value as Readonly<Record<string, Json>>;
  return { ...members, [name]: changed(members[name] ?? null, rest, odd) };
}

function mutated(body: Buffer, random: Random): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(body);
  for (let times = 1 + random(4); times > 0; times -= 1) {
    result[random(result.length)] = random(256);
  }
  return result;
}
