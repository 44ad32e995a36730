// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.
import { foundInteractionsSchema, pactInteractionsSchema } from '@concordat/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aContract, anInteraction, aPact, aPublication, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

const grpc = {
  consumer: { name: 'phone' },
  provider: { name: 'maps' },
  interactions: [
    {
      type: 'Synchronous/Messages',
      description: 'find a feature',
      transport: 'grpc',
      pending: true,
      pluginConfiguration: { protobuf: { service: 'RouteGuide/GetFeature' } },
      interactionMarkup: { markup: '<b>message Feature</b>', markupType: 'HTML' },
      request: {
        contents: { content: 'CgA=', contentType: 'application/protobuf', encoded: 'base64' },
      },
      response: [
        { contents: { content: 'CgI=', contentType: 'application/protobuf', encoded: 'base64' } },
      ],
    },
    {
      type: 'Asynchronous/Messages',
      description: 'a feature moved',
      metadata: { topic: 'features' },
      contents: {
        content: { id: 'ID', place: { height: 'HEIGHT' } },
        contentType: 'application/json',
        encoded: false,
      },
    },
  ],
  metadata: {
    pactSpecification: { version: '4.0' },
    plugins: [{ name: 'protobuf', version: '0.3.4' }],
  },
};

describe.each(relationalDatabases)('the search over promises, on %s', (database) => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startHubOn(database);
    await publish(
      'web',
      ['1', 'main'],
      aPact({ interactions: [anInteraction({ description: 'an old thing' })] }),
    );
    await publish(
      'web',
      ['2', 'main'],
      aPact({ interactions: [anInteraction(), anInteraction()] }),
    );
    // A branch that has the same promise in another content.
    const both = [
      anInteraction(),
      anInteraction({ description: 'a 100% thing', request: { method: 'GET', path: '/things_2' } }),
    ];
    await publish('web', ['3', 'feature'], aPact({ interactions: both }));
    const text = JSON.stringify(grpc)
      .replace('"ID"', '12345678901234567890123')
      .replace('"HEIGHT"', '1.0');
    await publish('phone', ['1', 'main'], text);
  });

  afterAll(() => hub.close());

  async function publish(
    consumer: string,
    [version, branch]: readonly [version: string, branch: string],
    pact: object | string,
  ): Promise<void> {
    const content = typeof pact === 'string' ? pact : JSON.stringify(pact);
    const providerName = consumer === 'web' ? 'shop' : 'maps';
    const contracts = [aContract({ consumerName: consumer, providerName }, content)];
    const json = aPublication({
      pacticipantName: consumer,
      pacticipantVersionNumber: version,
      branch,
      contracts,
    });
    const answer = await ask(hub, 'POST /contracts/publish', { json });
    expect(answer.status, answer.text).toBe(200);
  }

  async function search(question: string) {
    const { status, body, text } = await ask(hub, `GET /insights/interactions?${question}`, {
      headers: { accept: 'application/json' },
    });
    expect(status, text).toBe(200);
    return foundInteractionsSchema.parse(body);
  }

  test('finds a promise by a field of its body, and shows the line', async () => {
    const found = await search('q=/place/height');
    expect(found.complete).toBe(true);
    expect(found.interactions).toMatchObject([
      {
        consumer: 'phone',
        provider: 'maps',
        consumerVersion: '1',
        position: 1,
        kind: 'message',
        description: 'a feature moved',
        lines: ['message body /place/height = 1.0'],
      },
    ]);
  });

  test.each([
    ['q=GRPC', ['find a feature']],
    ['q=plugin+protobuf', ['find a feature']],
    ['q=%22topic:%20features%22', ['a feature moved']],
    ['q=/things', ['a 100% thing', 'get a thing']],
    ['q=100%25', ['a 100% thing']],
    ['q=s_2', ['a 100% thing']],
    ['q=feature&kind=message', ['a feature moved']],
    ['consumer=phone', ['a feature moved', 'find a feature']],
    ['provider=shop', ['a 100% thing', 'get a thing']],
    ['q=old', []],
    ['q=old&scope=all', ['an old thing']],
    ['q=feature+nowhere', []],
  ])('%s finds %j', async (question, descriptions) => {
    const { interactions } = await search(question);
    expect(interactions.map(({ description }) => description)).toEqual(descriptions);
  });

  test('what a pair promises in several contents, or twice in one, is one hit in the newest', async () => {
    const { interactions } = await search('q=%22get%20a%20thing%22');
    expect(interactions).toHaveLength(1);
    expect(interactions[0]).toMatchObject({ consumerVersion: '3', position: 0 });
  });

  test('is paged', async () => {
    const { interactions, page } = await search('page=2&size=3');
    expect(interactions).toHaveLength(1);
    expect(page).toEqual({ number: 2, size: 3, totalElements: 4, totalPages: 2 });
  });

  test('finds what was published a moment before', async () => {
    const later = aPact({ interactions: [anInteraction({ description: 'brand new' })] });
    await publish('web', ['4', 'later'], later);
    const { interactions } = await search('q=brand');
    expect(interactions.map(({ consumerVersion }) => consumerVersion)).toEqual(['4']);
    expect((await ask(hub, 'DELETE /pacticipants/web/versions/4')).status).toBe(204);
  });

  test('a content is shown interaction by interaction, numbers as they were written', async () => {
    const [hit] = (await search('q=moved')).interactions;
    const { body } = await ask(hub, `GET /insights/pacts/phone/maps/${hit?.sha}`, {
      headers: { accept: 'application/json' },
    });
    const { interactions } = pactInteractionsSchema.parse(body);
    expect(interactions).toMatchObject([
      { kind: 'synchronous-message', transport: 'grpc', pending: true, markup: { type: 'HTML' } },
      { kind: 'message', summary: 'message (application/json)', markup: null },
    ]);
    expect(interactions[1]?.parts[0]?.body?.text).toContain('12345678901234567890123');
    expect(interactions[1]?.parts[0]?.body?.text).toContain('"height": 1.0');
  });

  test('a browser sees every kind of interaction, and nothing a plugin wrote is markup', async () => {
    const { text } = await ask(hub, 'GET /pacts/provider/maps/consumer/phone/version/1', {
      headers: { accept: 'text/html' },
    });
    expect(text).toContain('grpc (application/protobuf) → application/protobuf');
    expect(text).toContain('pending: it may fail without failing the verification');
    expect(text).toContain('plugin protobuf 0.3.4');
    expect(text).toContain('binary contents as base64 application/protobuf');
    expect(text).toContain('&lt;b&gt;message Feature&lt;/b&gt;');
    expect(text).toContain('topic: features');
    expect(text).not.toContain('<b>message');
  });

  test.each([
    ['/insights/interactions?kind=mail', 400, 'use one of http, message'],
    ['/insights/interactions?scope=some', 400, 'use one of current, all'],
    ['/insights/interactions?word=a', 400, 'Unknown parameter "word"'],
    [`/insights/interactions?q=${'a+'.repeat(11)}`, 400, 'more than 10 words'],
    [`/insights/interactions?q=${'a'.repeat(501)}`, 400, 'longer than 500'],
    ['/insights/interactions?size=0', 400, 'size is "0"'],
    ['/insights/pacts/phone/maps/nothing', 404, 'No pact content nothing'],
  ])('%s is refused with %s', async (path, status, words) => {
    const answer = await ask(hub, `GET ${path}`, { headers: { accept: 'application/json' } });
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toContain(words);
  });
});
