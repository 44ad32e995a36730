import { receivingService } from '../event-bus/receiving-service.ts';
import type { BuildService } from '../service/service.ts';
import { handleOrderEvent } from './handle-order-event.ts';
import { Shipments } from './shipments.ts';

/** Prepares shipments of confirmed orders. */
export const shippingService: BuildService = (config) => {
  const shipments = new Shipments();
  const definition = {
    queue: 'shipping.orders',
    patterns: ['order.confirmed', 'order.cancelled'],
    retryDelays: [100, 500, 2_000],
    prefetch: 1,
  };
  return receivingService(config, definition, async (event) => handleOrderEvent(shipments, event));
};
