import { setTimeout as pause } from 'node:timers/promises';
import { createInsightsClient, type FindingResource } from '@concordat/api';
import type { TestHub } from '../../acceptance/start-hub.ts';

const EVERY_MS = 200;

/** Reads the findings again and again, once for all cases that wait: so many readers would be what takes time. */
export class FindingWatch {
  readonly #hub: TestHub;
  readonly #running: Promise<void>;
  #latest: readonly FindingResource[] = [];
  #isStopped = false;

  constructor(hub: TestHub) {
    this.#hub = hub;
    this.#running = this.#run();
  }

  get latest(): readonly FindingResource[] {
    return this.#latest;
  }

  async read(): Promise<readonly FindingResource[]> {
    const { findings } = await createInsightsClient(this.#hub.url, fetch).findings({ size: 1000 });
    this.#latest = findings;
    return findings;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      await this.read();
      await pause(EVERY_MS);
    }
  }
}
