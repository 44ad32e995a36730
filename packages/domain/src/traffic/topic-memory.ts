import type { Half } from './half.ts';

interface Topic {
  sentAt: number;
  readonly receivers: Map<string, { readonly half: Half; at: number }>;
}

const maxReceivers = 100;

/**
 * Who sends and who receives on a channel, for messages that carry no trace context (socket.io, lost headers): there
 * the channel is all that joins the two. Bounded by `max` channels, the oldest forgotten first.
 */
export class TopicMemory {
  readonly #lifeMicros: number;
  readonly #max: number;
  readonly #topics = new Map<string, Topic>();

  constructor(lifeMicros: number, max: number) {
    this.#lifeMicros = lifeMicros;
    this.#max = max;
  }

  sent(half: Half, nowMicros: number): void {
    const topic = this.#topic(half);
    if (topic !== undefined) topic.sentAt = nowMicros;
  }

  received(half: Half, nowMicros: number): void {
    const topic = this.#topic(half);
    if (topic === undefined) return;
    const { service } = half.sender.peer;
    const known = topic.receivers.get(service);
    if (known !== undefined) known.at = nowMicros;
    else if (topic.receivers.size < maxReceivers)
      topic.receivers.set(service, { half, at: nowMicros });
  }

  /** One half for each service that lately received on the sender's channel without context. */
  receiversOf(sender: Half, nowMicros: number): readonly Half[] {
    const topic = this.#topic(sender);
    if (topic === undefined) return [];
    const fresh = [...topic.receivers.values()].filter((one) => this.#isFresh(one.at, nowMicros));
    return fresh.map((one) => one.half);
  }

  hasSender(receiver: Half, nowMicros: number): boolean {
    const topic = this.#topic(receiver);
    return topic !== undefined && this.#isFresh(topic.sentAt, nowMicros);
  }

  #isFresh(at: number, nowMicros: number): boolean {
    return at >= nowMicros - this.#lifeMicros;
  }

  #topic(half: Half): Topic | undefined {
    const { exchange } = half;
    if (exchange?.kind !== 'message') return undefined;
    const name = [half.environment, exchange.system, exchange.destination, exchange.event];
    const key = JSON.stringify(name);
    const known = this.#topics.get(key);
    if (known !== undefined) return known;
    const topic: Topic = { sentAt: Number.NEGATIVE_INFINITY, receivers: new Map() };
    this.#topics.set(key, topic);
    if (this.#topics.size > this.#max)
      this.#topics.delete(this.#topics.keys().next().value as string);
    return topic;
  }
}
