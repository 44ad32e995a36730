import { expect, test } from 'vitest';
import type { ShopEvent } from '../event-bus/event.ts';
import { handleOrderEvent } from './handle-order-event.ts';
import { Shipments } from './shipments.ts';

const data = { orderId: 'o', lines: [{ sku: 'mug', quantity: 2 }] };
const confirmed = { type: 'order.confirmed', data } as unknown as ShopEvent;
const cancelled = { type: 'order.cancelled', data } as unknown as ShopEvent;

test.each([
  { events: [confirmed], status: 'preparing', items: 2 },
  { events: [confirmed, confirmed], status: 'preparing', items: 2 },
  { events: [confirmed, cancelled], status: 'stopped', items: 2 },
  { events: [cancelled, confirmed], status: 'stopped', items: 0 },
])(
  'after $events.0.type … the shipment is $status with $items items',
  ({ events, status, items }) => {
    const shipments = new Shipments();
    for (const event of events) handleOrderEvent(shipments, event);
    expect(shipments.find('o')).toEqual({ orderId: 'o', status, items });
  },
);

test('an event that shipping does not know is refused, so that it is set aside', () => {
  const event = { type: 'order.placed', data } as unknown as ShopEvent;
  expect(() => handleOrderEvent(new Shipments(), event)).toThrow("'order.placed'");
});
