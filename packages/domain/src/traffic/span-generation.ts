// Hot path: every span is looked up and remembered here. Rows of words: a Map needs a text for each key and an object for each span,
// and the garbage collector then copies all of them.
import { spanKinds } from './half.ts';
import type { Sender } from './sender.ts';
import type { SpanColumns } from './span-columns.ts';
import { hashKey, isSameKey, type SpanKey } from './span-ids.ts';

/** Words of a row; it begins as `SpanColumns.ids` do, with the span's key and its parent's id. */
const idWords = 8;
const stateAt = 8;
const senderAt = 9;
const nameAt = 10;
const endAt = 11;
const rowWords = 12;

const firstCapacity = 128;
const maxStamp = 0xffffff;

/** A remembered span, as the walk from a span to its parents needs it. */
export interface RememberedSpan {
  sender: Sender;
  kind: number;
  /** Empty but for servers and consumers. */
  name: string;
  span0: number;
  span1: number;
  parent0: number;
  parent1: number;
}

/** Spans by key and kind. Open addressing, never more than half full; emptied by a new stamp instead of by writing. */
export class SpanGeneration {
  readonly #seed: number;
  #rows = new Uint32Array(rowWords * firstCapacity);
  #mask = firstCapacity - 1;
  #stamp = 1;
  #senders: Sender[] = [];
  #places = new Map<Sender, number>();
  #lastSender: Sender | undefined;
  #lastPlace = 0;
  #names: string[] = [''];
  #size = 0;
  #free = 0;
  #isShared = false;

  constructor(seed: number) {
    this.#seed = seed;
  }

  get size(): number {
    return this.#size;
  }

  /** Of the last `find` that found nothing: the id is here as another kind's. */
  get isShared(): boolean {
    return this.#isShared;
  }

  clear(): void {
    this.#stamp = (this.#stamp % maxStamp) + 1;
    this.#senders = [];
    this.#places = new Map();
    this.#lastSender = undefined;
    this.#names = [''];
    this.#size = 0;
  }

  /** Where the row of the span begins; -1 when it is not here. */
  find(key: SpanKey, kind: number): number {
    this.#isShared = false;
    for (let row = hashKey(key, 0, this.#seed); ; row += 1) {
      const at = rowWords * (row & this.#mask);
      const state = this.#rows[at + stateAt] as number;
      if (state >>> 8 !== this.#stamp) {
        this.#free = at;
        return -1;
      }
      if (!isSameKey(this.#rows, at, key)) continue;
      if ((state & 0xff) === kind) return at;
      this.#isShared = true;
    }
  }

  /** Where a row of the id begins, whatever its kind: if there are several, one of this service. */
  findId(key: SpanKey, service: string): number {
    let found = -1;
    for (let row = hashKey(key, 0, this.#seed); ; row += 1) {
      const at = rowWords * (row & this.#mask);
      if ((this.#rows[at + stateAt] as number) >>> 8 !== this.#stamp) return found;
      if (!isSameKey(this.#rows, at, key)) continue;
      if (this.#senderOf(at).peer.service === service) return at;
      found = at;
    }
  }

  read(at: number, into: RememberedSpan): void {
    const rows = this.#rows;
    into.sender = this.#senderOf(at);
    into.kind = (rows[at + stateAt] as number) & 0xff;
    into.name = this.#names[rows[at + nameAt] as number] as string;
    into.span0 = rows[at + 4] as number;
    into.span1 = rows[at + 5] as number;
    into.parent0 = rows[at + 6] as number;
    into.parent1 = rows[at + 7] as number;
  }

  /** True, and the row says so from now on, when this span ends later than the one that was remembered. */
  lengthen(at: number, columns: SpanColumns, index: number): boolean {
    const end = endOf(columns, index);
    if (((end - (this.#rows[at + endAt] as number)) | 0) <= 0) return false;
    this.#rows[at + endAt] = end;
    return true;
  }

  /** Right after a `find` that did not find it. */
  insert(columns: SpanColumns, index: number, sender: Sender): void {
    const rows = this.#rows;
    const at = this.#free;
    const kind = columns.kinds[index] as number;
    const word = idWords * index;
    for (let offset = 0; offset < idWords; offset += 1)
      rows[at + offset] = columns.ids[word + offset] as number;
    rows[at + stateAt] = (this.#stamp << 8) | kind;
    rows[at + senderAt] = this.#placeOf(sender);
    rows[at + nameAt] = this.#nameOf(kind, columns.names[index] as string);
    rows[at + endAt] = endOf(columns, index);
    this.#size += 1;
    if (2 * this.#size > this.#mask) this.#grow();
  }

  #senderOf(at: number): Sender {
    return this.#senders[this.#rows[at + senderAt] as number] as Sender;
  }

  /** Spans of a sender come together, so that most need no look-up. */
  #placeOf(sender: Sender): number {
    if (sender === this.#lastSender) return this.#lastPlace;
    this.#lastSender = sender;
    this.#lastPlace = this.#places.get(sender) ?? this.#senders.push(sender) - 1;
    this.#places.set(sender, this.#lastPlace);
    return this.#lastPlace;
  }

  #nameOf(kind: number, name: string): number {
    if (kind !== spanKinds.server && kind !== spanKinds.consumer) return 0;
    const last = this.#names.length - 1;
    return name === this.#names[last] ? last : this.#names.push(name) - 1;
  }

  #grow(): void {
    const rows = this.#rows;
    this.#rows = new Uint32Array(2 * rows.length);
    this.#mask = 2 * this.#mask + 1;
    for (let at = 0; at < rows.length; at += rowWords) {
      if ((rows[at + stateAt] as number) >>> 8 !== this.#stamp) continue;
      const row = rows.subarray(at, at + rowWords);
      this.find(row, none);
      this.#rows.set(row, this.#free);
    }
  }
}

/** No kind of span. */
const none = 0xff;

/** Microseconds modulo 2^32: enough to tell which of two ends is later. */
function endOf(columns: SpanColumns, index: number): number {
  const start = columns.startMicros[index] as number;
  return Math.floor(start + (columns.durationMicros[index] as number)) >>> 0;
}
