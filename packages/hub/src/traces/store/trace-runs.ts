import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bucketCount, bucketOf, findInRows, offsetBytes, TraceBuckets } from './trace-buckets.ts';

/** Rows in memory at which they become a file: 8 MB, and six million spans of eight to a trace. */
const runRows = 1_000_000;
/** Blocks at which they do, when blocks are small: so many rows of the index are read at a start. */
const runBlocks = 16_384;

/** Rows of the blocks from one number to another, in a file that is never changed. */
interface Run {
  readonly first: number;
  readonly last: number;
  readonly path: string;
  readonly handle: FileHandle;
  readonly offsets: Uint32Array;
}

/** The blocks of every trace: the latest in memory, the others in files of which a look-up reads some kilobytes. */
export class TraceRuns {
  readonly #directory: string;
  #runs: readonly Run[];
  #recent = new TraceBuckets();
  #nextBlock: number;

  private constructor(directory: string, runs: readonly Run[], nextBlock: number) {
    this.#directory = directory;
    this.#runs = runs;
    this.#nextBlock = nextBlock;
  }

  /** Runs of blocks from `firstBlock` on; one that is damaged is removed with those after it, and is to be made again. */
  static async open(directory: string, firstBlock: number): Promise<TraceRuns> {
    const runs: Run[] = [];
    for (const path of await runPaths(directory)) {
      const run = await openRun(path);
      const expected = (runs.at(-1)?.last ?? firstBlock - 1) + 1;
      if (run !== undefined && run.first <= expected && run.last >= expected) runs.push(run);
      else {
        await run?.handle.close();
        await rm(path, { force: true });
      }
    }
    return new TraceRuns(directory, runs, (runs.at(-1)?.last ?? firstBlock - 1) + 1);
  }

  /** The first block that is in no run: it and those after it are to be added. */
  get nextBlock(): number {
    return this.#nextBlock;
  }

  add(block: number, hashes: Uint32Array): void {
    for (const hash of hashes) this.#recent.add(hash, block);
  }

  /** Writes a run when there is enough for one; `lastBlock` is the last that was added. */
  async spill(lastBlock: number, minRows = runRows): Promise<void> {
    if (this.#recent.rows < minRows && lastBlock - this.#nextBlock < runBlocks) return;
    const name = `${numbered(this.#nextBlock)}-${numbered(lastBlock)}.traces`;
    const path = join(this.#directory, name);
    await writeWhole(path, this.#recent.toBytes());
    const run = await openRun(path);
    if (run === undefined) throw new Error(`${path} is not as it was written.`);
    this.#runs = [...this.#runs, run];
    this.#recent = new TraceBuckets();
    this.#nextBlock = lastBlock + 1;
  }

  /** Blocks in which traces with these hashes are, and perhaps some more, also dropped ones; in order. */
  async find(hashes: readonly number[]): Promise<readonly number[]> {
    const found = new Set<number>();
    for (const hash of hashes) this.#recent.find(hash, found);
    await Promise.all(
      this.#runs.map(async (run) => {
        for (const hash of hashes) await findInRun(run, hash, found);
      }),
    );
    return [...found].sort((a, b) => a - b);
  }

  /** Removes the runs that hold nothing from `firstBlock` on. */
  async dropBefore(firstBlock: number): Promise<void> {
    const gone = this.#runs.filter(({ last }) => last < firstBlock);
    this.#runs = this.#runs.filter(({ last }) => last >= firstBlock);
    for (const { handle, path } of gone) {
      await handle.close();
      await rm(path, { force: true });
    }
  }

  async close(): Promise<void> {
    for (const { handle } of this.#runs) await handle.close();
    this.#runs = [];
  }
}

function numbered(block: number): string {
  return String(block).padStart(10, '0');
}

async function runPaths(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory);
  for (const name of names.filter((one) => one.endsWith('.traces.new')))
    await rm(join(directory, name), { force: true });
  return names
    .filter((name) => /^\d{10,}-\d{10,}\.traces$/.test(name))
    .sort()
    .map((name) => join(directory, name));
}

/** undefined when it is not whole. */
async function openRun(path: string): Promise<Run | undefined> {
  const [first = 0, last = 0] = (/(\d+)-(\d+)\.traces$/.exec(path) ?? []).slice(1).map(Number);
  const { size } = await stat(path);
  const handle = await open(path, 'r');
  const offsets = new Uint32Array(bucketCount + 1);
  await handle.read(new Uint8Array(offsets.buffer), 0, offsetBytes, 0);
  const rows = offsets[bucketCount] as number;
  if (size === offsetBytes + 8 * rows) return { first, last, path, handle, offsets };
  await handle.close();
  return undefined;
}

async function findInRun(run: Run, hash: number, into: Set<number>): Promise<void> {
  const bucket = bucketOf(hash);
  const from = run.offsets[bucket] as number;
  const rows = new Uint32Array(2 * ((run.offsets[bucket + 1] as number) - from));
  if (rows.length === 0) return;
  const bytes = new Uint8Array(rows.buffer);
  await run.handle.read(bytes, 0, bytes.length, offsetBytes + 8 * from).catch(ignoreClosed);
  findInRows(rows, hash, into);
}

/** The run was dropped meanwhile, and its blocks with it. */
function ignoreClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EBADF') throw error;
}

/** The file is there whole or not at all. */
async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const handle = await open(`${path}.new`, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.new`, path);
}
