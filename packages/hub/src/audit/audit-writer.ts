import type { Database } from '../database/database.ts';
import type { Log } from '../log.ts';
import { AuditStore, type NewAuditRow } from './audit-store.ts';

/** As many as there may be parameters in one statement. */
const AT_ONCE = 500;

interface Waiting {
  readonly entry: NewAuditRow;
  readonly done: () => void;
}

/**
 * Writes entries while the answers they are about wait: those that come while it writes go together, in one statement. What waits here
 * is bounded by the requests that are open. One statement is whole by itself: a transaction around it would cost more than the statement.
 */
export class AuditWriter {
  readonly #db: Database;
  readonly #log: Log;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(options: { readonly db: Database; readonly log: Log }) {
    this.#db = options.db;
    this.#log = options.log;
  }

  /**
   * Resolves when the entry is safe on the disk. The change it tells of is made already: when the entry cannot be written it goes to the
   * hub's own log instead, and the change is acknowledged all the same.
   */
  write(entry: NewAuditRow): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ entry, done: resolve });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const some = this.#waiting.splice(0, AT_ONCE);
      const entries = some.map(({ entry }) => entry);
      try {
        await new AuditStore(this.#db).add(entries);
      } catch (error) {
        this.#log('error', 'audit entries could not be written', {
          entries,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
      }
      for (const { done } of some) done();
    }
    // At once, not when this function's promise is settled: who comes in between would wait for nobody.
    this.#writing = undefined;
  }
}
