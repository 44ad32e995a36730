import { receivingService } from '../event-bus/receiving-service.ts';
import type { BuildService } from '../service/service.ts';
import { handleOrderEvent } from './handle-order-event.ts';
import { Outbox } from './outbox.ts';

const keptNotifications = 1_000;

/** Writes to customers about their orders. */
export const notificationsService: BuildService = (config) => {
  const outbox = new Outbox(keptNotifications);
  const definition = {
    queue: 'notifications.orders',
    patterns: ['order.placed', 'order.confirmed', 'order.cancelled'],
    retryDelays: [100, 500, 2_000],
    prefetch: 1,
  };
  return receivingService(config, definition, async (event) => handleOrderEvent(outbox, event));
};
