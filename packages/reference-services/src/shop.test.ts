import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readServiceConfig } from './config.ts';
import { type RunningEventBroker, startEventBroker } from './event-broker/event-broker.ts';
import { gatewayService } from './gateway/gateway-service.ts';
import { inventoryService } from './inventory/inventory-service.ts';
import { notificationsService } from './notifications/notifications-service.ts';
import { ordersService } from './orders/orders-service.ts';
import { paymentsService } from './payments/payments-service.ts';
import { type RunningService, runService } from './service/run-service.ts';
import type { BuildService } from './service/service.ts';
import { shippingService } from './shipping/shipping-service.ts';
import { storefrontService } from './storefront/storefront-service.ts';
import { driveTraffic } from './traffic/drive-traffic.ts';
import { readHandled } from './traffic/handled-events.ts';

/** The whole shop in one process, on the own event broker. */
class Shop {
  readonly #running: RunningService[] = [];
  readonly #env: Record<string, string> = {};
  #broker: RunningEventBroker | undefined;

  async start(): Promise<void> {
    this.#broker = await startEventBroker({ host: '127.0.0.1', port: 0 });
    this.#env.AMQP_URL = this.#broker.url;
    await this.#run('inventory', inventoryService);
    await this.#run('payments', paymentsService);
    await this.#run('orders', ordersService);
    await this.#run('gateway', gatewayService);
    await this.#run('storefront', storefrontService);
    await this.#run('shipping', shippingService);
    await this.#run('notifications', notificationsService);
  }

  urlOf(service: string): string {
    return readServiceConfig(this.#env).urlOf(service);
  }

  async stop(): Promise<void> {
    for (const running of this.#running.toReversed()) await running.stop();
    await this.#broker?.stop();
  }

  async #run(name: string, build: BuildService): Promise<void> {
    const running = await runService(build, readServiceConfig(this.#env));
    this.#running.push(running);
    this.#env[`${name.toUpperCase()}_URL`] = running.url;
  }
}

describe('the shop', () => {
  const shop = new Shop();

  beforeAll(() => shop.start());

  afterAll(() => shop.stop());

  async function ask(service: string, path: string, init: RequestInit = {}) {
    const response = await fetch(`${shop.urlOf(service)}${path}`, {
      ...init,
      headers: { 'content-type': 'application/json', ...init.headers },
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  function basket(over: { sku?: string; card?: string } = {}) {
    const { sku = 'mug-classic', card = 'card-good' } = over;
    return JSON.stringify({ customer: 'ada', lines: [{ sku, quantity: 2 }], payment: { card } });
  }

  const receivers = () => ({
    shippingUrl: shop.urlOf('shipping'),
    notificationsUrl: shop.urlOf('notifications'),
  });

  test.each([
    'storefront',
    'gateway',
    'orders',
    'inventory',
    'payments',
    'shipping',
    'notifications',
  ])('%s says that it is healthy', async (service) => {
    expect(await ask(service, '/health')).toMatchObject({ status: 200, body: { ready: true } });
  });

  test('a checkout ends in a confirmed order that can be read', async () => {
    const checkout = await ask('storefront', '/checkout', { method: 'POST', body: basket() });
    expect(checkout).toMatchObject({
      status: 201,
      body: { status: 'confirmed', totalCents: 2_500 },
    });
    const order = await ask('storefront', `/orders/${checkout.body.orderId}`);
    expect(order).toMatchObject({ status: 200, body: { status: 'confirmed', customer: 'ada' } });
    const orders = await ask('storefront', '/customers/ada/orders');
    expect(orders.body.orders).toContainEqual(order.body);
  });

  test.each([
    { why: 'out of stock', over: { sku: 'poster-rare' }, status: 409, code: 'OUT_OF_STOCK' },
    {
      why: 'a declined card',
      over: { card: 'card-declined' },
      status: 402,
      code: 'PAYMENT_DECLINED',
    },
    {
      why: 'a supplier who refuses',
      over: { sku: 'lamp-custom' },
      status: 409,
      code: 'SUPPLIER_REFUSED',
    },
  ])('$why ends the order cancelled and everything undone', async ({ over, status, code }) => {
    const { sku = 'mug-classic' } = over as { sku?: string };
    const before = await ask('inventory', `/v1/products/${sku}`);
    const checkout = await ask('storefront', '/checkout', { method: 'POST', body: basket(over) });
    expect(checkout).toMatchObject({ status, body: { status, code } });
    const order = await ask('orders', `/v1/orders/${checkout.body.orderId}`);
    expect(order.body).toMatchObject({ status: 'cancelled', reason: code });
    const after = await ask('inventory', `/v1/products/${sku}`);
    expect(after.body.available).toBe(before.body.available);
  });

  test('an unknown product is refused before an order exists', async () => {
    const checkout = await ask('storefront', '/checkout', {
      method: 'POST',
      body: basket({ sku: 'nothing' }),
    });
    expect(checkout).toMatchObject({ status: 422, body: { code: 'UNKNOWN_PRODUCT' } });
    expect(checkout.body.orderId).toBeUndefined();
  });

  test('a confirmed order can be cancelled once, and again without effect', async () => {
    const { body: order } = await ask('orders', '/v1/orders', { method: 'POST', body: basket() });
    for (let time = 0; time < 2; time += 1) {
      const answer = await ask('gateway', `/v1/orders/${order.id}`, {
        method: 'DELETE',
        headers: { 'x-session-id': 's' },
      });
      expect(answer.status).toBe(204);
    }
    const cancelled = await ask('orders', `/v1/orders/${order.id}`);
    expect(cancelled.body).toMatchObject({
      status: 'cancelled',
      reason: 'CANCELLED_BY_CUSTOMER',
      version: 3,
    });
  });

  test.each([
    {
      what: 'no JSON',
      service: 'orders',
      path: '/v1/orders',
      body: '{',
      code: 'UNREADABLE_BODY',
      status: 400,
    },
    {
      what: 'no object',
      service: 'orders',
      path: '/v1/orders',
      body: '[]',
      code: 'INVALID_REQUEST',
      status: 400,
    },
    {
      what: 'no customer',
      service: 'orders',
      path: '/v1/orders',
      body: '{"lines":[]}',
      code: 'INVALID_REQUEST',
      status: 400,
    },
    {
      what: 'no lines',
      service: 'orders',
      path: '/v1/orders',
      body: '{"customer":"a","lines":[]}',
      code: 'INVALID_REQUEST',
      status: 400,
    },
    {
      what: 'a line that is no object',
      service: 'orders',
      path: '/v1/orders',
      body: '{"customer":"a","lines":[1]}',
      code: 'INVALID_REQUEST',
      status: 400,
    },
    {
      what: 'a quantity of zero',
      service: 'orders',
      path: '/v1/orders',
      body: '{"customer":"a","lines":[{"sku":"x","quantity":0}]}',
      code: 'INVALID_REQUEST',
      status: 400,
    },
    {
      what: 'no payment',
      service: 'orders',
      path: '/v1/orders',
      body: '{"customer":"a","lines":[{"sku":"x","quantity":1}]}',
      code: 'INVALID_REQUEST',
      status: 400,
    },
    {
      what: 'too much',
      service: 'orders',
      path: '/v1/orders',
      body: `"${'x'.repeat(200_000)}"`,
      code: 'UNREADABLE_BODY',
      status: 413,
    },
    {
      what: 'a charge of nothing',
      service: 'payments',
      path: '/v1/charges',
      body: '{"orderId":"o","amountCents":0}',
      code: 'INVALID_REQUEST',
      status: 400,
    },
    {
      what: 'a refund of nothing',
      service: 'payments',
      path: '/v1/charges/none/refunds',
      body: '{}',
      code: 'UNKNOWN_CHARGE',
      status: 404,
    },
    {
      what: 'a route that is not there',
      service: 'inventory',
      path: '/v2/products',
      body: '{}',
      code: 'UNKNOWN_ROUTE',
      status: 404,
    },
  ])('$service answers $what with $status $code', async ({ service, path, body, code, status }) => {
    const answer = await ask(service, path, { method: 'POST', body });
    expect(answer).toMatchObject({ status, body: { status, code, type: 'about:blank' } });
  });

  test.each([
    {
      what: 'orders without a customer',
      service: 'orders',
      method: 'GET',
      path: '/v1/orders',
      status: 400,
    },
    {
      what: 'an order that is not there',
      service: 'orders',
      method: 'GET',
      path: '/v1/orders/none',
      status: 404,
    },
    {
      what: 'cancelling what is not there',
      service: 'orders',
      method: 'DELETE',
      path: '/v1/orders/none',
      status: 404,
    },
    {
      what: 'the gateway without a session',
      service: 'gateway',
      method: 'GET',
      path: '/v1/orders/none',
      status: 401,
    },
    {
      what: 'confirming what is not there',
      service: 'inventory',
      method: 'PUT',
      path: '/v1/reservations/none/confirmation',
      status: 404,
    },
    {
      what: 'releasing what is not there',
      service: 'inventory',
      method: 'DELETE',
      path: '/v1/reservations/none',
      status: 204,
    },
  ])('$what is answered with $status', async ({ service, method, path, status }) => {
    expect((await ask(service, path, { method })).status).toBe(status);
  });

  test('a round of traffic ends when all its events are handled', async () => {
    const before = await readHandled(receivers());
    await driveTraffic({
      storefrontUrl: shop.urlOf('storefront'),
      ...receivers(),
      baskets: 3,
      deadlineMillis: 10_000,
    });
    const after = await readHandled(receivers());
    expect(after.shipping - before.shipping).toBe(9);
    expect(after.notifications - before.notifications).toBe(18);
  });

  test('traffic says what was missing when its events are not handled in time', async () => {
    const round = driveTraffic({
      storefrontUrl: shop.urlOf('storefront'),
      shippingUrl: shop.urlOf('shipping'),
      // Counts twice too few: shipping hears of an order once, notifications twice.
      notificationsUrl: shop.urlOf('shipping'),
      baskets: 1,
      deadlineMillis: 1,
    });
    await expect(round).rejects.toThrow('events were not handled in time');
  });

  test('traffic says which page answered wrongly', async () => {
    const round = driveTraffic({
      storefrontUrl: shop.urlOf('gateway'),
      ...receivers(),
      baskets: 1,
      deadlineMillis: 1_000,
    });
    await expect(round).rejects.toThrow('GET /home answered 404, not 200');
  });
});
