import { type ProcessOptions, SupervisedProcess } from './supervised-process.ts';

/** Everything with an end that the supervisor must bring about. */
interface Stoppable {
  stop(): Promise<void>;
  kill(): void;
}

/** Knows every process that a command has started, so that none of them outlives it, whatever happens. */
export class Supervisor {
  readonly #running = new Set<Stoppable>();
  readonly #onExit = (): void => {
    for (const one of this.#running) one.kill();
  };

  constructor() {
    process.once('exit', this.#onExit);
  }

  start(options: ProcessOptions): SupervisedProcess {
    const child = new SupervisedProcess(options);
    this.#running.add(child);
    return child;
  }

  async stop(child: SupervisedProcess): Promise<void> {
    await child.stop();
    this.#running.delete(child);
  }

  /** Stops all at once, those started last as well as those started first; safe to call twice. */
  async stopAll(): Promise<void> {
    const running = [...this.#running];
    await Promise.all(running.map((child) => child.stop()));
    this.#running.clear();
    process.off('exit', this.#onExit);
  }
}
