import type { DeathReason, Message } from './message.ts';
import type { QueueArguments } from './queue-arguments.ts';

/** A message in a queue. */
export interface Entry {
  readonly message: Message;
  /** Its place among all messages of the queue: what is requeued goes back there. */
  readonly place: number;
  /** Milliseconds since the epoch; undefined: never. */
  readonly expiresAt: number | undefined;
  redelivered: boolean;
}

/** Someone who takes messages from a queue. */
export interface Consumer {
  /** False while its prefetch is used up or its connection is going down. */
  readonly hasRoom: () => boolean;
  readonly deliver: (entry: Entry) => void;
  /** The queue is gone. */
  readonly cancelled: () => void;
}

export interface QueueOptions {
  readonly durable: boolean;
  readonly autoDelete: boolean;
  /** The connection that alone may use it. */
  readonly exclusiveTo: object | undefined;
  readonly arguments: QueueArguments;
}

export interface QueueEvents {
  /** A message left the queue without being acknowledged. */
  readonly died: (queue: Queue, message: Message, reason: DeathReason) => void;
  /** The last consumer of an auto-delete queue went. */
  readonly unused: (queue: Queue) => void;
}

const longestTimer = 2 ** 31 - 1;

/** Messages in order, handed to consumers in turn. Everything is in memory: `durable` is only remembered. */
export class Queue {
  readonly name: string;
  readonly options: QueueOptions;
  readonly #events: QueueEvents;
  #ready: Entry[] = [];
  #consumers: Consumer[] = [];
  #nextPlace = 0;
  #expiry: NodeJS.Timeout | undefined;

  constructor(name: string, options: QueueOptions, events: QueueEvents) {
    this.name = name;
    this.options = options;
    this.#events = events;
  }

  get messageCount(): number {
    return this.#ready.length;
  }

  get consumerCount(): number {
    return this.#consumers.length;
  }

  /** False when the queue is full and refuses. */
  publish(message: Message): boolean {
    const { maxLength, overflow } = this.options.arguments;
    const isFull = maxLength !== undefined && this.#ready.length >= maxLength;
    if (isFull && overflow !== 'drop-head') {
      if (overflow === 'reject-publish-dlx') this.#events.died(this, message, 'maxlen');
      return false;
    }
    this.#ready.push({
      message,
      place: this.#nextPlace,
      expiresAt: this.#expiryOf(message),
      redelivered: false,
    });
    this.#nextPlace += 1;
    this.#serve();
    this.#dropHeadBeyond(maxLength);
    this.#watchExpiry();
    return true;
  }

  consume(consumer: Consumer): void {
    this.#consumers.push(consumer);
    this.serve();
  }

  unconsume(consumer: Consumer): void {
    const before = this.#consumers.length;
    this.#consumers = this.#consumers.filter((other) => other !== consumer);
    const wasLast = before > 0 && this.#consumers.length === 0;
    if (wasLast && this.options.autoDelete) this.#events.unused(this);
  }

  /** The oldest message, for `basic.get`. */
  take(): Entry | undefined {
    this.#expireHead();
    const entry = this.#ready.shift();
    this.#watchExpiry();
    return entry;
  }

  /** Puts messages back where they were, marked as redelivered. */
  requeue(entries: readonly Entry[]): void {
    for (const entry of entries) entry.redelivered = true;
    this.#ready = [...this.#ready, ...entries].toSorted((a, b) => a.place - b.place);
    this.serve();
  }

  reject(entry: Entry): void {
    this.#events.died(this, entry.message, 'rejected');
  }

  /** Hands out what consumers have room for. */
  serve(): void {
    this.#serve();
    this.#watchExpiry();
  }

  purge(): number {
    const count = this.#ready.length;
    this.#ready = [];
    this.#watchExpiry();
    return count;
  }

  /** Ends the queue: its messages are gone and its consumers are told. */
  end(): number {
    const count = this.purge();
    const consumers = this.#consumers;
    this.#consumers = [];
    for (const consumer of consumers) consumer.cancelled();
    return count;
  }

  #serve(): void {
    this.#expireHead();
    while (this.#ready.length > 0) {
      const consumer = this.#nextWithRoom();
      if (consumer === undefined) return;
      const entry = this.#ready.shift();
      if (entry !== undefined) consumer.deliver(entry);
    }
  }

  /** Takes turns: who is served goes to the end of the line. */
  #nextWithRoom(): Consumer | undefined {
    const index = this.#consumers.findIndex((consumer) => consumer.hasRoom());
    if (index < 0) return undefined;
    const [consumer] = this.#consumers.splice(index, 1);
    if (consumer !== undefined) this.#consumers.push(consumer);
    return consumer;
  }

  #dropHeadBeyond(maxLength: number | undefined): void {
    while (maxLength !== undefined && this.#ready.length > maxLength) {
      const dropped = this.#ready.shift();
      if (dropped !== undefined) this.#events.died(this, dropped.message, 'maxlen');
    }
  }

  #expiryOf(message: Message): number | undefined {
    const own = Number(message.properties.expiration ?? Number.NaN);
    const ttl = Math.min(
      this.options.arguments.messageTtl ?? Number.POSITIVE_INFINITY,
      Number.isFinite(own) ? own : Number.POSITIVE_INFINITY,
    );
    return Number.isFinite(ttl) ? Date.now() + ttl : undefined;
  }

  /** Only the head expires, as in RabbitMQ: a message behind one that lives longer waits for it. */
  #expireHead(): void {
    const now = Date.now();
    for (let head = this.#ready[0]; head !== undefined; head = this.#ready[0]) {
      if (head.expiresAt === undefined || head.expiresAt > now) return;
      this.#ready.shift();
      this.#events.died(this, head.message, 'expired');
    }
  }

  #watchExpiry(): void {
    clearTimeout(this.#expiry);
    const expiresAt = this.#ready[0]?.expiresAt;
    if (expiresAt === undefined) return;
    const wait = Math.min(Math.max(expiresAt - Date.now(), 0), longestTimer);
    this.#expiry = setTimeout(() => this.serve(), wait);
    this.#expiry.unref();
  }
}
