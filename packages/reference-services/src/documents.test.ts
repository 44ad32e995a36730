import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import type { Router } from 'express';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { committedPactPath } from './committed-pact.ts';
import { gatewayRoutes } from './gateway/gateway-routes.ts';
import { gatewayVerification } from './gateway/gateway-verification.ts';
import { identities, type ServiceName } from './identities.ts';
import { inventoryRoutes } from './inventory/inventory-routes.ts';
import { Stock } from './inventory/stock.ts';
import type { Order } from './orders/order.ts';
import { orderCancelled, orderConfirmed, orderPlaced } from './orders/order-events.ts';
import { OrderStore } from './orders/order-store.ts';
import { ordersRoutes } from './orders/orders-routes.ts';
import { ordersVerification } from './orders/orders-verification.ts';
import { Ledger } from './payments/ledger.ts';
import { paymentsRoutes } from './payments/payments-routes.ts';
import { HttpClient } from './service/http-client.ts';
import { GatewayClient } from './storefront/gateway-client.ts';
import { storefrontRoutes } from './storefront/storefront-routes.ts';

const newId = () => '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const now = () => new Date('2026-01-31T09:30:00.000Z');
const methods = ['get', 'post', 'put', 'delete'];

interface OpenApi {
  readonly info: { readonly version: string };
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, unknown> }>>;
}

async function document(name: string): Promise<unknown> {
  const url = new URL(`../../../contracts/${name}.yaml`, import.meta.url);
  return parse(await readFile(url, 'utf8'));
}

function operationsOf({ paths }: OpenApi): string[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.filter((method) => method in item).map((method) => `${method} ${path}`),
  );
}

/** What a router serves: `/v1/orders/:id` as the documents write it. */
function routesOf(router: Router): string[] {
  return router.stack.flatMap(({ route }) => {
    if (route === undefined) return [];
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    return route.stack.map(({ method }) => `${method} ${path}`);
  });
}

const ownOrders = { store: new OrderStore(), newId, now };
const { providers } = ordersVerification(ownOrders);
const services: readonly { readonly name: ServiceName; readonly router: Router }[] = [
  { name: 'inventory', router: inventoryRoutes(new Stock(newId)) },
  { name: 'payments', router: paymentsRoutes(new Ledger(newId)) },
  {
    name: 'orders',
    router: ordersRoutes({
      ...ownOrders,
      inventory: providers,
      payments: providers,
      publish: async () => undefined,
    }),
  },
  { name: 'gateway', router: gatewayRoutes(gatewayVerification().orders) },
  {
    name: 'storefront',
    router: storefrontRoutes(
      new GatewayClient(new HttpClient({ provider: 'gateway', baseUrl: 'http://127.0.0.1:1' })),
    ),
  },
];

describe.each(services)('the document of $name', ({ name, router }) => {
  test('names exactly the routes that are served, and the version that runs', async () => {
    const openapi = (await document(`openapi/${name}`)) as OpenApi;
    expect(operationsOf(openapi).toSorted()).toEqual(routesOf(router).toSorted());
    expect(openapi.info.version).toBe(identities[name].version);
  });
});

test.each([
  { consumer: 'storefront', provider: 'gateway' },
  { consumer: 'gateway', provider: 'orders' },
  { consumer: 'orders', provider: 'inventory' },
  { consumer: 'orders', provider: 'payments' },
])(
  'all that $consumer was promised by $provider is in the document',
  async ({ consumer, provider }) => {
    const openapi = (await document(`openapi/${provider}`)) as OpenApi;
    const pact = JSON.parse(await readFile(committedPactPath(consumer, provider), 'utf8')) as {
      interactions: {
        request: { method: string; path: string };
        response: { status: number };
      }[];
    };
    for (const { request, response } of pact.interactions) {
      const item = Object.entries(openapi.paths).find(([path]) =>
        templateMatches(path, request.path),
      );
      const operation = item?.[1][request.method.toLowerCase()];
      expect(operation, `${request.method} ${request.path}`).toBeDefined();
      expect(Object.keys(operation?.responses ?? {})).toContain(String(response.status));
    }
    expect(pact.interactions.length).toBeGreaterThan(0);
  },
);

function templateMatches(template: string, path: string): boolean {
  const pattern = template.replaceAll(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(path);
}

describe('the events of orders', () => {
  const order: Order = {
    id: newId(),
    customer: 'ada',
    status: 'confirmed',
    lines: [{ sku: 'mug-classic', quantity: 2, priceCents: 1_250 }],
    totalCents: 2_500,
    currency: 'EUR',
    placedAt: now().toISOString(),
    version: 2,
  };
  const stamp = { id: newId(), time: now() };

  test.each([
    { event: orderPlaced(order, stamp), by: 'orderPlaced' },
    { event: orderConfirmed(order, stamp), by: 'orderConfirmed' },
    { event: orderCancelled({ ...order, reason: 'OUT_OF_STOCK' }, stamp), by: 'orderCancelled' },
    { event: orderCancelled(order, stamp), by: 'orderCancelled' },
  ])('$event.type is what sender and receivers describe', async ({ event, by }) => {
    const receivers = event.type === 'order.placed' ? [] : ['shipping'];
    for (const name of ['orders', 'notifications', ...receivers]) {
      const ajv = new Ajv({ strict: false, validateFormats: false });
      ajv.addSchema((await document(`asyncapi/${name}`)) as object, 'document');
      const validate = ajv.compile({ $ref: `document#/components/messages/${by}/payload` });
      validate(event);
      expect(validate.errors, name).toBeNull();
      expect(validate({ ...event, type: 'order.lost' }), name).toBe(false);
    }
  });

  test.each(['orders', 'shipping', 'notifications'] as const)(
    'the document of %s names the version that runs',
    async (name) => {
      const { info } = (await document(`asyncapi/${name}`)) as { info: { version: string } };
      expect(info.version).toBe(identities[name].version);
    },
  );
});
