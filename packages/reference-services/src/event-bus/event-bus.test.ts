import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type RunningEventBroker, startEventBroker } from '../event-broker/event-broker.ts';
import type { ShopEvent } from './event.ts';
import { EventBus } from './event-bus.ts';
import { deadLetterQueue, exchanges } from './topology.ts';

function anEvent(over: Partial<ShopEvent> = {}): ShopEvent {
  return {
    specversion: '1.0',
    id: randomUUID(),
    type: 'order.placed',
    source: '/orders',
    time: '2026-01-31T09:30:00.000Z',
    datacontenttype: 'application/json',
    aggregate: { type: 'order', id: 'o-1' },
    version: 1,
    metadata: { correlationId: 'o-1' },
    data: {},
    ...over,
  };
}

const definition = {
  queue: 'shipping.orders',
  patterns: ['order.*'],
  retryDelays: [10, 20],
  prefetch: 1,
};

describe('the event bus', () => {
  let broker: RunningEventBroker;
  let bus: EventBus;

  beforeEach(async () => {
    broker = await startEventBroker({ host: '127.0.0.1', port: 0 });
    bus = new EventBus(() => undefined);
  });

  afterEach(async () => {
    await bus.close();
    await broker.stop();
  });

  test('takes an event to whoever subscribed to its type', async () => {
    const received: ShopEvent[] = [];
    const subscription = bus.subscribe(definition, async (event) => {
      received.push(event);
    });
    await bus.open(broker.url);
    const event = anEvent();
    await bus.publish(anEvent({ type: 'stock.low' }));
    await bus.publish(event);
    await vi.waitFor(
      () => expect(subscription.counts).toEqual({ handled: 1, deadLettered: 0 }),
      10_000,
    );
    expect(received).toEqual([event]);
  });

  test('tries a failing handler again after each delay and then succeeds', async () => {
    const attempts: number[] = [];
    const subscription = bus.subscribe(definition, async () => {
      attempts.push(attempts.length);
      if (attempts.length < 3) throw new Error('not yet');
    });
    await bus.open(broker.url);
    await bus.publish(anEvent());
    await vi.waitFor(
      () => expect(subscription.counts).toEqual({ handled: 1, deadLettered: 0 }),
      10_000,
    );
    expect(attempts).toEqual([0, 1, 2]);
  });

  test('sets an event aside that no attempt can handle, with its first routing key', async () => {
    const subscription = bus.subscribe(definition, async () => {
      throw new Error('never');
    });
    await bus.open(broker.url);
    const event = anEvent();
    await bus.publish(event);
    await vi.waitFor(
      () => expect(subscription.counts).toEqual({ handled: 0, deadLettered: 1 }),
      10_000,
    );
    const dead = await takeFrom(deadLetterQueue(definition.queue));
    expect(JSON.parse(dead.content.toString())).toEqual(event);
    expect(dead.properties.headers).toMatchObject({ 'x-attempt': 2, 'x-key': 'order.placed' });
    expect(dead.properties.headers?.['x-death']?.[0]).toMatchObject({
      reason: 'rejected',
      queue: definition.queue,
    });
  });

  test.each([
    { what: 'no JSON', content: 'order placed!' },
    { what: 'no object', content: 'null' },
    { what: 'without an id', content: '{"type":"order.placed","time":"2026-01-31T09:30:00Z"}' },
  ])('sets a message aside at once that is $what', async ({ content }) => {
    const handler = vi.fn(async () => undefined);
    const subscription = bus.subscribe(definition, handler);
    await bus.open(broker.url);
    await publishRaw(content);
    await vi.waitFor(
      () => expect(subscription.counts).toEqual({ handled: 0, deadLettered: 1 }),
      10_000,
    );
    expect(handler).not.toHaveBeenCalled();
    const dead = await takeFrom(deadLetterQueue(definition.queue));
    expect(dead.content.toString()).toBe(content);
  });

  test('handles an event that comes twice only once', async () => {
    const handler = vi.fn(async () => undefined);
    const subscription = bus.subscribe(definition, handler);
    await bus.open(broker.url);
    const event = anEvent();
    await bus.publish(event);
    await bus.publish(event);
    await vi.waitFor(() => expect(subscription.counts.handled).toBe(2), 10_000);
    expect(handler).toHaveBeenCalledOnce();
  });

  test('keeps the order of events with a prefetch of one', async () => {
    const seen: number[] = [];
    bus.subscribe(definition, async (event) => {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(event.version);
    });
    await bus.open(broker.url);
    const versions = Array.from({ length: 20 }, (_, index) => index + 1);
    for (const version of versions) await bus.publish(anEvent({ version }));
    await vi.waitFor(() => expect(seen).toEqual(versions), 10_000);
  });

  test('refuses to publish while it is not connected', async () => {
    await expect(bus.publish(anEvent())).rejects.toThrow('not connected');
    expect(bus.connected).toBe(false);
  });

  test('takes up a lost connection again, subscriptions included', async () => {
    const received: string[] = [];
    bus.subscribe(definition, async (event) => {
      received.push(event.id);
    });
    await bus.open(broker.url);
    const { port } = new URL(broker.url);
    await broker.stop();
    await vi.waitFor(() => expect(bus.connected).toBe(false), 10_000);
    await expect(bus.publish(anEvent())).rejects.toThrow();
    broker = await startEventBroker({ host: '127.0.0.1', port: Number(port) });
    await vi.waitFor(() => expect(bus.connected).toBe(true), 10_000);
    const event = anEvent();
    await bus.publish(event);
    await vi.waitFor(() => expect(received).toEqual([event.id]), 10_000);
  });

  test('says once why it cannot open, and opens when the reason is gone', async () => {
    const connection = await connect(broker.url);
    const channel = await connection.createChannel();
    await channel.assertQueue(definition.queue, { durable: false });
    const complaints: string[] = [];
    const complaining = new EventBus((line) => complaints.push(line));
    complaining.subscribe(definition, async () => undefined);
    const opening = complaining.open(broker.url);
    await vi.waitFor(() => expect(complaints).toHaveLength(1), 10_000);
    expect(complaints[0]).toContain('PRECONDITION');
    expect(complaining.connected).toBe(false);
    await channel.deleteQueue(definition.queue);
    await opening;
    expect([complaining.connected, complaints.length]).toEqual([true, 1]);
    await complaining.close();
    await connection.close();
  });

  async function publishRaw(content: string): Promise<void> {
    const connection = await connect(broker.url);
    const channel = await connection.createConfirmChannel();
    channel.publish(exchanges.events, 'order.placed', Buffer.from(content));
    await channel.waitForConfirms();
    await connection.close();
  }

  async function takeFrom(queue: string) {
    const connection = await connect(broker.url);
    const channel = await connection.createChannel();
    const message = await vi.waitFor(async () => {
      const got = await channel.get(queue, { noAck: true });
      if (got === false) throw new Error('nothing there yet');
      return got;
    }, 10_000);
    await connection.close();
    return message;
  }
});
