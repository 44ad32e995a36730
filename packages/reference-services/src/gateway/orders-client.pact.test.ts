import { MatchersV3, PactV4 } from '@pact-foundation/pact';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommittedPact, keepPact, mockServerTest, newPact } from '../committed-pact.ts';
import { HttpClient } from '../service/http-client.ts';
import { OrdersClient } from './orders-client.ts';

const { eachLike, integer, like, regex, string, timestamp, uuid } = MatchersV3;

const orderId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
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
const anOrder = {
  id: uuid(orderId),
  customer: string('ada'),
  status: regex('^(placed|confirmed|cancelled)$', 'confirmed'),
  lines: eachLike({ sku: string('mug-classic'), quantity: integer(2), priceCents: integer(1_250) }),
  totalCents: integer(2_500),
  currency: regex('^[A-Z]{3}$', 'EUR'),
  placedAt: timestamp("yyyy-MM-dd'T'HH:mm:ss.SSSX", '2026-01-31T09:30:00.000Z'),
};

describe('the gateway as consumer of orders', mockServerTest, () => {
  let committed: CommittedPact;

  beforeAll(async () => {
    committed = await newPact('gateway', 'orders');
  });

  afterAll(() => keepPact(committed));

  const pact = () => new PactV4({ ...committed, logLevel: 'error' });
  const clientOf = (url: string) =>
    new OrdersClient(new HttpClient({ provider: 'orders', baseUrl: url }));

  test('a basket becomes a confirmed order', async () => {
    await pact()
      .addInteraction()
      .given('everything ordered is in stock and the card is good')
      .uponReceiving('a request to place an order')
      .withRequest('POST', '/v1/orders', (request) => request.jsonBody(anyBasket))
      .willRespondWith(201, (response) => response.jsonBody(anOrder))
      .executeTest(async (server) => {
        const answer = await clientOf(server.url).placeOrder(basket);
        expect(answer).toMatchObject({ status: 201, body: { id: orderId, totalCents: 2_500 } });
      });
  });

  test.each([
    {
      state: 'a product is out of stock',
      request: 'a request to order what is out of stock',
      status: 409,
      body: { code: 'OUT_OF_STOCK', orderId: uuid(orderId) },
    },
    {
      state: 'the bank declines the card',
      request: 'a request to order with a declined card',
      status: 402,
      body: { code: 'PAYMENT_DECLINED', orderId: uuid(orderId) },
    },
    {
      state: 'a product is unknown',
      request: 'a request to order an unknown product',
      status: 422,
      body: { code: 'UNKNOWN_PRODUCT' },
    },
  ])('$request is refused with $status', async ({ state, request, status, body }) => {
    await pact()
      .addInteraction()
      .given(state)
      .uponReceiving(request)
      .withRequest('POST', '/v1/orders', (builder) => builder.jsonBody(anyBasket))
      .willRespondWith(status, (response) =>
        response
          .headers(problem)
          .jsonBody({ status, detail: string('why it was refused'), ...body }),
      )
      .executeTest(async (server) => {
        const answer = await clientOf(server.url).placeOrder(basket);
        expect(answer).toMatchObject({ status, body: { code: body.code } });
      });
  });

  test('an order is read by its id', async () => {
    await pact()
      .addInteraction()
      .given('an order exists', { orderId })
      .uponReceiving('a request for an order')
      .withRequest('GET', anyOrder)
      .willRespondWith(200, (response) => response.jsonBody(anOrder))
      .executeTest(async (server) => {
        const answer = await clientOf(server.url).order(orderId);
        expect(answer).toMatchObject({ status: 200, body: { id: orderId } });
      });
  });

  test('an order that does not exist is not found', async () => {
    await pact()
      .addInteraction()
      .given('no such order exists')
      .uponReceiving('a request for an order that does not exist')
      .withRequest('GET', anyOrder)
      .willRespondWith(404, (response) =>
        response.headers(problem).jsonBody({ status: 404, code: 'UNKNOWN_ORDER' }),
      )
      .executeTest(async (server) => {
        const answer = await clientOf(server.url).order(orderId);
        expect(answer).toMatchObject({ status: 404, body: { code: 'UNKNOWN_ORDER' } });
      });
  });

  test('the orders of a customer are listed', async () => {
    await pact()
      .addInteraction()
      .given('a customer has orders', { customer: 'ada' })
      .uponReceiving("a request for a customer's orders")
      .withRequest('GET', '/v1/orders', (request) => request.query({ customer: string('ada') }))
      .willRespondWith(200, (response) => response.jsonBody({ orders: eachLike(anOrder) }))
      .executeTest(async (server) => {
        const answer = await clientOf(server.url).ordersOf('ada');
        expect(answer).toMatchObject({ status: 200, body: { orders: [{ id: orderId }] } });
      });
  });

  // Planted: promised and verified, and no traffic uses it (see orders-client.ts).
  test('an order is cancelled', async () => {
    await pact()
      .addInteraction()
      .given('an order exists', { orderId })
      .uponReceiving('a request to cancel an order')
      .withRequest('DELETE', anyOrder)
      .willRespondWith(204)
      .executeTest(async (server) => {
        const answer = await clientOf(server.url).cancelOrder(orderId);
        expect(answer).toEqual({ status: 204, body: undefined });
      });
  });
});
