import { MatchersV3, PactV4 } from '@pact-foundation/pact';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommittedPact, keepPact, mockServerTest, newPact } from '../committed-pact.ts';
import { HttpClient } from '../service/http-client.ts';
import { InventoryClient } from './inventory-client.ts';

const { integer, like, regex, string, uuid } = MatchersV3;

const orderId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const reservationId = '0b5f9a3e-5f0d-4a53-9b6e-2f1f5a8a7c11';
const anyReservation = regex(
  '^/v1/reservations/[0-9a-f-]{36}$',
  `/v1/reservations/${reservationId}`,
);
const anyConfirmation = regex(
  '^/v1/reservations/[0-9a-f-]{36}/confirmation$',
  `/v1/reservations/${reservationId}/confirmation`,
);
const problem = { 'Content-Type': 'application/problem+json' };

describe('orders as consumer of inventory', mockServerTest, () => {
  let committed: CommittedPact;

  beforeAll(async () => {
    committed = await newPact('orders', 'inventory');
  });

  afterAll(() => keepPact(committed));

  const pact = () => new PactV4({ ...committed, logLevel: 'error' });
  const clientOf = (url: string) =>
    new InventoryClient(new HttpClient({ provider: 'inventory', baseUrl: url }));

  test('the price of a product is asked before an order is taken', async () => {
    await pact()
      .addInteraction()
      .given('a product exists', { sku: 'mug-classic' })
      .uponReceiving('a request for a product')
      .withRequest('GET', regex('^/v1/products/[a-z0-9-]+$', '/v1/products/mug-classic'))
      .willRespondWith(200, (response) =>
        response.jsonBody({
          sku: string('mug-classic'),
          priceCents: integer(1_250),
        }),
      )
      .executeTest(async (server) => {
        const product = await clientOf(server.url).product('mug-classic');
        expect(product).toEqual({ sku: 'mug-classic', priceCents: 1_250 });
      });
  });

  test('a product that inventory does not know makes the order unprocessable', async () => {
    await pact()
      .addInteraction()
      .given('no such product exists', { sku: 'no-such-product' })
      .uponReceiving('a request for an unknown product')
      .withRequest('GET', regex('^/v1/products/[a-z0-9-]+$', '/v1/products/no-such-product'))
      .willRespondWith(404, (response) =>
        response.headers(problem).jsonBody({ code: 'UNKNOWN_PRODUCT' }),
      )
      .executeTest(async (server) => {
        await expect(clientOf(server.url).product('no-such-product')).rejects.toMatchObject({
          status: 422,
          code: 'UNKNOWN_PRODUCT',
        });
      });
  });

  test('the lines of an order are reserved', async () => {
    await pact()
      .addInteraction()
      .given('a product is in stock', { sku: 'mug-classic' })
      .uponReceiving('a request to reserve what is in stock')
      .withRequest('POST', '/v1/reservations', (request) =>
        request.jsonBody(reservationOf('mug-classic')),
      )
      .willRespondWith(201, (response) => response.jsonBody({ id: uuid(reservationId) }))
      .executeTest(async (server) => {
        const id = await clientOf(server.url).reserve(orderId, [
          { sku: 'mug-classic', quantity: 2 },
        ]);
        expect(id).toBe(reservationId);
      });
  });

  test('what is out of stock is refused', async () => {
    await pact()
      .addInteraction()
      .given('a product is out of stock', { sku: 'poster-rare' })
      .uponReceiving('a request to reserve what is out of stock')
      .withRequest('POST', '/v1/reservations', (request) =>
        request.jsonBody(reservationOf('poster-rare')),
      )
      .willRespondWith(409, (response) =>
        response.headers(problem).jsonBody({
          code: 'OUT_OF_STOCK',
          detail: string("only 0 of 'poster-rare' are left"),
        }),
      )
      .executeTest(async (server) => {
        const lines = [{ sku: 'poster-rare', quantity: 2 }];
        await expect(clientOf(server.url).reserve(orderId, lines)).rejects.toMatchObject({
          status: 409,
          code: 'OUT_OF_STOCK',
          message: "only 0 of 'poster-rare' are left",
        });
      });
  });

  test('a paid reservation is confirmed', async () => {
    await pact()
      .addInteraction()
      .given('a reservation is held', { reservationId })
      .uponReceiving('a request to confirm a reservation')
      .withRequest('PUT', anyConfirmation)
      .willRespondWith(204)
      .executeTest((server) => clientOf(server.url).confirm(reservationId));
  });

  test('a supplier can refuse when the reservation is confirmed', async () => {
    await pact()
      .addInteraction()
      .given('the supplier refuses a reservation', { reservationId })
      .uponReceiving('a request to confirm what the supplier refuses')
      .withRequest('PUT', anyConfirmation)
      .willRespondWith(409, (response) =>
        response
          .headers(problem)
          .jsonBody({ code: 'SUPPLIER_REFUSED', detail: string('the supplier cannot deliver') }),
      )
      .executeTest(async (server) => {
        await expect(clientOf(server.url).confirm(reservationId)).rejects.toMatchObject({
          status: 409,
          code: 'SUPPLIER_REFUSED',
        });
      });
  });

  test('a reservation is released when the order fails', async () => {
    await pact()
      .addInteraction()
      .given('a reservation is held', { reservationId })
      .uponReceiving('a request to release a reservation')
      .withRequest('DELETE', anyReservation)
      .willRespondWith(204)
      .executeTest((server) => clientOf(server.url).release(reservationId));
  });
});

function reservationOf(sku: string) {
  return { orderId: uuid(orderId), lines: like([{ sku: string(sku), quantity: integer(2) }]) };
}
