import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InventoryClient } from '../orders/inventory-client.ts';
import { PaymentsClient } from '../orders/payments-client.ts';
import { GatewayClient } from '../storefront/gateway-client.ts';
import { HttpClient } from './http-client.ts';

let server: Server;

/** A provider that answers 418 to everything. */
beforeAll(async () => {
  server = createServer((_request, response) => response.writeHead(418).end('{}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const basket = { customer: 'ada', lines: [], payment: { card: 'card-good' } };
const charge = { orderId: 'o', amountCents: 1, currency: 'EUR', card: 'card-good' };

test.each<[string, (http: HttpClient) => Promise<unknown>]>([
  ['GET /v1/products/{sku}', (http) => new InventoryClient(http).product('mug')],
  ['POST /v1/reservations', (http) => new InventoryClient(http).reserve('o', [])],
  ['PUT /v1/reservations/{id}/confirmation', (http) => new InventoryClient(http).confirm('r')],
  ['DELETE /v1/reservations/{id}', (http) => new InventoryClient(http).release('r')],
  ['POST /v1/charges', (http) => new PaymentsClient(http).charge(charge)],
  ['POST /v1/charges/{id}/refunds', (http) => new PaymentsClient(http).refund('c')],
  ['POST /v1/orders', (http) => new GatewayClient(http).placeOrder('s', basket)],
  ['GET /v1/orders/{id}', (http) => new GatewayClient(http).order('s', 'o')],
  ['GET /v1/orders', (http) => new GatewayClient(http).ordersOf('s', 'ada')],
  ['GET /v1/recommendations', (http) => new GatewayClient(http).recommendations('s')],
])('%s with an answer nobody expects is a 502 that names it', async (operation, call) => {
  const { port } = server.address() as AddressInfo;
  const http = new HttpClient({ provider: 'anyone', baseUrl: `http://127.0.0.1:${port}` });
  await expect(call(http)).rejects.toMatchObject({
    status: 502,
    code: 'UNEXPECTED_ANSWER',
    message: `${operation} answered 418, which this service does not expect`,
  });
});
