import type { Log } from '../log.ts';
import type { TokenRow, TokenStore } from './token-store.ts';

/** A token revoked by another hub on the same database is refused after this long at the latest. */
const POLL_MS = 2_000;
/** A token that is used all the time writes that down no more often than this. */
const USE_MS = 60_000;

export interface KnownToken {
  readonly description: string;
  readonly role: 'read' | 'publish' | 'admin';
}

/** The tokens of the database in memory, so that checking one costs a request nothing but a hash. */
export class TokenBook {
  readonly #store: TokenStore;
  readonly #now: () => Date;
  readonly #log: Log;
  #byHash: ReadonlyMap<string, TokenRow> = new Map();
  readonly #used = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #polling: Promise<void> | undefined;
  #hasFailed = false;
  #asked = 0;
  #taken = 0;

  constructor(deps: { readonly store: TokenStore; readonly now: () => Date; readonly log: Log }) {
    this.#store = deps.store;
    this.#now = deps.now;
    this.#log = deps.log;
  }

  /** The token with this hash (hex), unless it has expired; that it was used is written down later. */
  find(sha256: string): KnownToken | undefined {
    const row = this.#byHash.get(sha256);
    if (row === undefined) return undefined;
    const now = this.#now();
    if (row.expires_at !== null && Date.parse(row.expires_at) <= now.getTime()) return undefined;
    if (now.getTime() - Date.parse(row.last_used_at ?? '1970-01-01') >= USE_MS) {
      this.#used.set(row.uuid, now.toISOString());
    }
    return { description: row.description, role: row.role as KnownToken['role'] };
  }

  /** Reads all tokens anew; to be called after this hub has changed one. */
  async refresh(): Promise<void> {
    this.#asked += 1;
    const turn = this.#asked;
    const rows = await this.#store.list();
    // An answer that was asked for before another one would bring a revoked token back.
    if (turn < this.#taken) return;
    this.#taken = turn;
    this.#byHash = new Map(rows.map((row) => [row.sha256, row]));
  }

  /** Reads the tokens, and again every two seconds, because another hub may have changed them. */
  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => {
      this.#polling ??= this.#poll().finally(() => {
        this.#polling = undefined;
      });
    }, POLL_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#polling;
    await this.#writeUses();
  }

  async #poll(): Promise<void> {
    try {
      await this.#writeUses();
      await this.refresh();
      this.#hasFailed = false;
    } catch (error) {
      // Said once: a database that is away is said by every request as well.
      if (!this.#hasFailed)
        this.#log('error', 'tokens could not be read', { error: String(error) });
      this.#hasFailed = true;
    }
  }

  async #writeUses(): Promise<void> {
    for (const [uuid, at] of [...this.#used]) {
      await this.#store.used(uuid, at);
      this.#used.delete(uuid);
    }
  }
}
