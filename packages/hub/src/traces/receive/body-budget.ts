/** What one body holds of the budget. */
export interface BodyClaim {
  /** Makes the claim this large, whatever it was; false, and nothing changes, when there is no room. */
  hold(bytes: number): boolean;
  release(): void;
}

/**
 * Bounds what all bodies together hold from their first byte to their answer, over all transports, so that many large ones
 * at once cannot take the memory that the bound of a single one allows. Only what really came counts: who announces much
 * and sends nothing keeps nobody out.
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

  hasRoomFor(bytes: number): boolean {
    return this.#bytes + bytes <= this.#maxBytes;
  }

  claim(): BodyClaim {
    let own = 0;
    return {
      hold: (bytes) => {
        if (bytes > own && !this.hasRoomFor(bytes - own)) return false;
        this.#bytes += bytes - own;
        own = bytes;
        return true;
      },
      release: () => {
        this.#bytes -= own;
        own = 0;
      },
    };
  }
}
