import type { ShopEvent } from '../event-bus/event.ts';
import type { Outbox } from './outbox.ts';

interface OrderData {
  readonly orderId: string;
  readonly customer: string;
}

/** Tells the customer what happened to the order. contracts/pacts/notifications-orders.json promises what is read here. */
export function handleOrderEvent(outbox: Outbox, event: ShopEvent): void {
  const { orderId, customer } = event.data as OrderData;
  outbox.send({ customer, text: `Your order ${orderId} ${textOf(event)}` });
}

function textOf(event: ShopEvent): string {
  switch (event.type) {
    case 'order.placed': {
      const { totalCents, currency } = event.data as { totalCents: number; currency: string };
      return `over ${(totalCents / 100).toFixed(2)} ${currency} is being processed.`;
    }
    case 'order.confirmed':
      return 'is confirmed.';
    case 'order.cancelled':
      return `was cancelled (${(event.data as { reason: string }).reason}).`;
    default:
      throw new Error(`notifications does not know the event '${event.type}'`);
  }
}
