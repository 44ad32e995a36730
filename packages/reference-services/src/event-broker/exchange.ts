import type { Queue } from './queue.ts';

export type ExchangeType = 'direct' | 'topic' | 'fanout';

interface Binding {
  readonly queue: Queue;
  readonly routingKey: string;
}

/** Takes routing keys to queues. */
export class Exchange {
  readonly name: string;
  readonly type: ExchangeType;
  readonly durable: boolean;
  readonly autoDelete: boolean;
  readonly internal: boolean;
  #bindings: readonly Binding[] = [];

  constructor(name: string, options: ExchangeOptions) {
    this.name = name;
    this.type = options.type;
    this.durable = options.durable;
    this.autoDelete = options.autoDelete;
    this.internal = options.internal;
  }

  get inUse(): boolean {
    return this.#bindings.length > 0;
  }

  /** Binding twice is binding once. */
  bind(queue: Queue, routingKey: string): void {
    const known = this.#bindings.some(
      (binding) => binding.queue === queue && binding.routingKey === routingKey,
    );
    if (!known) this.#bindings = [...this.#bindings, { queue, routingKey }];
  }

  unbind(queue: Queue, routingKey: string): void {
    this.#bindings = this.#bindings.filter(
      (binding) => binding.queue !== queue || binding.routingKey !== routingKey,
    );
  }

  forget(queue: Queue): void {
    this.#bindings = this.#bindings.filter((binding) => binding.queue !== queue);
  }

  /** Every queue that wants the key, each once. */
  route(routingKey: string): ReadonlySet<Queue> {
    const queues = new Set<Queue>();
    for (const binding of this.#bindings) {
      if (this.#wants(binding, routingKey)) queues.add(binding.queue);
    }
    return queues;
  }

  #wants(binding: Binding, routingKey: string): boolean {
    switch (this.type) {
      case 'fanout':
        return true;
      case 'direct':
        return binding.routingKey === routingKey;
      case 'topic':
        return topicMatches(binding.routingKey.split('.'), routingKey.split('.'));
    }
  }
}

export interface ExchangeOptions {
  readonly type: ExchangeType;
  readonly durable: boolean;
  readonly autoDelete: boolean;
  readonly internal: boolean;
}

/**
 * `*` is exactly one word, `#` any number of words, none included. Goes through the words with the set of pattern
 * positions that are possible so far, so a pattern full of `#` costs no more than words × pattern.
 */
function topicMatches(pattern: readonly string[], words: readonly string[]): boolean {
  let positions = withHashesSkipped(new Set([0]), pattern);
  for (const word of words) {
    const next = new Set<number>();
    for (const position of positions) {
      const expected = pattern[position];
      if (expected === '#') next.add(position);
      else if (expected === '*' || expected === word) next.add(position + 1);
    }
    positions = withHashesSkipped(next, pattern);
  }
  return positions.has(pattern.length);
}

function withHashesSkipped(positions: Set<number>, pattern: readonly string[]): Set<number> {
  for (const position of positions) {
    // A Set visits what is added during the visit, so several `#` in a row are skipped too.
    if (pattern[position] === '#') positions.add(position + 1);
  }
  return positions;
}
