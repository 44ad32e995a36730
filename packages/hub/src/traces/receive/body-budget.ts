import type { IncomingMessage } from 'node:http';

/**
 * Bounds what all bodies that are being read hold together, so that many large ones at once cannot take the memory that
 * the bound of a single one allows. A body of unknown length counts as it grows.
 */
export class BodyBudget {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** undefined when there is no room; else what gives the room back. To be called before the body is read. */
  enter(request: IncomingMessage): (() => void) | undefined {
    let own = Number(request.headers['content-length'] ?? 0);
    if (this.#bytes > 0 && this.#bytes + own > this.#maxBytes) {
      request.resume();
      return undefined;
    }
    this.#bytes += own;
    let seen = 0;
    const grow = (chunk: Buffer): void => {
      seen += chunk.length;
      if (seen <= own) return;
      this.#bytes += seen - own;
      own = seen;
      if (this.#bytes > this.#maxBytes) request.destroy(new Error('The hub is overloaded.'));
    };
    request.on('data', grow);
    return () => {
      request.off('data', grow);
      this.#bytes -= own;
    };
  }
}
