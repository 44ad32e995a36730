// Hot path: a span has a dozen attribute keys and as many values, and most of them came before. Looking bytes up costs a third
// of making a new string of them, and what is asked about a text is answered once.

interface Entry<T> {
  readonly bytes: Buffer;
  readonly value: T;
  /** What was found after it the last time: senders write their keys in the same order, so that most need no hash. */
  next: Entry<T> | undefined;
}

const slots = 4096;
const maxCached = 64;

/** What `make` makes of a text, found by the text's bytes. Bounded: each slot keeps the first that fell into it. */
export class TextTable<T> {
  readonly #make: (text: string) => T;
  readonly #entries: (Entry<T> | undefined)[] = new Array(slots).fill(undefined);
  #last: Entry<T> | undefined;

  constructor(make: (text: string) => T) {
    this.#make = make;
  }

  find(bytes: Buffer, start: number, end: number): T {
    const length = end - start;
    const last = this.#last;
    const guess = last?.next;
    if (guess !== undefined && guess.bytes.length === length && isAt(bytes, start, guess.bytes)) {
      this.#last = guess;
      return guess.value;
    }
    if (length > maxCached) return this.#make(bytes.toString('utf8', start, end));
    const slot = slotOf(bytes, start, end);
    const known = this.#entries[slot];
    if (known !== undefined && known.bytes.length === length && isAt(bytes, start, known.bytes)) {
      if (last !== undefined) last.next = known;
      this.#last = known;
      return known.value;
    }
    const value = this.#make(bytes.toString('utf8', start, end));
    if (known === undefined)
      this.#entries[slot] = {
        bytes: Buffer.from(bytes.subarray(start, end)),
        value,
        next: undefined,
      };
    return value;
  }
}

function slotOf(bytes: Buffer, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end; at += 1) hash = (hash * 31 + (bytes[at] as number)) | 0;
  return (hash ^ (hash >>> 12)) & (slots - 1);
}

function isAt(bytes: Buffer, start: number, known: Buffer): boolean {
  const { length } = known;
  for (let at = 0; at < length; at += 1) {
    if (known[at] !== bytes[start + at]) return false;
  }
  return true;
}
