import type { FoundBlock } from './block-directory.ts';
import { type Block, readBlock } from './block-layout.ts';
import { unpackBlock } from './pack-block.ts';
import type { SegmentFiles } from './segment-files.ts';

/** Plain blocks that are kept for the next question: a search reads the traces of blocks it has just looked into. */
const cachedBytes = 16 * 1024 * 1024;
const readsAtOnce = 4;

/** Reads and unpacks blocks on other threads. */
export class BlockReader {
  readonly #files: SegmentFiles;
  readonly #cache = new Map<number, Block>();
  #cachedBytes = 0;

  constructor(files: SegmentFiles) {
    this.#files = files;
  }

  /** undefined when its segment was dropped meanwhile. */
  async read(place: FoundBlock): Promise<Block | undefined> {
    const cached = this.#cache.get(place.id);
    if (cached !== undefined) {
      this.#cache.delete(place.id);
      this.#cache.set(place.id, cached);
      return cached;
    }
    const packed = await this.#files.read(place);
    if (packed === undefined) return undefined;
    const block = readBlock(await unpackBlock(packed));
    this.#keep(place.id, block);
    return block;
  }

  /**
   * In the order asked for; the next ones are read while one is looked at. `first` are read at the beginning: few, when the first
   * ones may be enough.
   */
  async *readAll(
    places: readonly FoundBlock[],
    first = readsAtOnce,
  ): AsyncGenerator<readonly [FoundBlock, Block]> {
    const reading: Promise<Block | undefined>[] = [];
    for (let at = 0; at < places.length; at += 1) {
      const until = Math.min(places.length, at + readsAtOnce, first + 2 * at);
      while (reading.length < until) {
        const ahead = this.read(places[reading.length] as FoundBlock);
        ahead.catch(() => undefined);
        reading.push(ahead);
      }
      const block = await reading[at];
      if (block !== undefined) yield [places[at] as FoundBlock, block];
    }
  }

  #keep(id: number, block: Block): void {
    if (this.#cache.has(id)) return;
    this.#cache.set(id, block);
    this.#cachedBytes += block.bytes;
    for (const [oldest, { bytes }] of this.#cache) {
      if (this.#cachedBytes <= cachedBytes) break;
      this.#cache.delete(oldest);
      this.#cachedBytes -= bytes;
    }
  }
}
