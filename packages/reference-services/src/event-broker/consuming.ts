import { randomUUID } from 'node:crypto';
import { AmqpError } from './amqp-error.ts';
import type { ChannelPort, Handlers } from './channel.ts';
import type { MethodArguments } from './methods.ts';
import type { Consumer, Entry, Queue } from './queue.ts';
import { type Delivery, Unacknowledged } from './unacknowledged.ts';
import type { VirtualHost } from './virtual-host.ts';

interface ChannelConsumer {
  readonly queue: Queue;
  readonly consumer: Consumer;
}

/** One channel's consumers, prefetch, and deliveries that wait for their acknowledgement. */
export class Consuming {
  readonly #host: VirtualHost;
  readonly #port: ChannelPort;
  readonly #consumers = new Map<string, ChannelConsumer>();
  readonly #unacknowledged = new Unacknowledged();
  /** 0 is unlimited. */
  #prefetchOfNewConsumers = 0;
  #prefetchOfChannel = 0;
  #lastTag = 0;

  constructor(host: VirtualHost, port: ChannelPort) {
    this.#host = host;
    this.#port = port;
  }

  handlers(): Handlers {
    return {
      'basic.qos': (values) => {
        if (values.global) this.#prefetchOfChannel = values.prefetchCount;
        else this.#prefetchOfNewConsumers = values.prefetchCount;
        this.#port.send('basic.qos-ok', {});
      },
      'basic.consume': (values) => this.#consume(values),
      'basic.cancel': ({ consumerTag, nowait }) => {
        this.#cancel(consumerTag);
        if (!nowait) this.#port.send('basic.cancel-ok', { consumerTag });
      },
      'basic.get': (values) => this.#get(values),
      'basic.ack': ({ deliveryTag, multiple }) => {
        this.#settle(Number(deliveryTag), multiple, () => undefined);
      },
      'basic.nack': ({ deliveryTag, multiple, requeue }) => {
        this.#settle(Number(deliveryTag), multiple, requeue ? giveBack : giveUp);
      },
      'basic.reject': ({ deliveryTag, requeue }) => {
        this.#settle(Number(deliveryTag), false, requeue ? giveBack : giveUp);
      },
      'basic.recover': () => {
        giveBack(this.#unacknowledged.takeAll());
        this.#port.send('basic.recover-ok', {});
      },
    };
  }

  /** Looks for work again: the connection can send once more. */
  serve(): void {
    for (const { queue } of this.#consumers.values()) queue.serve();
  }

  /** The channel is over: its consumers go and what was not acknowledged goes back. */
  end(): void {
    for (const tag of [...this.#consumers.keys()]) this.#cancel(tag);
    giveBack(this.#unacknowledged.takeAll());
  }

  #consume(values: MethodArguments<'basic.consume'>): void {
    const queue = this.#host.queue(values.queue, this.#port.owner);
    const tag = values.consumerTag || `amq.ctag-${randomUUID()}`;
    if (this.#consumers.has(tag)) {
      throw new AmqpError('NOT_ALLOWED', `the consumer tag '${tag}' is in use on this channel`);
    }
    if (values.exclusive && queue.consumerCount > 0) {
      throw new AmqpError('ACCESS_REFUSED', `queue '${queue.name}' has other consumers`);
    }
    const consumer = this.#consumerOf(queue, tag, { noAck: values.noAck });
    this.#consumers.set(tag, { queue, consumer });
    if (!values.nowait) this.#port.send('basic.consume-ok', { consumerTag: tag });
    queue.consume(consumer);
  }

  #consumerOf(queue: Queue, consumerTag: string, options: { readonly noAck: boolean }): Consumer {
    const prefetch = this.#prefetchOfNewConsumers;
    return {
      hasRoom: () => this.#port.canSend() && this.#withinPrefetch(consumerTag, prefetch, options),
      deliver: (entry) => {
        const deliveryTag = this.#track({ entry, queue, consumerTag }, options);
        const { exchange, routingKey } = entry.message;
        const { redelivered } = entry;
        this.#port.sendContent(
          'basic.deliver',
          { consumerTag, deliveryTag, redelivered, exchange, routingKey },
          entry.message,
        );
      },
      cancelled: () => {
        this.#consumers.delete(consumerTag);
        this.#port.send('basic.cancel', { consumerTag, nowait: true });
      },
    };
  }

  #withinPrefetch(tag: string, prefetch: number, options: { readonly noAck: boolean }): boolean {
    if (options.noAck) return true;
    const channelRoom =
      this.#prefetchOfChannel === 0 || this.#unacknowledged.size < this.#prefetchOfChannel;
    return channelRoom && (prefetch === 0 || this.#unacknowledged.countOf(tag) < prefetch);
  }

  #track(delivery: Delivery, options: { readonly noAck: boolean }): bigint {
    this.#lastTag += 1;
    if (!options.noAck) this.#unacknowledged.add(this.#lastTag, delivery);
    return BigInt(this.#lastTag);
  }

  #cancel(tag: string): void {
    const consumer = this.#consumers.get(tag);
    this.#consumers.delete(tag);
    consumer?.queue.unconsume(consumer.consumer);
  }

  #get(values: MethodArguments<'basic.get'>): void {
    const queue = this.#host.queue(values.queue, this.#port.owner);
    const entry = queue.take();
    if (entry === undefined) {
      this.#port.send('basic.get-empty', { clusterId: '' });
      return;
    }
    const deliveryTag = this.#track({ entry, queue, consumerTag: undefined }, values);
    const { exchange, routingKey } = entry.message;
    const { redelivered } = entry;
    const { messageCount } = queue;
    this.#port.sendContent(
      'basic.get-ok',
      { deliveryTag, redelivered, exchange, routingKey, messageCount },
      entry.message,
    );
  }

  #settle(tag: number, multiple: boolean, settle: (deliveries: readonly Delivery[]) => void): void {
    settle(this.#unacknowledged.take(tag, multiple));
    this.serve();
  }
}

function giveBack(deliveries: readonly Delivery[]): void {
  const byQueue = new Map<Queue, Entry[]>();
  for (const { queue, entry } of deliveries) {
    byQueue.set(queue, [...(byQueue.get(queue) ?? []), entry]);
  }
  for (const [queue, entries] of byQueue) queue.requeue(entries);
}

function giveUp(deliveries: readonly Delivery[]): void {
  for (const { queue, entry } of deliveries) queue.reject(entry);
}
