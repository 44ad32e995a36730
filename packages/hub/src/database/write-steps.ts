const ROWS_A_STEP = 100;

/**
 * Writes that are still to be done, in order. One that fails stays first and is tried again with the next `run`; those before it are
 * not done twice.
 */
export class WriteSteps {
  readonly #steps: (() => Promise<void>)[] = [];

  get isEmpty(): boolean {
    return this.#steps.length === 0;
  }

  add(...steps: readonly (() => Promise<void>)[]): void {
    this.#steps.push(...steps);
  }

  /** One step for some rows at a time, in the order of their keys, so that two hubs on one database lock rows in the same order. */
  addRows<T extends object>(
    rows: readonly T[],
    write: (some: readonly T[]) => Promise<void>,
  ): void {
    const sorted = rows
      .map((row) => ({ row, key: JSON.stringify(row) }))
      .sort((left, right) => (left.key < right.key ? -1 : 1))
      .map(({ row }) => row);
    for (let at = 0; at < sorted.length; at += ROWS_A_STEP) {
      const some = sorted.slice(at, at + ROWS_A_STEP);
      this.add(() => write(some));
    }
  }

  /** Must not run twice at once. */
  async run(): Promise<void> {
    for (let step = this.#steps[0]; step !== undefined; step = this.#steps[0]) {
      await step();
      this.#steps.shift();
    }
  }
}
