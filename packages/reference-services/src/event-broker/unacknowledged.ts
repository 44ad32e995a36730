import { AmqpError } from './amqp-error.ts';
import type { Entry, Queue } from './queue.ts';

export interface Delivery {
  readonly entry: Entry;
  readonly queue: Queue;
  /** undefined when it was fetched by `basic.get`. */
  readonly consumerTag: string | undefined;
}

/** What a channel has delivered and nobody has acknowledged yet, by delivery tag, oldest first. */
export class Unacknowledged {
  readonly #deliveries = new Map<number, Delivery>();

  get size(): number {
    return this.#deliveries.size;
  }

  countOf(consumerTag: string): number {
    let count = 0;
    for (const delivery of this.#deliveries.values()) {
      if (delivery.consumerTag === consumerTag) count += 1;
    }
    return count;
  }

  add(tag: number, delivery: Delivery): void {
    this.#deliveries.set(tag, delivery);
  }

  /** With `multiple` all up to this tag, or simply all when it is 0. An unknown tag is PRECONDITION_FAILED. */
  take(tag: number, multiple: boolean): readonly Delivery[] {
    if (multiple && tag === 0) return this.takeAll();
    if (!this.#deliveries.has(tag)) {
      throw new AmqpError('PRECONDITION_FAILED', `unknown delivery tag ${tag}`);
    }
    const tags = multiple ? [...this.#deliveries.keys()].filter((other) => other <= tag) : [tag];
    return tags.flatMap((each) => this.#takeOne(each));
  }

  takeAll(): readonly Delivery[] {
    const all = [...this.#deliveries.values()];
    this.#deliveries.clear();
    return all;
  }

  #takeOne(tag: number): readonly Delivery[] {
    const delivery = this.#deliveries.get(tag);
    this.#deliveries.delete(tag);
    return delivery === undefined ? [] : [delivery];
  }
}
