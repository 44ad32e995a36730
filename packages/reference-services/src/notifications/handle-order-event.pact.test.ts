import { asynchronousBodyHandler, MatchersV3, MessageConsumerPact } from '@pact-foundation/pact';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommittedPact, keepPact, newPact } from '../committed-pact.ts';
import { readEvent } from '../event-bus/event.ts';
import { handleOrderEvent } from './handle-order-event.ts';
import { Outbox } from './outbox.ts';

const { integer, like, regex, string, timestamp, uuid } = MatchersV3;

const orderId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const eventId = '1f0c9a52-6a57-4e0e-9d6f-6c3f0a1b2c3d';
const anOrder = { orderId: uuid(orderId), customer: string('ada') };

describe('notifications as consumer of the events of orders', () => {
  let committed: CommittedPact;

  beforeAll(async () => {
    committed = await newPact('notifications', 'orders');
  });

  afterAll(() => keepPact(committed));

  test.each([
    {
      description: 'an order was placed',
      type: 'order.placed',
      data: { ...anOrder, totalCents: integer(2_500), currency: regex('^[A-Z]{3}$', 'EUR') },
      text: `Your order ${orderId} over 25.00 EUR is being processed.`,
    },
    {
      description: 'an order was confirmed',
      type: 'order.confirmed',
      data: anOrder,
      text: `Your order ${orderId} is confirmed.`,
    },
    {
      description: 'an order was cancelled',
      type: 'order.cancelled',
      data: { ...anOrder, reason: string('OUT_OF_STOCK') },
      text: `Your order ${orderId} was cancelled (OUT_OF_STOCK).`,
    },
  ])('the customer is told when $description', async ({ description, type, data, text }) => {
    const outbox = new Outbox(10);
    await new MessageConsumerPact({ ...committed, logLevel: 'error' })
      .expectsToReceive(description)
      .withContent({
        id: uuid(eventId),
        type,
        time: timestamp("yyyy-MM-dd'T'HH:mm:ss.SSSX", '2026-01-31T09:30:00.000Z'),
        data: like(data),
      })
      .withMetadata({ routingKey: type })
      .verify(
        asynchronousBodyHandler(async (body) => {
          handleOrderEvent(outbox, readEvent(Buffer.from(JSON.stringify(body))));
        }),
      );
    expect(outbox.sent).toEqual([{ customer: 'ada', text }]);
  });
});
