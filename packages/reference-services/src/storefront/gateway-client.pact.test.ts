import { MatchersV3, PactV4 } from '@pact-foundation/pact';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommittedPact, keepPact, mockServerTest, newPact } from '../committed-pact.ts';
import { HttpClient } from '../service/http-client.ts';
import { GatewayClient } from './gateway-client.ts';

const { eachLike, integer, like, regex, string, uuid } = MatchersV3;

const orderId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const session = 'session-ada';
const anySession = { 'x-session-id': string(session) };
const problem = { 'Content-Type': 'application/problem+json' };
const anyOrder = regex('^/v1/orders/[0-9a-f-]{36}$', `/v1/orders/${orderId}`);

const basket = {
  customer: 'ada',
  lines: [{ sku: 'mug-classic', quantity: 2 }],
  payment: { card: 'card-good' },
};
const anyBasket = {
  customer: string('ada'),
  lines: eachLike({ sku: string('mug-classic'), quantity: integer(2) }),
  payment: like({ card: string('card-good') }),
};
const shownOrder = {
  id: uuid(orderId),
  status: regex('^(placed|confirmed|cancelled)$', 'confirmed'),
  totalCents: integer(2_500),
  currency: regex('^[A-Z]{3}$', 'EUR'),
};

// Planted: `recommendations` is used by the home page and promised nowhere here.
describe('the storefront as consumer of the gateway', mockServerTest, () => {
  let committed: CommittedPact;

  beforeAll(async () => {
    committed = await newPact('storefront', 'gateway');
  });

  afterAll(() => keepPact(committed));

  const pact = () => new PactV4({ ...committed, logLevel: 'error' });
  const clientOf = (url: string) =>
    new GatewayClient(new HttpClient({ provider: 'gateway', baseUrl: url }));

  test('a checkout places an order', async () => {
    await pact()
      .addInteraction()
      .given('everything ordered is in stock and the card is good')
      .uponReceiving('a checkout')
      .withRequest('POST', '/v1/orders', (request) =>
        request.headers(anySession).jsonBody(anyBasket),
      )
      .willRespondWith(201, (response) => response.jsonBody(shownOrder))
      .executeTest(async (server) => {
        const order = await clientOf(server.url).placeOrder(session, basket);
        expect(order).toEqual({
          id: orderId,
          status: 'confirmed',
          totalCents: 2_500,
          currency: 'EUR',
        });
      });
  });

  test.each([
    {
      state: 'a product is out of stock',
      what: 'something out of stock',
      status: 409,
      code: 'OUT_OF_STOCK',
    },
    {
      state: 'the bank declines the card',
      what: 'a declined card',
      status: 402,
      code: 'PAYMENT_DECLINED',
    },
    {
      state: 'a product is unknown',
      what: 'an unknown product',
      status: 422,
      code: 'UNKNOWN_PRODUCT',
    },
  ])('a checkout with $what is refused with $status', async ({ state, what, status, code }) => {
    await pact()
      .addInteraction()
      .given(state)
      .uponReceiving(`a checkout with ${what}`)
      .withRequest('POST', '/v1/orders', (request) =>
        request.headers(anySession).jsonBody(anyBasket),
      )
      .willRespondWith(status, (response) =>
        response.headers(problem).jsonBody({ status, code, detail: string('why it was refused') }),
      )
      .executeTest(async (server) => {
        await expect(clientOf(server.url).placeOrder(session, basket)).rejects.toMatchObject({
          status,
          code,
          message: 'why it was refused',
        });
      });
  });

  test('an order is shown', async () => {
    await pact()
      .addInteraction()
      .given('an order exists', { orderId })
      .uponReceiving('a request for an order')
      .withRequest('GET', anyOrder, (request) => request.headers(anySession))
      .willRespondWith(200, (response) => response.jsonBody(shownOrder))
      .executeTest(async (server) => {
        expect(await clientOf(server.url).order(session, orderId)).toMatchObject({ id: orderId });
      });
  });

  test('an order that does not exist is not shown', async () => {
    await pact()
      .addInteraction()
      .given('no such order exists')
      .uponReceiving('a request for an order that does not exist')
      .withRequest('GET', anyOrder, (request) => request.headers(anySession))
      .willRespondWith(404, (response) =>
        response.headers(problem).jsonBody({ status: 404, code: string('UNKNOWN_ORDER') }),
      )
      .executeTest(async (server) => {
        expect(await clientOf(server.url).order(session, orderId)).toBeUndefined();
      });
  });

  test("a customer's orders are listed", async () => {
    await pact()
      .addInteraction()
      .given('a customer has orders', { customer: 'ada' })
      .uponReceiving("a request for a customer's orders")
      .withRequest('GET', '/v1/orders', (request) =>
        request.headers(anySession).query({ customer: string('ada') }),
      )
      .willRespondWith(200, (response) => response.jsonBody({ orders: eachLike(shownOrder) }))
      .executeTest(async (server) => {
        expect(await clientOf(server.url).ordersOf(session, 'ada')).toHaveLength(1);
      });
  });
});
