import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, aContract, aPublication, ask } from './publishing.ts';
import {
  createRandom,
  jsonArray,
  jsonObject,
  jsonText,
  oneOf,
  type Random,
  randomJson,
  randomMembers,
  randomText,
  same,
  type TwoTexts,
} from './random-values.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

const PACTS = 120;
/** What the broker takes; the document, the list, the interaction and the response are four of them. */
const DEEPEST = 50;
const PACT = '/pacts/provider/shop/consumer/web';
const ID = /"_id":"[0-9a-f]{40}",/g;

/** On SQLite, and on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL when there is one. */
describe.each(relationalDatabases)('random pacts on %s', (database) => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startHubOn(database);
  });

  afterAll(() => hub.close());

  const publish = (seed: number, content: string): Promise<Answer> => {
    const version = `1.0.${seed}`;
    if (seed % 2 === 0) return ask(hub, `PUT ${PACT}/version/${version}`, { raw: content });
    const contracts = [aContract({}, content)];
    return ask(hub, 'POST /contracts/publish', {
      json: aPublication({ pacticipantVersionNumber: version, contracts }),
    });
  };

  test.each(Array.from({ length: PACTS }, (_, seed) => seed))(
    'of seed %i comes back as it was sent, but for white space and what Ruby writes differently',
    async (seed) => {
      const pact = randomPact(createRandom(seed));
      const published = await publish(seed, pact.sent);
      expect([published.status, published.text]).toEqual([
        seed % 2 === 0 ? 201 : 200,
        expect.anything(),
      ]);
      const shown = await ask(hub, `GET ${PACT}/version/1.0.${seed}`);
      expect(shown.text.replace(ID, '').startsWith(pact.served.slice(0, -1))).toBe(true);
      const again = await publish(seed, pact.sent);
      expect(again.status).toBe(200);
      const path = new URL(shown.body._links['pb:pact-version'].href).pathname;
      expect((await ask(hub, `GET ${path}`)).body.interactions).toEqual(shown.body.interactions);
    },
  );

  test('everything else still reads them: the page, the comparison, verification and what traffic is judged by', async () => {
    const html = { headers: { accept: 'text/html' } };
    for (let seed = 0; seed < PACTS; seed += 10) {
      const path = `${PACT}/version/1.0.${seed}`;
      expect((await ask(hub, `GET ${path}`, html)).status).toBe(200);
      const diff = await ask(hub, `GET ${path}/diff/previous-distinct`, {
        headers: { accept: 'text/plain' },
      });
      expect(diff.status).toBeLessThan(500);
    }
    const json = { consumerVersionSelectors: [{ latest: true }] };
    const selected = await ask(hub, 'POST /pacts/provider/shop/for-verification', { json });
    expect(selected.body._embedded.pacts).toHaveLength(1);
    for (const path of ['/insights/edges/web/shop', '/insights/interactions?q=a']) {
      expect((await ask(hub, `GET ${path}`, { headers: { accept: '*/*' } })).status).toBe(200);
    }
  });

  test('as deep as allowed is taken, one deeper is refused and changes nothing', async () => {
    const nested = (depth: number): string => {
      const body = `${'['.repeat(depth - 4)}${']'.repeat(depth - 4)}`;
      return `{"interactions":[{"description":"deep","response":{"body":${body}}}]}`;
    };
    const path = `${PACT}/version/deep`;
    expect((await ask(hub, `PUT ${path}`, { raw: nested(DEEPEST + 1) })).status).toBe(400);
    expect((await ask(hub, `GET ${path}`)).status).toBe(404);
    expect((await ask(hub, `PUT ${path}`, { raw: nested(DEEPEST) })).status).toBe(201);
    expect((await ask(hub, `GET ${path}`)).text.replace(ID, '')).toContain(
      nested(DEEPEST).slice(0, -1),
    );
  });
});

/** A pact of one of the specification's versions whose interactions carry random values wherever one may stand. */
function randomPact(random: Random): TwoTexts {
  const version = oneOf(random, ['2.0.0', '3.0.0', '4.0']);
  const hasMessages = version === '3.0.0' && random(2) === 0;
  const items = Array.from({ length: 1 + random(3) }, (_, index) =>
    hasMessages ? randomMessage(random, index) : randomInteraction(random, { index, version }),
  );
  const specification = jsonObject(random, { version: same(JSON.stringify(version)) });
  const named = (name: string): TwoTexts => jsonObject(random, { name: jsonText(random, name) });
  return jsonObject(random, {
    consumer: named('web'),
    provider: named('shop'),
    [hasMessages ? 'messages' : 'interactions']: jsonArray(random, items),
    metadata: jsonObject(random, {
      pactSpecification: specification,
      tool: randomJson(random, 3),
    }),
  });
}

function randomInteraction(
  random: Random,
  { index, version }: { readonly index: number; readonly version: string },
): TwoTexts {
  const description = jsonText(random, `${randomText(random)}${index}`);
  if (version === '4.0' && random(2) === 0) {
    return jsonObject(random, {
      type: same(oneOf(random, ['"Asynchronous/Messages"', '"Synchronous/Messages"'])),
      description,
      pending: same(oneOf(random, ['true', 'false'])),
      contents: jsonObject(random, {
        content: randomJson(random, 4),
        contentType: jsonText(random, 'application/json'),
        encoded: same('false'),
      }),
      pluginConfiguration: jsonObject(random, randomMembers(random, 3)),
    });
  }
  const type = version === '4.0' ? { type: same('"Synchronous/HTTP"') } : {};
  const states =
    version === '2.0.0'
      ? { providerState: jsonText(random, randomText(random)) }
      : { providerStates: jsonArray(random, [randomState(random)]) };
  return jsonObject(random, {
    ...type,
    description,
    ...states,
    request: jsonObject(random, {
      method: same('"POST"'),
      path: jsonText(random, `/things/${index}`),
      headers: jsonObject(random, randomMembers(random, 1)),
      query: randomJson(random, 2),
      body: randomJson(random, 6),
      matchingRules: randomJson(random, 4),
    }),
    response: jsonObject(random, { status: same('200'), body: randomJson(random, 8) }),
  });
}

function randomMessage(random: Random, index: number): TwoTexts {
  return jsonObject(random, {
    description: jsonText(random, `${randomText(random)}${index}`),
    providerStates: jsonArray(random, [randomState(random)]),
    contents: randomJson(random, 6),
    metaData: randomJson(random, 2),
  });
}

function randomState(random: Random): TwoTexts {
  return jsonObject(random, {
    name: jsonText(random, randomText(random)),
    params: jsonObject(random, randomMembers(random, 2)),
  });
}
