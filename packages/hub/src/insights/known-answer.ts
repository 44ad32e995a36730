/** What an answer was drawn from. */
export interface Basis {
  /** Another text after any writing, whoever wrote; undefined where that cannot be told. */
  readonly state: string | undefined;
  /** The promises that held. */
  readonly book: object;
}

interface Drawn<T> {
  readonly basis: Basis;
  readonly value: T;
  readonly at: number;
  readonly tookMs: number;
}

/** Time alone ends acknowledgements and makes versions silent: so long an answer may be known. */
const LONGEST_MS = 5000;
/** Beyond this an answer is dear, and one from a moment ago is better than a hub that does nothing else. */
const DEAR_MS = 100;
const DEAR_FOR_MS = 2000;
const DEAR_PAUSES = 4;

/**
 * Draws an answer once for all who ask while nothing was written. Where drawing takes long it may be older than the last writing, by
 * four times as long as it took and by two seconds at most.
 */
export class KnownAnswer<T> {
  readonly #now: () => number;
  #last: Drawn<T> | undefined;
  #running: { readonly basis: Basis; readonly value: Promise<T> } | undefined;

  /** In milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  async get(basis: Basis, draw: () => Promise<T>): Promise<T> {
    const last = this.#last;
    if (last !== undefined && this.#holds(last, basis)) return last.value;
    if (this.#running !== undefined && isSame(this.#running.basis, basis)) {
      return await this.#running.value;
    }
    const running = { basis, value: this.#draw(basis, draw) };
    this.#running = running;
    try {
      return await running.value;
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
  }

  async #draw(basis: Basis, draw: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const value = await draw();
    this.#last = { basis, value, at: this.#now(), tookMs: performance.now() - start };
    return value;
  }

  #holds({ basis, at, tookMs }: Drawn<T>, asked: Basis): boolean {
    const age = Math.abs(this.#now() - at);
    if (basis.book !== asked.book || age > LONGEST_MS) return false;
    const dear = tookMs > DEAR_MS ? Math.min(DEAR_FOR_MS, tookMs * DEAR_PAUSES) : 0;
    return isSame(basis, asked) || age < dear;
  }
}

function isSame(one: Basis, other: Basis): boolean {
  return one.state !== undefined && one.state === other.state && one.book === other.book;
}
