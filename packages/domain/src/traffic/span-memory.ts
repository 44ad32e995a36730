import type { Resource, Span, SpanKind } from './span.ts';

/** A span that was seen, as far as others need it: who sent it, and as which kinds its id was used. Shared by all such spans. */
export interface SeenSpan {
  readonly resource: Resource;
  readonly kinds: number;
}

const bits: Readonly<Record<SpanKind, number>> = {
  unspecified: 1,
  internal: 2,
  server: 4,
  client: 8,
  producer: 16,
  consumer: 32,
};

/**
 * The spans of the last one to two windows, by key, at most `max` of them. Two generations instead of a queue: an
 * insert is one map write and forgetting is free, which matters at 100,000 spans a second; an object for each span made the
 * garbage collector copy all of them.
 */
export class SpanMemory {
  readonly #windowMicros: number;
  readonly #maxGeneration: number;
  readonly #shared = new WeakMap<Resource, SeenSpan[]>();
  #lastResource: Resource | undefined;
  #lastShared: SeenSpan[] = [];
  #young = new Map<string, SeenSpan>();
  #old = new Map<string, SeenSpan>();
  #turnedAt = 0;

  constructor(windowMicros: number, max: number) {
    this.#windowMicros = windowMicros;
    this.#maxGeneration = Math.max(1, Math.floor(max / 2));
  }

  /** False when the same span (id and kind) was here before. */
  remember(key: string, span: Span, nowMicros: number): boolean {
    const bit = bits[span.kind];
    const seen = this.find(key);
    if (seen === undefined) {
      this.#turn(nowMicros);
      this.#young.set(key, this.#seen(span.resource, bit));
      return true;
    }
    if ((seen.kinds & bit) !== 0) return false;
    const holder = this.#young.has(key) ? this.#young : this.#old;
    holder.set(key, this.#seen(seen.resource, seen.kinds | bit));
    return true;
  }

  #seen(resource: Resource, kinds: number): SeenSpan {
    if (resource !== this.#lastResource) {
      this.#lastResource = resource;
      this.#lastShared = this.#shared.get(resource) ?? [];
      this.#shared.set(resource, this.#lastShared);
    }
    const known = this.#lastShared[kinds];
    if (known !== undefined) return known;
    const seen = { resource, kinds };
    this.#lastShared[kinds] = seen;
    return seen;
  }

  find(key: string): SeenSpan | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  #turn(nowMicros: number): void {
    const full = this.#young.size >= this.#maxGeneration;
    if (!full && nowMicros - this.#turnedAt < this.#windowMicros) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#turnedAt = nowMicros;
  }
}
