import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import { readEvent, type ShopEvent } from './event.ts';
import { publishConfirmed } from './publish-confirmed.ts';
import { RecentIds } from './recent-ids.ts';
import { declareQueue, type QueueDefinition, retryQueue } from './topology.ts';

export interface SubscriptionDefinition extends QueueDefinition {
  /** How many messages are handled at once; 1 keeps them in order. */
  readonly prefetch: number;
}

export type EventHandler = (event: ShopEvent) => Promise<void>;

const rememberedIds = 10_000;

/**
 * Takes one queue's messages to a handler. A message is acknowledged when the handler is done; when it fails, the
 * message waits in the next retry queue and is dead-lettered after the last. What is no event is dead-lettered at once.
 * An event that was handled before (a broker may repeat it) is acknowledged without calling the handler again.
 */
export class Subscription {
  readonly definition: SubscriptionDefinition;
  readonly #handler: EventHandler;
  readonly #handledIds = new RecentIds(rememberedIds);
  #handled = 0;
  #deadLettered = 0;

  constructor(definition: SubscriptionDefinition, handler: EventHandler) {
    this.definition = definition;
    this.#handler = handler;
  }

  get counts(): { readonly handled: number; readonly deadLettered: number } {
    return { handled: this.#handled, deadLettered: this.#deadLettered };
  }

  /** Declares the queue and consumes it on this channel, which must belong to this subscription alone. */
  async open(channel: ConfirmChannel): Promise<void> {
    await declareQueue(channel, this.definition);
    await channel.prefetch(this.definition.prefetch);
    await channel.consume(this.definition.queue, (message) => {
      if (message !== null) void this.#take(channel, message);
    });
  }

  async #take(channel: ConfirmChannel, message: ConsumeMessage): Promise<void> {
    let event: ShopEvent;
    try {
      event = readEvent(message.content);
    } catch {
      this.#bury(channel, message);
      return;
    }
    try {
      if (!this.#handledIds.has(event.id)) await this.#handler(event);
    } catch {
      await this.#retry(channel, message);
      return;
    }
    this.#handledIds.add(event.id);
    this.#handled += 1;
    settle(() => channel.ack(message));
  }

  async #retry(channel: ConfirmChannel, message: ConsumeMessage): Promise<void> {
    const { queue, retryDelays } = this.definition;
    const attempt = attemptOf(message);
    const delay = retryDelays[attempt];
    if (delay === undefined) {
      this.#bury(channel, message);
      return;
    }
    try {
      await publishConfirmed(channel, {
        exchange: '',
        routingKey: retryQueue(queue, delay),
        content: message.content,
        options: {
          contentType: message.properties.contentType,
          messageId: message.properties.messageId,
          type: message.properties.type,
          headers: { 'x-attempt': attempt + 1, 'x-key': originalKey(message) },
        },
      });
      // Confirmed first, acknowledged second: a crash in between repeats the message, it never loses it.
      settle(() => channel.ack(message));
    } catch {
      settle(() => channel.nack(message, false, true));
    }
  }

  #bury(channel: ConfirmChannel, message: ConsumeMessage): void {
    this.#deadLettered += 1;
    settle(() => channel.nack(message, false, false));
  }
}

function attemptOf(message: ConsumeMessage): number {
  const attempt: unknown = message.properties.headers?.['x-attempt'];
  return typeof attempt === 'number' ? attempt : 0;
}

function originalKey(message: ConsumeMessage): string {
  const key: unknown = message.properties.headers?.['x-key'];
  return typeof key === 'string' ? key : message.fields.routingKey;
}

/** On a channel that closed meanwhile the broker has taken the message back already. */
function settle(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'IllegalOperationError') throw error;
  }
}
