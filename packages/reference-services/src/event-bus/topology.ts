import type { Channel } from 'amqplib';

/** Everything about one receiver's queue. */
export interface QueueDefinition {
  readonly queue: string;
  /** Routing keys of the `events` exchange, `*` and `#` allowed. */
  readonly patterns: readonly string[];
  /** Milliseconds before the second, third, … attempt; after the last one the message is dead-lettered. */
  readonly retryDelays: readonly number[];
}

export const exchanges = { events: 'events', retry: 'events.retry', dead: 'events.dlx' } as const;

/** The queue where a message waits `delay` milliseconds before it comes back. */
export function retryQueue(queue: string, delay: number): string {
  return `${queue}.retry.${delay}`;
}

/** The queue where a message ends that no attempt could handle. */
export function deadLetterQueue(queue: string): string {
  return `${queue}.dlq`;
}

/** Declares the three exchanges; repeating it changes nothing. */
export async function declareExchanges(channel: Channel): Promise<void> {
  await channel.assertExchange(exchanges.events, 'topic', { durable: true });
  await channel.assertExchange(exchanges.retry, 'direct', { durable: true });
  await channel.assertExchange(exchanges.dead, 'topic', { durable: true });
}

/**
 * Declares a receiver's queue with its retry queues and its dead-letter queue. A retry queue has no consumer: its
 * messages expire after the delay and go back to the main queue through the retry exchange.
 */
export async function declareQueue(channel: Channel, definition: QueueDefinition): Promise<void> {
  const { queue } = definition;
  await channel.assertQueue(queue, {
    durable: true,
    deadLetterExchange: exchanges.dead,
    deadLetterRoutingKey: queue,
  });
  for (const pattern of definition.patterns) {
    await channel.bindQueue(queue, exchanges.events, pattern);
  }
  await channel.bindQueue(queue, exchanges.retry, queue);
  for (const delay of definition.retryDelays) {
    await channel.assertQueue(retryQueue(queue, delay), {
      durable: true,
      messageTtl: delay,
      deadLetterExchange: exchanges.retry,
      deadLetterRoutingKey: queue,
    });
  }
  await channel.assertQueue(deadLetterQueue(queue), { durable: true });
  await channel.bindQueue(deadLetterQueue(queue), exchanges.dead, queue);
}
