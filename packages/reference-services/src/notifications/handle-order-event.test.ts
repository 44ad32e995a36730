import { expect, test } from 'vitest';
import type { ShopEvent } from '../event-bus/event.ts';
import { handleOrderEvent } from './handle-order-event.ts';
import { Outbox } from './outbox.ts';

test('an event that notifications does not know is refused, so that it is set aside', () => {
  const event = { type: 'order.lost', data: { orderId: 'o', customer: 'ada' } } as ShopEvent;
  expect(() => handleOrderEvent(new Outbox(1), event)).toThrow("'order.lost'");
});

test('the oldest notifications are forgotten beyond the limit', () => {
  const outbox = new Outbox(2);
  for (const text of ['1', '2', '3']) outbox.send({ customer: 'ada', text });
  expect(outbox.sent.map(({ text }) => text)).toEqual(['2', '3']);
});
