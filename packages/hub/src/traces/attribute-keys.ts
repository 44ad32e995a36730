// Hot path: a span has a dozen attribute keys, and all spans share a few hundred. Looking a key up by its bytes costs a
// third of making a new string of them, and the question whether it may hold a secret is answered once a key.
import { mayHoldSecret } from './redact-attribute.ts';

export interface AttributeKey {
  readonly text: string;
  readonly mayHoldSecret: boolean;
}

interface Entry extends AttributeKey {
  readonly bytes: Buffer;
}

const slots = 4096;
const maxCached = 64;

/** Bounded: each of 4,096 slots keeps the first key that fell into it; all others are made anew each time. */
export class AttributeKeys {
  readonly #entries: (Entry | undefined)[] = new Array(slots).fill(undefined);

  find(bytes: Buffer, start: number, end: number): AttributeKey {
    if (end - start > maxCached) return described(bytes.toString('utf8', start, end));
    let hash = end - start;
    for (let at = start; at < end; at += 1) hash = (hash * 31 + (bytes[at] as number)) | 0;
    const slot = (hash ^ (hash >>> 12)) & (slots - 1);
    const known = this.#entries[slot];
    if (known !== undefined && isSame(known.bytes, bytes, { start, end })) return known;
    const key = described(bytes.toString('utf8', start, end));
    if (known === undefined) {
      this.#entries[slot] = { ...key, bytes: Buffer.from(bytes.subarray(start, end)) };
    }
    return key;
  }
}

function described(text: string): AttributeKey {
  return { text, mayHoldSecret: mayHoldSecret(text) };
}

function isSame(known: Buffer, bytes: Buffer, range: { start: number; end: number }): boolean {
  if (known.length !== range.end - range.start) return false;
  for (let at = 0; at < known.length; at += 1) {
    if (known[at] !== bytes[range.start + at]) return false;
  }
  return true;
}
