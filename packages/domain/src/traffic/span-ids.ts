// Hot path: ids are words until they leave in a call. As texts, or as bigints, every span would cost six objects.

/** A span's key: the four words of its trace id, then the two of its span id. */
export const keyWords = 6;

export type SpanKey = Uint32Array;

/** Mixes every word, because not every sender's ids are random; `seed` is odd and differs between processes, so that nobody can prepare ids that collide. */
export function hashKey(words: Uint32Array, at: number, seed: number): number {
  let hash = seed;
  for (let word = at; word < at + keyWords; word += 1) {
    hash = Math.imul(hash ^ (words[word] as number), seed);
    hash ^= hash >>> 15;
  }
  return (hash ^ (hash >>> 13)) >>> 0;
}

export function isSameKey(words: Uint32Array, at: number, key: SpanKey): boolean {
  return (
    words[at + 5] === key[5] &&
    words[at + 4] === key[4] &&
    words[at + 3] === key[3] &&
    words[at + 2] === key[2] &&
    words[at + 1] === key[1] &&
    words[at] === key[0]
  );
}

const digits = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const traceCodes = new Uint8Array(32);
const spanCodes = new Uint8Array(16);

/** Lower-case hex of the four words of a trace id. One text out of an array of codes takes a fifth of joining eight digits a word. */
export function traceIdText(words: ArrayLike<number>): string {
  for (let word = 0; word < 4; word += 1) writeHex(words[word] as number, traceCodes, 8 * word);
  return textOf(traceCodes);
}

/** Lower-case hex of the two words of a span id. */
export function spanIdText(word0: number, word1: number): string {
  writeHex(word0, spanCodes, 0);
  writeHex(word1, spanCodes, 8);
  return textOf(spanCodes);
}

function writeHex(word: number, into: Uint8Array, at: number): void {
  for (let digit = 0; digit < 8; digit += 1)
    into[at + digit] = digits[(word >>> (28 - 4 * digit)) & 15] as number;
}

/** `apply` takes whatever has a length, although its type says less. */
function textOf(codes: Uint8Array): string {
  return String.fromCharCode.apply(null, codes as unknown as number[]);
}
