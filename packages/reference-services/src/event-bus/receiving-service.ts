import type { ServiceConfig } from '../config.ts';
import { type Service, serviceApp } from '../service/service.ts';
import { EventBus } from './event-bus.ts';
import type { EventHandler, SubscriptionDefinition } from './subscription.ts';

/** A service that only receives events: `/health` says when it is subscribed and how many it has handled. */
export async function receivingService(
  config: ServiceConfig,
  definition: SubscriptionDefinition,
  handler: EventHandler,
): Promise<Service> {
  const bus = new EventBus();
  const subscription = bus.subscribe(definition, handler);
  await bus.open(config.amqpUrl);
  return {
    app: serviceApp({
      routers: [],
      health: () => ({ ready: bus.connected, events: subscription.counts }),
    }),
    close: () => bus.close(),
  };
}
