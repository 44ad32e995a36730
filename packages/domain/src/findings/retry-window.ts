/** One judged answer; answers to retries of one request share the key. */
export interface Answer<T> {
  readonly key: string;
  /** The answer is one that was promised. */
  readonly kept: boolean;
  /** What to report when no promised answer follows; undefined where nothing is to be reported. */
  readonly report: T | undefined;
}

/**
 * Holds reports about answers that a retry may still make good. A promised answer under the same key, before or after within the
 * window, lets them drop.
 */
export class RetryWindow<T> {
  readonly #held = new Map<string, { readonly since: number; readonly report: T }>();
  readonly #windowMs: number;
  readonly #capacity: number;

  constructor(options: { readonly windowMs: number; readonly capacity: number }) {
    this.#windowMs = options.windowMs;
    this.#capacity = options.capacity;
  }

  /** `now` is in milliseconds. Beyond the capacity the oldest report is not waited for any longer and comes with the next `due`. */
  add(answers: readonly Answer<T>[], now: number): void {
    const kept = new Set(answers.filter((answer) => answer.kept).map(({ key }) => key));
    for (const key of kept) {
      this.#held.delete(key);
    }
    for (const { key, report } of answers) {
      if (report !== undefined && !kept.has(key)) {
        this.#held.set(key, { since: now, report });
      }
    }
  }

  /** Reports whose window is over, each once. */
  due(now: number): readonly T[] {
    const due: T[] = [];
    for (const [key, { since, report }] of this.#held) {
      if (now - since >= this.#windowMs || this.#held.size > this.#capacity) {
        this.#held.delete(key);
        due.push(report);
      }
    }
    return due;
  }

  get size(): number {
    return this.#held.size;
  }
}
