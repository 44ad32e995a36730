import type { Output } from './output.ts';

/** Without a terminal, a line as often as this; short work says nothing. */
const LINE_MS = 2_000;

/** Says how far long work is: on a terminal in one line that changes, else in a plain line every two seconds. */
export class Progress {
  readonly #output: Output;
  readonly #now: () => number;
  #told: number;

  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
    this.#told = now();
  }

  update(text: string): void {
    if (this.#output.status !== undefined) {
      this.#output.status(text);
      return;
    }
    if (this.#now() - this.#told < LINE_MS) return;
    this.#told = this.#now();
    this.#output.note(text);
  }

  /** The line is done: what follows stands below it, or in its place. */
  end(): void {
    this.#output.status?.('');
  }
}
