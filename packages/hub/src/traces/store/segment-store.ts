import { stat } from 'node:fs/promises';
import type { Log } from '../../log.ts';
import type { SpanBatch } from '../span-batch.ts';
import type { BlockDirectory } from './block-directory.ts';
import { BlockQueue, type WaitingBlock } from './block-queue.ts';
import type { SegmentFiles } from './segment-files.ts';
import type { NextNumbers, Segments } from './segments.ts';
import type { SpanIndex } from './span-index.ts';
import type { TraceRuns } from './trace-runs.ts';
import { forgetSegment, indexBlocks, timesOf, type WrittenBlock } from './write-index.ts';

export interface SegmentStoreOptions {
  /** Bytes of spans that may wait to be written. */
  readonly maxQueueBytes: number;
  readonly retentionMicros: number;
  /** Bytes on the disk beyond which the oldest segments go. */
  readonly retentionBytes: number;
}

/** Since the start, but for what is waiting or kept now. */
export interface SegmentStoreCounts {
  readonly stored: number;
  readonly queuedSpans: number;
  readonly queuedBytes: number;
  /** Writes that failed; the spans stay queued and are tried again. */
  readonly failedWrites: number;
  readonly bytesOnDisk: number;
  readonly segments: number;
}

/** What lies on the disk, as it was opened. */
export interface SegmentStoreParts {
  readonly index: SpanIndex;
  readonly files: SegmentFiles;
  readonly directory: BlockDirectory;
  readonly segments: Segments;
  readonly traces: TraceRuns;
  readonly next: NextNumbers;
  readonly log: Log;
}

/** Full blocks that start a write of their own, and blocks of one transaction at most. */
const writeBlocks = 64;
const commitBlocks = 128;
/** Transactions' worth of blocks between two checkpoints: what a start after a crash has to read again. */
const checkpointBlocks = 2048;

/**
 * Takes spans into blocks, packs full blocks and writes many at once, in small steps. What is accepted can be read
 * after `flush`, and is on the disk when `flush` resolves; a killed process loses at most what was accepted since the flush
 * before, which the owner runs every second. Whole segments go when they are too old, or when all are too large.
 */
export class SegmentStore {
  readonly #index: SpanIndex;
  readonly #files: SegmentFiles;
  readonly #directory: BlockDirectory;
  readonly #segments: Segments;
  readonly #traces: TraceRuns;
  readonly #options: SegmentStoreOptions;
  readonly #log: Log;
  readonly #queue: BlockQueue;
  #nextBlock: number;
  #blocksSinceCheckpoint = 0;
  #indexBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #stored = 0;
  #failedWrites = 0;

  constructor(parts: SegmentStoreParts, options: SegmentStoreOptions) {
    this.#index = parts.index;
    this.#files = parts.files;
    this.#directory = parts.directory;
    this.#segments = parts.segments;
    this.#traces = parts.traces;
    this.#log = parts.log;
    this.#options = options;
    this.#queue = new BlockQueue(parts.segments.current, parts.next);
    this.#nextBlock = parts.next.block;
  }

  counts(): SegmentStoreCounts {
    return {
      stored: this.#stored,
      queuedSpans: this.#queue.spans,
      queuedBytes: this.#queue.bytes,
      failedWrites: this.#failedWrites,
      bytesOnDisk: this.#segments.bytes + this.#indexBytes,
      segments: this.#segments.ids.size,
    };
  }

  /** An empty queue takes any batch, or one larger than the bound could never get in. */
  hasRoomFor(batch: SpanBatch): boolean {
    const queued = this.#queue.bytes;
    return queued === 0 || queued + batch.rawBytes <= this.#options.maxQueueBytes;
  }

  /** Copies the spans whose `isNew` is not 0. Writing starts as soon as some blocks are full. */
  accept(batch: SpanBatch, isNew: Uint8Array, nowMicros: number): void {
    this.#turnSegment(nowMicros);
    this.#queue.add(batch, isNew, nowMicros);
    if (this.#isWriting || this.#queue.length < writeBlocks) return;
    this.#isWriting = true;
    void this.#serially(() => this.#writeAll());
  }

  /** Writes all that waits. Never rejects: a failed write is logged and counted, and its spans wait for the next flush. */
  flush(): Promise<void> {
    return this.#serially(() => {
      this.#queue.endBlock();
      return this.#writeAll();
    });
  }

  /** Removes the segments whose last span came in before the retention, and the oldest beyond the bytes. */
  prune(nowMicros: number): Promise<void> {
    return this.#serially(async () => {
      this.#turnSegment(nowMicros);
      this.#queue.endBlock();
      await this.#writeAll();
      await this.measureIndex();
      await this.#drop(this.#segments.olderThan(nowMicros - this.#options.retentionMicros));
      await this.#dropBeyondBytes();
    });
  }

  /** Runs the work when all that was accepted before can be read, and before anything else is written. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const flushed = this.flush();
    const result = flushed.then(work);
    this.#writing = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** Flushes and folds the write-ahead log into the index, so that the next start is quick. */
  async close(): Promise<void> {
    await this.flush();
    await this.#serially(() => this.#checkpoint());
  }

  #serially(work: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(work).catch((error: unknown) => {
      this.#failedWrites += 1;
      this.#log('error', 'spans could not be written', { error: String(error) });
    });
    return this.#writing;
  }

  #turnSegment(nowMicros: number): void {
    if (!this.#segments.isFull(nowMicros)) return;
    this.#segments.turn(nowMicros);
    this.#queue.turn(this.#segments.current);
  }

  /** Only what was there at the beginning: under steady load a flush would never end. */
  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    try {
      await this.#queue.pack();
      for (let left = this.#queue.length; left > 0; ) {
        const blocks = this.#queue.peek(Math.min(left, commitBlocks));
        await this.#writeSome(blocks);
        left -= blocks.length;
      }
    } finally {
      this.#isWriting = false;
    }
    await this.#traces.spill(this.#nextBlock - 1);
    if (this.#blocksSinceCheckpoint >= checkpointBlocks) await this.#checkpoint();
    await this.#dropBeyondBytes();
  }

  /** All of the blocks or none: what could not be written stays queued. */
  async #writeSome(blocks: readonly WaitingBlock[]): Promise<void> {
    const segment = blocks[0]?.segment ?? 0;
    const packed = blocks.flatMap((block) => block.packed ?? []);
    let position = this.#segments.bytesOf(segment);
    await this.#files.write(segment, position, packed);
    const written: WrittenBlock[] = blocks.map((block, at) => {
      const { built, newOperations, newOrigins } = block;
      const bytes = block.packed?.length ?? 0;
      const place = { segment, position, bytes };
      position += bytes;
      return { id: this.#nextBlock + at, ...place, built, newOperations, newOrigins };
    });
    await indexBlocks(this.#index.writer, written);
    this.#queue.drop(blocks);
    for (const block of written) this.#noteWritten(block);
  }

  #noteWritten(block: WrittenBlock): void {
    const { id, segment, position, bytes, built } = block;
    const { receivedMicros } = built;
    this.#directory.add({ id, segment, position, bytes, receivedMicros, ...timesOf(built) });
    this.#traces.add(id, built.traceHashes);
    this.#segments.add(segment, bytes, receivedMicros);
    this.#nextBlock = id + 1;
    this.#blocksSinceCheckpoint += 1;
    this.#stored += built.spans;
  }

  async #dropBeyondBytes(): Promise<void> {
    await this.#drop(this.#segments.beyond(this.#options.retentionBytes, this.#indexBytes));
  }

  async #drop(segments: readonly number[]): Promise<void> {
    for (const segment of segments) {
      await forgetSegment(this.#index.writer, segment);
      this.#segments.remove(segment);
      this.#directory.dropSegment(segment);
      await this.#files.remove(segment);
    }
    if (segments.length === 0) return;
    await this.#traces.dropBefore(this.#directory.first);
    await this.#checkpoint();
  }

  async #checkpoint(): Promise<void> {
    await this.#index.writer.rows('CHECKPOINT');
    this.#blocksSinceCheckpoint = 0;
    await this.measureIndex();
  }

  /** What the index uses: its file does not shrink, but room in it is used again. */
  async measureIndex(): Promise<void> {
    const [row] = await this.#index.writer.rows(
      'SELECT used_blocks * block_size FROM pragma_database_size()',
    );
    const log = await stat(`${this.#index.path}.wal`).catch(() => ({ size: 0 }));
    this.#indexBytes = Number(row?.[0] ?? 0) + log.size;
  }
}
