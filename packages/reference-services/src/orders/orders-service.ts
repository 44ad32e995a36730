import { randomUUID } from 'node:crypto';
import type { ServiceConfig } from '../config.ts';
import { EventBus } from '../event-bus/event-bus.ts';
import { HttpClient } from '../service/http-client.ts';
import { type BuildService, type Service, serviceApp } from '../service/service.ts';
import { verificationRoutes } from '../service/verification-routes.ts';
import { InventoryClient } from './inventory-client.ts';
import { OrderStore } from './order-store.ts';
import { ordersRoutes } from './orders-routes.ts';
import { ordersVerification } from './orders-verification.ts';
import { PaymentsClient } from './payments-client.ts';

/** Takes orders, sees them through with inventory and payments, and tells everyone by events. */
export const ordersService: BuildService = async (config) =>
  config.verifying ? verifiedOrders() : liveOrders(config);

async function liveOrders(config: ServiceConfig): Promise<Service> {
  const bus = new EventBus();
  await bus.open(config.amqpUrl);
  const client = (provider: string) =>
    new HttpClient({ provider, baseUrl: config.urlOf(provider) });
  const routes = ordersRoutes({
    store: new OrderStore(),
    inventory: new InventoryClient(client('inventory')),
    payments: new PaymentsClient(client('payments')),
    publish: (event) => bus.publish(event),
    newId: randomUUID,
    now: () => new Date(),
  });
  return {
    app: serviceApp({ routers: [routes], health: () => ({ ready: bus.connected }) }),
    close: () => bus.close(),
  };
}

function verifiedOrders(): Service {
  const own = { store: new OrderStore(), newId: randomUUID, now: () => new Date() };
  const { providers, verification } = ordersVerification(own);
  const routes = ordersRoutes({
    ...own,
    inventory: providers,
    payments: providers,
    publish: async () => undefined,
  });
  return {
    app: serviceApp({ routers: [verificationRoutes(verification), routes] }),
    close: async () => undefined,
  };
}
