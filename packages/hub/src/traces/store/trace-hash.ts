/**
 * 32 bits of a trace id, by which the index finds blocks: a quarter of the id's bytes, and the few blocks that another id
 * shares are seen through when they are read.
 */
export function traceHash(ids: Uint32Array, at: number): number {
  let hash =
    Math.imul(ids[at] as number, 0x9e3779b1) ^
    Math.imul(ids[at + 1] as number, 0x85ebca6b) ^
    Math.imul(ids[at + 2] as number, 0xc2b2ae35) ^
    Math.imul(ids[at + 3] as number, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** The four words of an id of 32 hex digits. */
export function traceWords(traceId: string): Uint32Array {
  return Uint32Array.from([0, 8, 16, 24], (at) => Number.parseInt(traceId.slice(at, at + 8), 16));
}

export function traceHex(ids: Uint32Array, at: number): string {
  let hex = '';
  for (let word = at; word < at + 4; word += 1)
    hex += (ids[word] as number).toString(16).padStart(8, '0');
  return hex;
}
