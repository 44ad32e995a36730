import type { BlockPlace } from './segment-files.ts';

/** Where a block lies, by its number. */
export interface FoundBlock extends BlockPlace {
  readonly id: number;
}

export interface ListedBlock extends FoundBlock {
  readonly receivedMicros: number;
  readonly oldestMicros: number;
  readonly newestMicros: number;
}

/** Blocks from one number to before another of which some may be in a time. */
export interface BlockWindow {
  readonly from: number;
  readonly to: number;
}

/** A start so long after it came in is a wrong clock's, and would make a block the newest for ever. */
const maxAheadMicros = 60_000_000;

/**
 * Place and time of every block, in memory: 44 bytes for some six hundred spans. Blocks are numbered as they come and go
 * from the front.
 */
export class BlockDirectory {
  #first = 0;
  #length = 0;
  #segments = new Uint32Array(1024);
  #bytes = new Uint32Array(1024);
  #positions = new Float64Array(1024);
  #oldest = new Float64Array(1024);
  #newest = new Float64Array(1024);
  /** The newest of all blocks until here. */
  #newestUntil = new Float64Array(1024);

  /** Where the next block's number is, or a larger one. */
  get end(): number {
    return this.#first + this.#length;
  }

  /** Numbers only grow; those that are left out were dropped. */
  add(block: ListedBlock): void {
    if (this.#length === 0) this.#first = block.id;
    const at = block.id - this.#first;
    if (at >= this.#bytes.length) this.#resize(0, Math.max(2 * this.#bytes.length, at + 1));
    const before = this.#length === 0 ? 0 : (this.#newestUntil[this.#length - 1] as number);
    this.#newestUntil.fill(before, this.#length, at);
    this.#segments[at] = block.segment;
    this.#bytes[at] = block.bytes;
    this.#positions[at] = block.position;
    this.#oldest[at] = block.oldestMicros;
    this.#newest[at] = block.newestMicros;
    const isPlausible = block.newestMicros <= block.receivedMicros + maxAheadMicros;
    const newest = isPlausible ? block.newestMicros : block.receivedMicros;
    this.#newestUntil[at] = Math.max(before, newest);
    this.#length = at + 1;
  }

  /** undefined when it was dropped, or never was. */
  find(id: number): FoundBlock | undefined {
    const at = id - this.#first;
    const bytes = at >= 0 && at < this.#length ? (this.#bytes[at] as number) : 0;
    if (bytes === 0) return undefined;
    return {
      ...{ id, bytes },
      segment: this.#segments[at] as number,
      position: this.#positions[at] as number,
    };
  }

  dropSegment(segment: number): void {
    for (let at = 0; at < this.#length; at += 1)
      if (this.#segments[at] === segment) this.#bytes[at] = 0;
    let gone = 0;
    while (gone < this.#length && this.#bytes[gone] === 0) gone += 1;
    if (gone === 0) return;
    this.#resize(gone, Math.max(1024, this.#length - gone));
    this.#first += gone;
    this.#length -= gone;
  }

  /** The first number that may still be found. */
  get first(): number {
    return this.#first;
  }

  /** The last blocks before a number that reach into the time, at least so many where there are; undefined when none do. */
  windowBefore(
    to: number,
    count: number,
    time: { readonly fromMicros: number; readonly toMicros: number },
  ): BlockWindow | undefined {
    let last: number | undefined;
    let left = count;
    for (let id = Math.min(to, this.end) - 1; id >= this.#first; id -= 1) {
      if (!this.#reaches(id - this.#first, time)) continue;
      last ??= id;
      left -= 1;
      if (left === 0) return { from: id, to: last + 1 };
    }
    return last === undefined ? undefined : { from: this.#first, to: last + 1 };
  }

  /** The start of the newest span of all blocks before this one. */
  newestBefore(id: number): number {
    const at = id - this.#first - 1;
    return at < 0 ? Number.NEGATIVE_INFINITY : (this.#newestUntil[at] as number);
  }

  #reaches(
    at: number,
    { fromMicros, toMicros }: { readonly fromMicros: number; readonly toMicros: number },
  ): boolean {
    return (
      this.#bytes[at] !== 0 &&
      (this.#newest[at] as number) >= fromMicros &&
      (this.#oldest[at] as number) <= toMicros
    );
  }

  #resize(gone: number, size: number): void {
    const words = (old: Uint32Array) => {
      const column = new Uint32Array(size);
      column.set(old.subarray(gone, this.#length));
      return column;
    };
    const floats = (old: Float64Array) => {
      const column = new Float64Array(size);
      column.set(old.subarray(gone, this.#length));
      return column;
    };
    this.#segments = words(this.#segments);
    this.#bytes = words(this.#bytes);
    this.#positions = floats(this.#positions);
    this.#oldest = floats(this.#oldest);
    this.#newest = floats(this.#newest);
    this.#newestUntil = floats(this.#newestUntil);
  }
}
