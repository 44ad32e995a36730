import { createHash } from 'node:crypto';
import { describeInteractions, interactionLines, parseJson } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import type { Log } from '../log.ts';
import {
  InteractionStore,
  type SearchableInteraction,
  type UndescribedContent,
} from './interaction-store.ts';

const AT_ONCE = 20;
/** A publication is not held up by it, and several in a row are described together. */
const DELAY_MS = 250;
/** On PostgreSQL a lower id may be committed after a higher one. */
const LATE_IDS = 1000;
/** Deeper than any pact that the hub takes. */
const MAX_DEPTH = 200;

/**
 * Describes every content for the search: what is left at start, and the new ones after each publication. Each content once, by
 * whichever hub is first.
 */
export class InteractionIndex {
  readonly #db: Database;
  readonly #log: Log;
  /** Up to this id all contents have been described. */
  #above = 0;
  #running: Promise<boolean> | undefined;
  #isWanted = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: { readonly db: Database; readonly log: Log }) {
    this.#db = deps.db;
    this.#log = deps.log;
  }

  /** There may be new contents; never waits. */
  wake(): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#refresh();
    }, DELAY_MS).unref();
  }

  /** Whether every content there is has been described, by the end of the given time. */
  async isComplete(withinMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), withinMs);
    });
    return Promise.race([this.#refresh(), late]).finally(() => clearTimeout(timer));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #refresh(): Promise<boolean> {
    this.#isWanted = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<boolean> {
    try {
      while (this.#isWanted && !this.#isClosed) {
        this.#isWanted = false;
        await this.#describeNew();
      }
      return !this.#isClosed;
    } catch (error) {
      this.#log('error', 'interactions could not be described for the search', {
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      return false;
    }
  }

  async #describeNew(): Promise<void> {
    const store = new InteractionStore(this.#db);
    const newest = await store.newestContent();
    let contents = await store.undescribed(this.#above, AT_ONCE);
    while (contents.length > 0 && !this.#isClosed) {
      await this.#describe(contents);
      contents = await store.undescribed(contents.at(-1)?.id ?? newest, AT_ONCE);
    }
    this.#above = Math.max(this.#above, newest - LATE_IDS);
  }

  async #describe(contents: readonly UndescribedContent[]): Promise<void> {
    const described = contents.map(({ id, content }) => ({ id, found: searchable(content) }));
    await transact(this.#db, async (tx) => {
      const store = new InteractionStore(tx);
      for (const { id, found } of described) await store.describe(id, found);
    });
    // Other work has its turn between two batches.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function searchable(content: string): readonly SearchableInteraction[] {
  const parsed = parseJson(content, MAX_DEPTH);
  if (!parsed.ok) return [];
  return describeInteractions(parsed.value).map((interaction) => {
    const { position, kind, description, summary } = interaction;
    const lines = interactionLines(interaction).join('\n');
    return {
      position,
      kind,
      description,
      summary,
      lines,
      interactionId: interaction.id ?? createHash('sha1').update(lines).digest('hex'),
    };
  });
}
