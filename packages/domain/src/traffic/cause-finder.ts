import { type Half, hasParent, type Inbound, spanKinds, writeParentKey } from './half.ts';
import { keyWords, type SpanKey } from './span-ids.ts';
import type { SpanMemory } from './span-memory.ts';

/** Deeper nesting of inner spans is nobody's request. */
const maxSteps = 64;

/**
 * Walks from a calling half to the SERVER or CONSUMER span of its own service that it worked for. Null when there is none;
 * undefined while a parent has not come, for children are often sent before their parents.
 */
export class CauseFinder {
  readonly #spans: SpanMemory;
  readonly #key: SpanKey = new Uint32Array(keyWords);

  constructor(spans: SpanMemory) {
    this.#spans = spans;
  }

  find(half: Half): Inbound | null | undefined {
    if (!hasParent(half)) return null;
    const key = this.#key;
    const { service } = half.sender.peer;
    writeParentKey(half, key);
    for (let step = 0; step < maxSteps; step += 1) {
      const span = this.#spans.find(key, service);
      if (span === undefined) return undefined;
      if (span.sender.peer.service !== service) return null;
      const kind = inboundKind(span.kind);
      if (kind !== undefined)
        return { operation: span.name, kind, span0: span.span0, span1: span.span1 };
      if ((span.parent0 | span.parent1) === 0) return null;
      key[4] = span.parent0;
      key[5] = span.parent1;
    }
    return null;
  }
}

function inboundKind(kind: number): Inbound['kind'] | undefined {
  if (kind === spanKinds.server) return 'server';
  return kind === spanKinds.consumer ? 'consumer' : undefined;
}
