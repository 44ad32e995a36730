import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SpanBatch } from '../span-batch.ts';
import { BlockBuilder, type BuiltBlock } from './block-builder.ts';
import { packBlock } from './pack-block.ts';
import { type NamedOperation, type NamedOrigin, SegmentNames } from './segment-names.ts';

/** A full block on its way to the disk. */
export interface WaitingBlock {
  readonly segment: number;
  readonly built: Omit<BuiltBlock, 'content'>;
  /** Names that it uses for the first time. */
  readonly newOperations: readonly NamedOperation[];
  readonly newOrigins: readonly NamedOrigin[];
  /** undefined until the block is packed. */
  readonly packed: Buffer | undefined;
}

interface QueuedBlock extends WaitingBlock {
  builder: BlockBuilder | undefined;
  content: Buffer;
  packed: Buffer | undefined;
}

/** Builders that are kept for the next block: their memory is large enough to be a burden when made anew. */
const maxSpare = 4;
const noBytes = Buffer.alloc(0);

/** Spans on their way to the disk, in blocks: first in, first out. A block is of one segment, and so are its names. */
export class BlockQueue {
  readonly #waiting: QueuedBlock[] = [];
  readonly #spare: BlockBuilder[] = [];
  #segment: number;
  #names: SegmentNames;
  #builder = new BlockBuilder();
  #packing: Promise<void> | undefined;
  #packed = 0;
  #waitingBytes = 0;
  #waitingSpans = 0;

  constructor(segment: number, next: { readonly operation: number; readonly origin: number }) {
    this.#segment = segment;
    this.#names = new SegmentNames(next);
  }

  /** Blocks that are full. */
  get length(): number {
    return this.#waiting.length;
  }

  get bytes(): number {
    return this.#waitingBytes + this.#builder.rawBytes;
  }

  get spans(): number {
    return this.#waitingSpans + this.#builder.spans;
  }

  /** Copies the spans whose `isNew` is not 0; nothing of the batch is held on to. */
  add(batch: SpanBatch, isNew: Uint8Array, receivedMicros: number): void {
    const names = this.#names;
    const origins = names.origins(batch);
    const { length, resourceOf, resources, kinds } = batch;
    for (let at = 0; at < length; at += 1) {
      if (isNew[at] === 0) continue;
      const from = resourceOf[at] as number;
      const service = resources[from]?.service ?? '';
      const operation = names.operation(service, batch.names[at] as string, kinds[at] as number);
      this.#builder.add(batch, at, { origin: origins[from] as number, operation, receivedMicros });
      if (this.#builder.isFull) this.endBlock();
    }
  }

  /** What comes now is of another segment. */
  turn(segment: number): void {
    this.endBlock();
    this.#segment = segment;
    this.#names = new SegmentNames(this.#names.next);
  }

  /** Packing follows, a block a turn. */
  endBlock(): void {
    const builder = this.#builder;
    if (builder.spans === 0) return;
    const { content, ...built } = builder.build();
    this.#builder = this.#spare.pop() ?? new BlockBuilder();
    this.#waiting.push({
      ...{ built, builder, content, segment: this.#segment, packed: undefined },
      ...this.#names.takeNew(),
    });
    this.#waitingBytes += content.length;
    this.#waitingSpans += built.spans;
    this.#packing ??= this.#packAll();
  }

  /** Resolves when every block is packed that is full now. */
  async pack(): Promise<void> {
    const last = this.#waiting.at(-1);
    while (last !== undefined && last.packed === undefined) {
      this.#packNext();
      await nextTurn();
    }
  }

  async #packAll(): Promise<void> {
    await nextTurn();
    for (; this.#packed < this.#waiting.length; await nextTurn()) this.#packNext();
    this.#packing = undefined;
  }

  #packNext(): void {
    const block = this.#waiting[this.#packed] as QueuedBlock;
    const packed = packBlock(block.content);
    this.#packed += 1;
    this.#waitingBytes -= block.content.length - packed.length;
    if (block.builder !== undefined && this.#spare.length < maxSpare)
      this.#spare.push(block.builder.reset());
    block.builder = undefined;
    block.content = noBytes;
    block.packed = packed;
  }

  /** The first packed blocks, as far as they are of one segment. */
  peek(count: number): readonly WaitingBlock[] {
    const segment = this.#waiting[0]?.segment;
    return this.#waiting
      .slice(0, Math.min(count, this.#packed))
      .filter((block) => block.segment === segment);
  }

  drop(blocks: readonly WaitingBlock[]): void {
    this.#waiting.splice(0, blocks.length);
    this.#packed -= blocks.length;
    for (const { packed, built } of blocks) {
      this.#waitingBytes -= packed?.length ?? 0;
      this.#waitingSpans -= built.spans;
    }
  }
}
