import { randomUUID } from 'node:crypto';
import { AmqpError } from './amqp-error.ts';
import { Exchange, type ExchangeOptions } from './exchange.ts';
import { type DeathReason, deadLettered, isEndlessCycle, type Message } from './message.ts';
import { Queue, type QueueOptions } from './queue.ts';
import { differingArgument } from './queue-arguments.ts';

/** What became of a published message. */
export interface PublishResult {
  /** Queues that wanted it; 0 makes a mandatory message return. */
  readonly routed: number;
  /** False when a full queue refused it: the publisher's confirm is a nack. */
  readonly accepted: boolean;
}

const standard: ExchangeOptions = {
  type: 'direct',
  durable: true,
  autoDelete: false,
  internal: false,
};

/** All exchanges and queues of the server; connections share it. */
export class VirtualHost {
  readonly #exchanges = new Map<string, Exchange>();
  readonly #queues = new Map<string, Queue>();

  constructor() {
    for (const type of ['direct', 'topic', 'fanout'] as const) {
      this.#exchanges.set(`amq.${type}`, new Exchange(`amq.${type}`, { ...standard, type }));
    }
  }

  exchange(name: string): Exchange {
    const exchange = this.#exchanges.get(name);
    if (exchange !== undefined) return exchange;
    throw new AmqpError('NOT_FOUND', `no exchange '${name}' in vhost '/'`);
  }

  /** Declaring again what is there is fine; declaring it differently is PRECONDITION_FAILED. */
  declareExchange(name: string, options: ExchangeOptions): void {
    const existing = this.#exchanges.get(name);
    if (existing === undefined) {
      refuseReserved('exchange', name);
      this.#exchanges.set(name, new Exchange(name, options));
      return;
    }
    for (const key of ['type', 'durable', 'autoDelete', 'internal'] as const) {
      if (existing[key] === options[key]) continue;
      throw inequivalent(key, `exchange '${name}'`, `'${options[key]}', it is '${existing[key]}'`);
    }
  }

  /** Deleting what is not there is fine. */
  deleteExchange(name: string, options: { readonly ifUnused: boolean }): void {
    refuseReserved('exchange', name);
    const exchange = this.#exchanges.get(name);
    if (options.ifUnused && exchange?.inUse) {
      throw new AmqpError('PRECONDITION_FAILED', `exchange '${name}' in use`);
    }
    this.#exchanges.delete(name);
  }

  /** The queue, if this connection may use it. */
  queue(name: string, connection: object): Queue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new AmqpError('NOT_FOUND', `no queue '${name}' in vhost '/'`);
    const owner = queue.options.exclusiveTo;
    if (owner === undefined || owner === connection) return queue;
    throw new AmqpError('RESOURCE_LOCKED', `queue '${name}' belongs to another connection alone`);
  }

  hasQueue(name: string): boolean {
    return this.#queues.has(name);
  }

  declareQueue(name: string, options: QueueOptions, connection: object): Queue {
    if (name === '') return this.#addQueue(`amq.gen-${randomUUID()}`, options);
    if (!this.#queues.has(name)) {
      refuseReserved('queue', name);
      return this.#addQueue(name, options);
    }
    const existing = this.queue(name, connection);
    refuseDifference(existing, options);
    return existing;
  }

  deleteQueue(queue: Queue): number {
    for (const exchange of this.#exchanges.values()) exchange.forget(queue);
    this.#queues.delete(queue.name);
    return queue.end();
  }

  /** The exclusive queues of a connection go with it. */
  forgetConnection(connection: object): void {
    for (const queue of [...this.#queues.values()]) {
      if (queue.options.exclusiveTo === connection) this.deleteQueue(queue);
    }
  }

  /** The default exchange, '', takes a routing key to the queue of that name. */
  publish(message: Message): PublishResult {
    const queues = this.#route(message);
    let accepted = true;
    for (const queue of queues) accepted = queue.publish(message) && accepted;
    return { routed: queues.size, accepted };
  }

  #route(message: Message): ReadonlySet<Queue> {
    if (message.exchange !== '') return this.exchange(message.exchange).route(message.routingKey);
    const queue = this.#queues.get(message.routingKey);
    return new Set(queue === undefined ? [] : [queue]);
  }

  #addQueue(name: string, options: QueueOptions): Queue {
    const queue = new Queue(name, options, {
      died: (from, message, reason) => this.#deadLetter(from, message, reason),
      unused: (unused) => this.deleteQueue(unused),
    });
    this.#queues.set(name, queue);
    return queue;
  }

  /** Without a dead-letter exchange, or when it is gone, the message is gone too. */
  #deadLetter(queue: Queue, message: Message, reason: DeathReason): void {
    const { deadLetterExchange: exchange, deadLetterRoutingKey: routingKey } =
      queue.options.arguments;
    if (exchange === undefined) return;
    if (exchange !== '' && !this.#exchanges.has(exchange)) return;
    const at = new Date();
    const dead = deadLettered(message, { queue: queue.name, reason, at, exchange, routingKey });
    for (const target of this.#route(dead)) {
      if (reason === 'rejected' || !isEndlessCycle(dead, target.name)) target.publish(dead);
    }
  }
}

function refuseReserved(what: 'exchange' | 'queue', name: string): void {
  if (name !== '' && !name.startsWith('amq.')) return;
  throw new AmqpError('ACCESS_REFUSED', `${what} name '${name}' is reserved`);
}

function refuseDifference(queue: Queue, options: QueueOptions): void {
  for (const key of ['durable', 'autoDelete'] as const) {
    if (queue.options[key] === options[key]) continue;
    throw inequivalent(
      key,
      `queue '${queue.name}'`,
      `'${options[key]}', it is '${queue.options[key]}'`,
    );
  }
  const argument = differingArgument(queue.options.arguments, options.arguments);
  if (argument !== undefined) {
    throw inequivalent(argument, `queue '${queue.name}'`, 'another value than it has');
  }
}

function inequivalent(argument: string, what: string, difference: string): AmqpError {
  return new AmqpError(
    'PRECONDITION_FAILED',
    `inequivalent arg '${argument}' for ${what} in vhost '/': asked for ${difference}`,
  );
}
