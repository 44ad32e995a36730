import type { Finding } from '@concordat/domain';

/** One event as it is sent; `finding` says whom it is for. */
export interface BacklogEntry {
  readonly id: number;
  readonly finding: Finding;
  readonly text: string;
}

/** A place in the backlog: the number of entries that came before it, dropped ones included. */
export type BacklogPlace = number;

/** The latest events, so many and no more. Readers keep a place in it instead of a queue of their own. */
export class EventBacklog {
  readonly #size: number;
  #entries: BacklogEntry[] = [];
  #ids = new Set<number>();
  #dropped = 0;
  /** Nothing came before the first entry that it ever had. */
  #isWhole = false;

  constructor(size: number) {
    this.#size = size;
  }

  /** `isWhole`: before the first of the entries there was nothing. */
  start(entries: readonly BacklogEntry[], isWhole: boolean): void {
    this.#dropped += this.#entries.length;
    this.#entries = [];
    this.#ids.clear();
    this.#isWhole = isWhole;
    for (const entry of entries) this.add(entry);
  }

  has(id: number): boolean {
    return this.#ids.has(id);
  }

  get lastId(): number {
    return this.#entries.reduce((last, { id }) => Math.max(last, id), 0);
  }

  get end(): BacklogPlace {
    return this.#dropped + this.#entries.length;
  }

  add(entry: BacklogEntry): void {
    this.#entries.push(entry);
    this.#ids.add(entry.id);
    if (this.#entries.length <= this.#size) return;
    const [first] = this.#entries.splice(0, 1);
    if (first !== undefined) this.#ids.delete(first.id);
    this.#dropped += 1;
    this.#isWhole = false;
  }

  /** undefined at the end; `lost` where the entry is no longer there. */
  at(place: BacklogPlace): BacklogEntry | 'lost' | undefined {
    return place < this.#dropped ? 'lost' : this.#entries[place - this.#dropped];
  }

  /** Where to go on after an event; `lost` when events after it may be missing here. */
  after(id: number): BacklogPlace | 'lost' {
    const [first] = this.#entries;
    const reaches = this.#isWhole || (first !== undefined && id >= first.id - 1);
    if (!reaches || id > this.lastId) return 'lost';
    const index = this.#entries.findIndex((entry) => entry.id > id);
    return index < 0 ? this.end : this.#dropped + index;
  }
}
