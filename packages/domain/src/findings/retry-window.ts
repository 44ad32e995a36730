/** One judged answer; answers to retries of one request share the key. */
export interface Answer<T> {
  readonly key: string;
  /** What a request and its retries have in common for sure: the trace. */
  readonly group: string;
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
  readonly #held = new Map<string, Held<T>>();
  /** How many reports of a group are held. */
  readonly #groups = new Map<string, number>();
  readonly #windowMs: number;
  readonly #capacity: number;

  constructor(options: { readonly windowMs: number; readonly capacity: number }) {
    this.#windowMs = options.windowMs;
    this.#capacity = options.capacity;
  }

  /** False: no answer of the group can change what is held, so none need be added. */
  holds(group: string): boolean {
    return this.#groups.has(group);
  }

  /** `now` is in milliseconds. Beyond the capacity the oldest report is not waited for any longer and comes with the next `due`. */
  add(answers: readonly Answer<T>[], now: number): void {
    const kept = new Set(answers.filter((answer) => answer.kept).map(({ key }) => key));
    for (const key of kept) {
      this.#drop(key);
    }
    for (const { key, group, report } of answers) {
      if (report !== undefined && !kept.has(key)) {
        this.#drop(key);
        this.#held.set(key, { since: now, group, report });
        this.#groups.set(group, (this.#groups.get(group) ?? 0) + 1);
      }
    }
  }

  /** Reports whose window is over, each once. */
  due(now: number): readonly T[] {
    const due: T[] = [];
    for (const [key, { since, report }] of this.#held) {
      if (now - since >= this.#windowMs || this.#held.size > this.#capacity) {
        this.#drop(key);
        due.push(report);
      }
    }
    return due;
  }

  #drop(key: string): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    this.#held.delete(key);
    const others = Number(this.#groups.get(held.group)) - 1;
    if (others > 0) this.#groups.set(held.group, others);
    else this.#groups.delete(held.group);
  }

  get size(): number {
    return this.#held.size;
  }
}

interface Held<T> {
  readonly since: number;
  readonly group: string;
  readonly report: T;
}
