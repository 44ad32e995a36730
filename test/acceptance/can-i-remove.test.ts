// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.
import { createInsightsClient, type Removal } from '@concordat/api';
import { guardAttributes } from '@concordat/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventSpans, otlpBody, requestSpans, type SentSpans } from './observed-traffic.ts';
import { ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

const production = (name: string, version = '1') => ({ name, version, environment: 'production' });
const shop = production('shop', '7');

const digits = { path: { matchers: [{ match: 'regex', regex: '^/v1/orders/\\d+$' }] } };

const pact = {
  consumer: { name: 'web' },
  provider: { name: 'shop' },
  interactions: [
    {
      description: 'an order',
      request: { method: 'GET', path: '/v1/orders/42', matchingRules: digits },
      response: { status: 200, body: { id: 42, items: [{ sku: 'tea', count: 1 }] } },
    },
    {
      description: 'an old order',
      request: { method: 'GET', path: '/v0/orders' },
      response: { status: 200 },
    },
  ],
};

const messagePact = {
  consumer: { name: 'mail' },
  provider: { name: 'shop' },
  messages: [
    {
      description: 'placed',
      contents: { id: '1', total: 7 },
      metaData: { contentType: 'application/json', routingKey: 'order.placed' },
    },
  ],
};

/** What the shop sends, and what a service without any pact receives. */
const asyncApi = (action: 'send' | 'receive', channels: Readonly<Record<string, string>>) => ({
  asyncapi: '3.0.0',
  info: { title: 'events', version: '1' },
  channels: Object.fromEntries(
    Object.entries(channels).map(([address, message]) => [
      message,
      { address, messages: { [message]: { payload: { type: 'object' } } } },
    ]),
  ),
  operations: Object.fromEntries(
    Object.values(channels).map((message) => [
      `${action}${message}`,
      { action, channel: { $ref: `#/channels/${message}` } },
    ]),
  ),
});

const repeat = <T>(times: number, make: () => readonly T[]): readonly T[] =>
  Array.from({ length: times }, make).flat();

describe.each(relationalDatabases)('whether something can be removed, on %s', (database) => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startHubOn(database, {
      CONCORDAT_EVIDENCE_MINIMUM_CALLS: '5',
      CONCORDAT_EVIDENCE_MINIMUM_WINDOW_SECONDS: '0',
      CONCORDAT_PAIRING_WINDOW_SECONDS: '1',
    });
    await put('/pacts/provider/shop/consumer/web/version/1', pact);
    await put('/pacts/provider/shop/consumer/mail/version/1', messagePact);
    const documents = '/contracts/provider';
    await put(
      `${documents}/shop/version/7?specification=asyncapi`,
      asyncApi('send', { 'order.placed': 'OrderPlaced', 'order.archived': 'OrderArchived' }),
    );
    await put(
      `${documents}/ledger/version/3?specification=asyncapi`,
      asyncApi('receive', { 'order.archived': 'OrderArchived' }),
    );
    await send([
      ...repeat(6, () =>
        requestSpans({ consumer: production('web'), provider: shop, request: 'GET /v1/orders/7' }),
      ),
      ...requestSpans({
        ...{ consumer: production('mobile', ''), provider: shop },
        ...{ request: 'GET /v1/stock', route: '/v1/stock' },
      }),
      ...requestSpans({
        ...{ consumer: production('mobile'), provider: shop },
        ...{ request: 'POST /v1/baskets', status: 201, route: '/v1/baskets' },
      }),
      ...repeat(6, () =>
        eventSpans({ consumer: production('mail'), provider: shop, event: 'order.placed' }),
      ),
      ...requestSpans({
        ...{ consumer: production('web'), provider: production('tiny') },
        ...{ request: 'GET /v1/things', route: '/v1/things' },
      }),
    ]);
  });
  afterAll(() => hub.close());

  async function put(path: string, json: object): Promise<void> {
    const headers = { accept: '*/*' };
    expect((await ask(hub, `PUT ${path}`, { json, headers })).status).toBeLessThan(300);
  }

  async function send(spans: readonly SentSpans[]): Promise<void> {
    const response = await fetch(`${hub.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: otlpBody(spans),
    });
    expect(response.status).toBe(200);
  }

  function canIRemove(
    query: { readonly operation?: string; readonly event?: string; readonly field?: string },
    provider = 'shop',
  ): Promise<Removal> {
    return createInsightsClient(hub.url, fetch).canIRemove({
      ...{ provider, ...query },
      ...{ environment: 'production', window: '1h' },
    });
  }

  const kinds = ({ reasons }: Removal) => reasons.map(({ kind }) => kind);

  describe('a route', () => {
    test.each(['GET /v1/orders/{id}', 'get /v1/orders/123', 'GET /v1/orders/:id/'])(
      'no: a pact names it and its consumer calls it, however it is written: %s',
      async (operation) => {
        const answer = await canIRemove({ operation });
        expect(answer).toMatchObject({
          answer: 'no',
          operations: ['GET /v1/orders/{id}'],
          field: null,
          promisedBy: [{ consumer: 'web', versions: ['1'], interactions: ['an order'] }],
          calledBy: [{ consumer: 'web', version: '1', environment: 'production', count: 6 }],
          receivers: [],
        });
        expect(kinds(answer)).toEqual(['promised', 'called']);
        const trace = `GET /api/traces/${answer.calledBy[0]?.exemplarTraceId}`;
        expect((await ask(hub, trace, { headers: { accept: '*/*' } })).status).toBe(200);
      },
    );

    test('no: a pact names it, though nobody calls it', async () => {
      const answer = await canIRemove({ operation: 'GET /v0/orders' });
      expect(answer).toMatchObject({ answer: 'no', calledBy: [] });
      expect(kinds(answer)).toEqual(['promised', 'not-called']);
    });

    test('no: somebody without a pact calls it', async () => {
      const answer = await canIRemove({ operation: 'GET /v1/stock' });
      expect(answer).toMatchObject({
        answer: 'no',
        promisedBy: [],
        calledBy: [{ consumer: 'mobile', version: null, count: 1 }],
      });
    });

    test('yes: no pact in force names it, and with enough calls none was of it', async () => {
      const withIt = {
        ...pact,
        interactions: [
          ...pact.interactions,
          {
            description: 'carts',
            request: { method: 'GET', path: '/v1/carts' },
            response: { status: 200 },
          },
        ],
      };
      const path = '/pacts/provider/shop/consumer/app/version/1';
      const content = { ...withIt, consumer: { name: 'app' } };
      await put(path, content);
      expect((await canIRemove({ operation: 'GET /v1/carts' })).answer).toBe('no');
      await ask(hub, `DELETE ${path}`);
      const document = {
        openapi: '3.1.0',
        info: { title: 'shop', version: '1' },
        paths: { '/v1/carts': { get: { responses: { 200: { description: 'ok' } } } } },
      };
      const where = '/contracts/provider/shop/version/7?specification=openapi';
      await put(where, document);
      const answer = await canIRemove({ operation: 'GET /v1/carts' });
      expect(answer).toMatchObject({ answer: 'yes', promisedBy: [], calledBy: [] });
      expect(answer.evidence).toMatchObject({ calls: 8, sampleRate: 1 });
      expect(answer.reasons[0]?.sentence).toContain('None of 8 calls to shop');
    });

    test('cannot tell: too few calls', async () => {
      const json = {
        openapi: '3.1.0',
        info: { title: 'tiny', version: '1' },
        paths: { '/v1/rare': { get: { responses: { 200: { description: 'ok' } } } } },
      };
      const where = '/contracts/provider/tiny/version/1?specification=openapi';
      await put(where, json);
      const answer = await canIRemove({ operation: 'GET /v1/rare' }, 'tiny');
      expect(answer.answer).toBe('cannot-tell');
      expect(kinds(answer)).toEqual(['too-little-evidence']);
    });
  });

  describe('an event', () => {
    test.each(['order.placed', 'OrderPlaced'])(
      'no: a pact names it and it is received, as %s',
      async (event) => {
        const answer = await canIRemove({ event });
        expect(answer).toMatchObject({
          answer: 'no',
          operations: ['send order.placed'],
          promisedBy: [{ consumer: 'mail', interactions: ['placed'] }],
          calledBy: [{ consumer: 'mail', count: 6 }],
        });
      },
    );

    test('no: somebody declares to receive it', async () => {
      const answer = await canIRemove({ event: 'order.archived' });
      expect(answer).toMatchObject({
        answer: 'no',
        receivers: [{ pacticipant: 'ledger', version: '3' }],
      });
      expect(kinds(answer)).toEqual(['declared-receiver', 'not-called']);
    });

    test('yes: nobody declares to receive it any more', async () => {
      const where = '/contracts/provider/ledger/version/4?specification=asyncapi';
      const json = asyncApi('receive', { 'order.paid': 'OrderPaid' });
      await put(where, json);
      const answer = await canIRemove({ operation: 'send order.archived' });
      expect(answer).toMatchObject({ answer: 'yes', receivers: [] });
    });
  });

  describe('a field', () => {
    const order = { operation: 'GET /v1/orders/{id}' };

    test.each(['/items/0/sku', '/items/*/sku', '/items'])('no: a pact names %s', async (field) => {
      const answer = await canIRemove({ ...order, field });
      expect(answer).toMatchObject({
        answer: 'no',
        field: field.replace('0', '*'),
        promisedBy: [{ consumer: 'web', interactions: ['an order'] }],
      });
      expect(answer.knownFields).toContain('/items/*/sku');
    });

    test('yes: all who call have pacts that name other fields', async () => {
      const answer = await canIRemove({ ...order, field: '/items/*/colour' });
      expect(answer).toMatchObject({ answer: 'yes', promisedBy: [] });
      expect(kinds(answer)).toEqual(['field-not-needed']);
    });

    test('cannot tell: somebody without a pact calls it', async () => {
      const answer = await canIRemove({ operation: 'GET /v1/stock', field: '/level' });
      expect(answer.answer).toBe('cannot-tell');
      expect(kinds(answer)).toEqual(['field-unknown-use']);
    });

    test('no: a field of an event that a pact names', async () => {
      expect((await canIRemove({ event: 'order.placed', field: '/total' })).answer).toBe('no');
      expect((await canIRemove({ event: 'order.placed', field: '/tax' })).answer).toBe('yes');
    });
  });

  describe('wrong questions are refused with what is wrong', () => {
    test.each([
      ['provider=shop', 400, 'Say what is to go'],
      ['operation=GET%20/v1/stock', 400, 'provider is missing'],
      ['provider=shop&operation=GET%20/x&event=y', 400, 'and not both'],
      ['provider=shop&event=order.placed&window=week', 400, 'window is \\"week\\"'],
      ['provider=shop&event=order.placed&field=total', 400, 'use a JSON pointer'],
      ['provider=shop&event=order.placed&when=now', 400, 'Unknown parameter'],
      ['provider=shops&event=order.placed', 404, 'Did you mean shop'],
      ['provider=shop&operation=GET%20/v1/order/{id}', 404, 'GET /v1/orders/{id}'],
      ['provider=shop&event=order.plced', 404, 'Did you mean order.placed'],
    ])('%s', async (...[query, status, words]) => {
      const response = await fetch(`${hub.url}/insights/can-i-remove?${query}`);
      expect(response.status).toBe(status);
      const text = await response.text();
      expect(text).toContain(words);
      expect(JSON.parse(text).near ?? []).toBeInstanceOf(Array);
    });
  });

  describe('a field that live guards look at', () => {
    const operation = 'GET /v1/parcels/{id}';
    const guarded = (name: string, read: readonly string[], times = 6) =>
      repeat(times, () =>
        requestSpans({
          consumer: production(name),
          provider: production('post'),
          request: 'GET /v1/parcels/7',
          more: {
            client: {
              [guardAttributes.side]: 'consumer',
              [guardAttributes.verdict]: 'kept',
              [guardAttributes.consumer]: name,
              [guardAttributes.provider]: 'post',
              [guardAttributes.operation]: operation,
              [guardAttributes.fields]: ['/id', '/weight'],
              [guardAttributes.fieldsRead]: read,
            },
          },
        }),
      );

    test('yes while nobody reads it, no when somebody does', async () => {
      await send(guarded('depot', ['/id']));
      const unread = await canIRemove({ operation, field: '/weight' }, 'post');
      expect(unread).toMatchObject({
        answer: 'yes',
        fieldUsage: [{ consumer: 'depot', field: '/weight', present: 6, read: 0 }],
      });
      await send(guarded('scales', ['/id', '/weight'], 1));
      const read = await canIRemove({ operation, field: '/weight' }, 'post');
      expect(read.answer).toBe('no');
      expect(kinds(read)).toEqual(['field-read', 'field-not-needed']);
    });

    test('cannot tell while it was watched too seldom', async () => {
      await send(guarded('visitor', ['/id'], 2));
      const answer = await canIRemove({ operation, field: '/weight' }, 'post');
      expect(kinds(answer)).toEqual(['field-read', 'field-unknown-use', 'field-not-needed']);
    });
  });
});
