import type { SpanBatch } from '../span-batch.ts';

/** What spans are of: service, span name and kind. */
export interface NamedOperation {
  readonly id: number;
  readonly service: string;
  readonly name: string;
  readonly kind: number;
}

/** Resource and scope of spans, as bytes, and what was promoted from the tags of a span. */
export interface NamedOrigin {
  readonly id: number;
  readonly service: string;
  readonly version: string | undefined;
  readonly environment: string | undefined;
  readonly resourceBytes: Uint8Array;
  readonly scopeBytes: Uint8Array;
}

type Origin = SpanBatch['origins'][number];

/** The operation of spans whose name came when the segment had too many: a search looks into the spans themselves. */
export const unnamedOperation = 0;

const maxOperations = 20_000;
const maxOrigins = 20_000;

/** Numbers for the operations and origins of one segment: with the segment they go, so that neither grows for ever. */
export class SegmentNames {
  readonly #operations = new Map<string, Map<string, Uint32Array>>();
  readonly #origins = new Map<string, number>();
  readonly #known = new WeakMap<Origin, number>();
  #operationCount = 0;
  #nextOperation: number;
  #nextOrigin: number;
  #newOperations: NamedOperation[] = [];
  #newOrigins: NamedOrigin[] = [];

  constructor(next: { readonly operation: number; readonly origin: number }) {
    this.#nextOperation = next.operation;
    this.#nextOrigin = next.origin;
  }

  /** Where the next segment's numbers begin. */
  get next(): { readonly operation: number; readonly origin: number } {
    return { operation: this.#nextOperation, origin: this.#nextOrigin };
  }

  operation(service: string, name: string, kind: number): number {
    let names = this.#operations.get(service);
    if (names === undefined) {
      names = new Map();
      this.#operations.set(service, names);
    }
    const ids = names.get(name);
    const id = ids?.[kind] ?? 0;
    return id === 0 ? this.#nameOperation({ service, name, kind }, names) : id;
  }

  /** One number an origin of the batch. */
  origins(batch: SpanBatch): Uint32Array {
    return Uint32Array.from(batch.origins, (origin) => this.#origin(origin));
  }

  /** What was named since the last time; to be written with the block that uses it. */
  takeNew(): {
    readonly newOperations: readonly NamedOperation[];
    readonly newOrigins: readonly NamedOrigin[];
  } {
    const taken = { newOperations: this.#newOperations, newOrigins: this.#newOrigins };
    this.#newOperations = [];
    this.#newOrigins = [];
    return taken;
  }

  #nameOperation(
    named: { readonly service: string; readonly name: string; readonly kind: number },
    names: Map<string, Uint32Array>,
  ): number {
    if (this.#operationCount >= maxOperations) return unnamedOperation;
    this.#operationCount += 1;
    const id = this.#nextOperation;
    this.#nextOperation += 1;
    const ids = names.get(named.name) ?? new Uint32Array(8);
    ids[named.kind] = id;
    names.set(named.name, ids);
    this.#newOperations.push({ id, ...named });
    return id;
  }

  #origin(origin: Origin): number {
    const seen = this.#known.get(origin);
    if (seen !== undefined) return seen;
    const key = keyOf(origin);
    const id = this.#origins.get(key) ?? this.#nameOrigin(origin, key);
    this.#known.set(origin, id);
    return id;
  }

  #nameOrigin(origin: Origin, key: string): number {
    const id = this.#nextOrigin;
    this.#nextOrigin += 1;
    if (this.#origins.size >= maxOrigins) this.#origins.clear();
    this.#origins.set(key, id);
    const { service, version, environment } = origin.resource;
    const { resourceBytes, scopeBytes } = origin;
    this.#newOrigins.push({
      ...{ id, service, version, environment },
      resourceBytes: Uint8Array.from(resourceBytes),
      scopeBytes: Uint8Array.from(scopeBytes),
    });
    return id;
  }
}

/** The promoted names belong to it: senders that write them on their spans have one resource for all. */
function keyOf({ resource, resourceBytes, scopeBytes }: Origin): string {
  return JSON.stringify([
    resource.service,
    resource.version,
    resource.environment,
    resourceBytes.toString('latin1'),
    scopeBytes.toString('latin1'),
  ]);
}
