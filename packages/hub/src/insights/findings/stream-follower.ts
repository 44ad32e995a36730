import type { ServerResponse } from 'node:http';
import type { BacklogPlace, EventBacklog } from './event-backlog.ts';
import { type FindingFilter, passes } from './finding-filter.ts';

/**
 * Somebody who reads the stream. It has a place in the backlog and no queue: while the connection takes no more, nothing is written,
 * and who falls out of the backlog is told to read everything anew.
 */
export class StreamFollower {
  readonly filter: FindingFilter;
  readonly #response: ServerResponse;
  readonly #backlog: EventBacklog;
  #place: BacklogPlace;
  #blockedAt: number | undefined;

  constructor(options: {
    readonly response: ServerResponse;
    readonly filter: FindingFilter;
    readonly backlog: EventBacklog;
    readonly place: BacklogPlace;
  }) {
    this.filter = options.filter;
    this.#response = options.response;
    this.#backlog = options.backlog;
    this.#place = options.place;
  }

  /** For how long the connection has taken nothing; 0 while it does. */
  blockedMs(now: number): number {
    return this.#blockedAt === undefined ? 0 : now - this.#blockedAt;
  }

  /** Sends what has come since, as far as the connection takes it. */
  pump(): void {
    while (this.#blockedAt === undefined) {
      const entry = this.#backlog.at(this.#place);
      if (entry === undefined) return;
      if (entry === 'lost') this.resync();
      else {
        this.#place += 1;
        if (passes(this.filter, entry.finding)) this.#write(entry.text);
      }
    }
  }

  /** What was missed is not here any more: only reading everything anew helps. */
  resync(): void {
    this.#place = this.#backlog.end;
    this.#write(`id: ${this.#backlog.lastId}\nevent: resync\ndata: {}\n\n`);
  }

  /** Left out while the connection takes nothing: the next one says more. */
  hint(text: string): void {
    if (this.#blockedAt === undefined) this.#write(text);
  }

  end(): void {
    this.#response.end();
  }

  cut(): void {
    this.#response.destroy();
  }

  #write(text: string): void {
    if (this.#response.write(text)) return;
    this.#blockedAt = performance.now();
    this.#response.once('drain', () => {
      this.#blockedAt = undefined;
      this.pump();
    });
  }
}
