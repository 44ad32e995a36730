import { MatchersV3, PactV4 } from '@pact-foundation/pact';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommittedPact, keepPact, newPact } from '../committed-pact.ts';
import { readEvent } from '../event-bus/event.ts';
import { handleOrderEvent } from './handle-order-event.ts';
import { Shipments } from './shipments.ts';

const { eachLike, integer, like, string, timestamp, uuid } = MatchersV3;

const orderId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const eventId = '1f0c9a52-6a57-4e0e-9d6f-6c3f0a1b2c3d';

describe('shipping as consumer of the events of orders', () => {
  let committed: CommittedPact;

  beforeAll(async () => {
    committed = await newPact('shipping', 'orders');
  });

  afterAll(() => keepPact(committed));

  const pact = () => new PactV4({ ...committed, logLevel: 'error' });

  test('a confirmed order is prepared for shipment', async () => {
    const data = {
      orderId: uuid(orderId),
      lines: eachLike({ sku: string('mug-classic'), quantity: integer(2) }),
    };
    await pact()
      .addAsynchronousInteraction()
      .expectsToReceive('an order was confirmed', (message) =>
        message
          .withMetadata({ routingKey: 'order.confirmed' })
          .withJSONContent(anEvent('order.confirmed', data)),
      )
      .executeTest(async (message) => {
        const shipments = new Shipments();
        handleOrderEvent(shipments, readEvent(bytesOf(message.contents.content)));
        expect(shipments.find(orderId)).toEqual({ orderId, status: 'preparing', items: 2 });
      });
  });

  test('a cancelled order is not shipped', async () => {
    await pact()
      .addAsynchronousInteraction()
      .expectsToReceive('an order was cancelled', (message) =>
        message
          .withMetadata({ routingKey: 'order.cancelled' })
          .withJSONContent(anEvent('order.cancelled', { orderId: uuid(orderId) })),
      )
      .executeTest(async (message) => {
        const shipments = new Shipments();
        handleOrderEvent(shipments, readEvent(bytesOf(message.contents.content)));
        expect(shipments.find(orderId)).toEqual({ orderId, status: 'stopped', items: 0 });
      });
  });
});

function anEvent(type: string, data: object) {
  return {
    id: uuid(eventId),
    type,
    time: timestamp("yyyy-MM-dd'T'HH:mm:ss.SSSX", '2026-01-31T09:30:00.000Z'),
    version: integer(2),
    data: like(data),
  };
}

function bytesOf(content: unknown): Buffer {
  return Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
}
