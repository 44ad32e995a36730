/** One asking at a time: whoever comes meanwhile shares the next, so that nobody gets an answer from before he asked. */
export class SharedAnswer<T> {
  readonly #ask: () => Promise<T>;
  #running: Promise<T> | undefined;
  #next: Promise<T> | undefined;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  get(): Promise<T> {
    if (this.#running === undefined) {
      this.#running = this.#ask().finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    const again = (): Promise<T> => {
      this.#next = undefined;
      return this.get();
    };
    this.#next ??= this.#running.then(again, again);
    return this.#next;
  }
}
