import type { ShopEvent } from '../event-bus/event.ts';
import type { Order } from './order.ts';

export interface OrderPlaced {
  readonly orderId: string;
  readonly customer: string;
  readonly lines: Order['lines'];
  readonly totalCents: number;
  readonly currency: string;
}

export interface OrderConfirmed {
  readonly orderId: string;
  readonly customer: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

export interface OrderCancelled {
  readonly orderId: string;
  readonly customer: string;
  readonly reason: string;
}

export interface Stamp {
  readonly id: string;
  readonly time: Date;
}

/** The events of an order; the documents are in contracts/asyncapi/orders.yaml. */
export function orderPlaced(order: Order, stamp: Stamp): ShopEvent<OrderPlaced> {
  const { id: orderId, customer, lines, totalCents, currency } = order;
  const data = { orderId, customer, lines, totalCents, currency };
  return orderEvent('order.placed', order, { stamp, data });
}

export function orderConfirmed(order: Order, stamp: Stamp): ShopEvent<OrderConfirmed> {
  const lines = order.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  const data = { orderId: order.id, customer: order.customer, lines };
  return orderEvent('order.confirmed', order, { stamp, data });
}

export function orderCancelled(order: Order, stamp: Stamp): ShopEvent<OrderCancelled> {
  const reason = order.reason ?? 'CANCELLED_BY_CUSTOMER';
  const data = { orderId: order.id, customer: order.customer, reason };
  return orderEvent('order.cancelled', order, { stamp, data });
}

function orderEvent<Data>(
  type: string,
  order: Order,
  parts: { readonly stamp: Stamp; readonly data: Data },
): ShopEvent<Data> {
  return {
    specversion: '1.0',
    id: parts.stamp.id,
    type,
    source: '/orders',
    time: parts.stamp.time.toISOString(),
    datacontenttype: 'application/json',
    aggregate: { type: 'order', id: order.id },
    version: order.version,
    metadata: { correlationId: order.id },
    data: parts.data,
  };
}
