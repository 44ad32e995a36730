import type { ReceivedSpan } from '../decode/received-span.ts';

/** A span and the time it came in. */
export interface QueuedSpan {
  readonly span: ReceivedSpan;
  readonly receivedMicros: number;
}

/** What a span costs beside its bytes: ids, object, its share of the batch. */
const overheadBytes = 400;
/** Taken rows are cut off only when there are many: cutting at every step would copy the queue each time. */
const cutAt = 32_768;

/** First in, first out, bounded by bytes; a batch is taken whole or not at all, so that a sender can repeat it. */
export class SpanQueue {
  readonly #maxBytes: number;
  #spans: QueuedSpan[] = [];
  #head = 0;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get length(): number {
    return this.#spans.length - this.#head;
  }

  /** An empty queue takes any batch, or one larger than the bound could never get in. */
  hasRoomFor(spans: readonly ReceivedSpan[]): boolean {
    return this.#bytes === 0 || this.#bytes + sizeOf(spans) <= this.#maxBytes;
  }

  push(spans: readonly ReceivedSpan[], receivedMicros: number): void {
    for (const span of spans) this.#spans.push({ span, receivedMicros });
    this.#bytes += sizeOf(spans);
  }

  peek(count: number): readonly QueuedSpan[] {
    return this.#spans.slice(this.#head, this.#head + count);
  }

  drop(taken: readonly QueuedSpan[]): void {
    for (const { span } of taken) this.#bytes -= span.raw.length + overheadBytes;
    this.#head += taken.length;
    if (this.#head < cutAt && this.#head < this.#spans.length) return;
    this.#spans = this.#spans.slice(this.#head);
    this.#head = 0;
  }
}

function sizeOf(spans: readonly ReceivedSpan[]): number {
  let bytes = 0;
  for (const span of spans) bytes += span.raw.length + overheadBytes;
  return bytes;
}
