import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a packed block lies. */
export interface BlockPlace {
  readonly segment: number;
  readonly position: number;
  readonly bytes: number;
}

const writable = constants.O_RDWR | constants.O_CREAT;

/** One file of packed blocks a segment. What stands in a file and not in the index was never flushed and is written over. */
export class SegmentFiles {
  readonly #directory: string;
  readonly #handles = new Map<number, Promise<FileHandle>>();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async open(directory: string): Promise<SegmentFiles> {
    await mkdir(directory, { recursive: true });
    return new SegmentFiles(directory);
  }

  /** Resolves when the blocks are on the disk. */
  async write(segment: number, position: number, blocks: readonly Buffer[]): Promise<void> {
    const handle = await this.#handle(segment, writable);
    let at = position;
    for (let left = Buffer.concat(blocks); left.length > 0; ) {
      const { bytesWritten } = await handle.write(left, 0, left.length, at);
      left = left.subarray(bytesWritten);
      at += bytesWritten;
    }
    await handle.datasync();
  }

  /** undefined when the segment is gone. */
  async read({ segment, position, bytes }: BlockPlace): Promise<Buffer | undefined> {
    try {
      const handle = await this.#handle(segment, constants.O_RDONLY);
      const { bytesRead, buffer } = await handle.read(
        Buffer.allocUnsafe(bytes),
        0,
        bytes,
        position,
      );
      return bytesRead === bytes ? buffer : undefined;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'EBADF') return undefined;
      throw error;
    }
  }

  async remove(segment: number): Promise<void> {
    await this.#close(segment);
    await rm(this.#pathOf(segment), { force: true });
  }

  /** Removes files of segments that the index does not know: their spans were never flushed, or are past retention. */
  async removeAllBut(known: ReadonlySet<number>): Promise<void> {
    for (const name of await readdir(this.#directory)) {
      const segment = Number(/^(\d+)\.blocks$/.exec(name)?.[1]);
      if (!Number.isNaN(segment) && !known.has(segment)) await this.remove(segment);
    }
  }

  async close(): Promise<void> {
    for (const segment of [...this.#handles.keys()]) await this.#close(segment);
  }

  async #close(segment: number): Promise<void> {
    const handle = this.#handles.get(segment);
    this.#handles.delete(segment);
    await (await handle?.catch(() => undefined))?.close();
  }

  /** A segment is written before it is read, so that the first to open it opens it rightly. */
  #handle(segment: number, flags: number): Promise<FileHandle> {
    const known = this.#handles.get(segment);
    if (known !== undefined) return known;
    const opened = open(this.#pathOf(segment), flags);
    this.#handles.set(segment, opened);
    opened.catch(() => this.#handles.delete(segment));
    return opened;
  }

  #pathOf(segment: number): string {
    return join(this.#directory, `${String(segment).padStart(8, '0')}.blocks`);
  }
}
