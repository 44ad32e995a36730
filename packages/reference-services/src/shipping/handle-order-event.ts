import type { ShopEvent } from '../event-bus/event.ts';
import type { Shipments } from './shipments.ts';

/** What shipping reads of `order.confirmed`; contracts/pacts/shipping-orders.json promises it. */
export type OrderConfirmedEvent = ShopEvent<{
  readonly orderId: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}>;

/** What shipping reads of `order.cancelled`. */
export type OrderCancelledEvent = ShopEvent<{ readonly orderId: string }>;

/** Packs confirmed orders and stops cancelled ones. Throws on an event it does not know: it is retried, then set aside. */
export function handleOrderEvent(shipments: Shipments, event: ShopEvent): void {
  switch (event.type) {
    case 'order.confirmed':
      shipments.prepare(event as OrderConfirmedEvent);
      return;
    case 'order.cancelled':
      shipments.stop(event as OrderCancelledEvent);
      return;
    default:
      throw new Error(`shipping does not know the event '${event.type}'`);
  }
}
