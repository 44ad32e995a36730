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
  /** The packed bytes; the plain ones are free when it resolves. */
  readonly packed: Promise<Buffer>;
  bytes: number;
}

/** Spans on their way to the disk, in blocks: first in, first out. A block is of one segment, and so are its names. */
export class BlockQueue {
  readonly #waiting: WaitingBlock[] = [];
  #segment: number;
  #names: SegmentNames;
  #builder = new BlockBuilder();
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

  /** Packing starts at once, on another thread. */
  endBlock(): void {
    if (this.#builder.spans === 0) return;
    const { content, ...built } = this.#builder.build();
    this.#builder = new BlockBuilder();
    const block: WaitingBlock = {
      ...{ built, bytes: content.length, segment: this.#segment },
      ...this.#names.takeNew(),
      packed: packBlock(content),
    };
    this.#waiting.push(block);
    this.#waitingBytes += block.bytes;
    this.#waitingSpans += built.spans;
    const shrink = ({ length }: Buffer): void => {
      this.#waitingBytes -= block.bytes - length;
      block.bytes = length;
    };
    block.packed.then(shrink, () => undefined);
  }

  /** The first full blocks, as far as they are of one segment. */
  peek(count: number): readonly WaitingBlock[] {
    const segment = this.#waiting[0]?.segment;
    return this.#waiting.slice(0, count).filter((block) => block.segment === segment);
  }

  drop(blocks: readonly WaitingBlock[]): void {
    this.#waiting.splice(0, blocks.length);
    for (const { bytes, built } of blocks) {
      this.#waitingBytes -= bytes;
      this.#waitingSpans -= built.spans;
    }
  }
}
