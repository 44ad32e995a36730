import {
  type ChannelModel,
  type ConfirmChannel,
  connect,
  type RecoveringChannelModel,
} from 'amqplib';
import type { ShopEvent } from './event.ts';
import { publishConfirmed } from './publish-confirmed.ts';
import { type EventHandler, Subscription, type SubscriptionDefinition } from './subscription.ts';
import { declareExchanges, exchanges } from './topology.ts';

/**
 * The shop's events over AMQP. Publishing resolves when the broker has confirmed the event and rejects when it refused
 * it or is not connected: the caller decides what then. A lost connection is taken up again, subscriptions included.
 */
export class EventBus {
  readonly #complain: (line: string) => void;
  readonly #subscriptions: Subscription[] = [];
  #connection: RecoveringChannelModel | undefined;
  #publishing: ConfirmChannel | undefined;

  constructor(complain: (line: string) => void = (line) => process.stderr.write(`${line}\n`)) {
    this.#complain = complain;
  }

  /**
   * Resolves when the broker is reached and every subscription is open. Until then it keeps trying and complains about
   * each new reason why not; `close` ends that too, by a rejection.
   */
  async open(url: string): Promise<void> {
    const connection = await connect(url, {
      noDelay: true,
      recovery: {
        initialDelay: 100,
        maxDelay: 2_000,
        waitForConnect: false,
        setup: (model: ChannelModel) => this.#setUp(model),
      },
      clientProperties: { connection_name: 'shop' },
    });
    this.#connection = connection;
    let lastReason = '';
    connection.on('connect-failed', (error) => {
      const reason = reasonOf(error);
      if (reason !== lastReason) this.#complain(`event bus: not connected, trying on: ${reason}`);
      lastReason = reason;
    });
    connection.on('error', () => undefined);
    connection.on('disconnect', () => {
      this.#publishing = undefined;
    });
    await connection.waitForConnect();
  }

  /** Call it before `open`. */
  subscribe(definition: SubscriptionDefinition, handler: EventHandler): Subscription {
    const subscription = new Subscription(definition, handler);
    this.#subscriptions.push(subscription);
    return subscription;
  }

  async publish(event: ShopEvent): Promise<void> {
    const channel = this.#publishing;
    if (channel === undefined) throw new Error('the event bus is not connected');
    await publishConfirmed(channel, {
      exchange: exchanges.events,
      routingKey: event.type,
      content: Buffer.from(JSON.stringify(event)),
      options: {
        contentType: 'application/json',
        messageId: event.id,
        type: event.type,
        correlationId: event.metadata.correlationId,
        timestamp: Math.floor(Date.parse(event.time) / 1000),
      },
    });
  }

  get connected(): boolean {
    return this.#publishing !== undefined;
  }

  async close(): Promise<void> {
    await this.#connection?.close();
    this.#publishing = undefined;
  }

  async #setUp(model: ChannelModel): Promise<void> {
    model.on('error', () => undefined);
    const channel = await openChannel(model);
    await declareExchanges(channel);
    for (const subscription of this.#subscriptions)
      await subscription.open(await openChannel(model));
    this.#publishing = channel;
  }
}

/** A channel error closes the channel; the connection's recovery then opens a new one. */
async function openChannel(model: ChannelModel): Promise<ConfirmChannel> {
  const channel = await model.createConfirmChannel();
  channel.on('error', () => void model.close().catch(() => undefined));
  return channel;
}

/** A refused connection to a name with several addresses is an AggregateError without a message of its own. */
function reasonOf(error: Error): string {
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}
