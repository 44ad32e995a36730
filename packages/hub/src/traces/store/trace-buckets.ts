/** Which blocks a trace is in, by 32 bits of its id: rows of hash and block, in buckets by the first bits of the hash. */
const bucketShift = 22;
export const bucketCount = 1024;
/** Where each bucket begins and the last one ends, in rows. */
export const offsetBytes = 4 * (bucketCount + 1);

export function bucketOf(hash: number): number {
  return hash >>> bucketShift;
}

/** Rows in memory. */
export class TraceBuckets {
  readonly #buckets: Uint32Array[] = new Array(bucketCount).fill(new Uint32Array(0));
  readonly #lengths = new Uint32Array(bucketCount);
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  add(hash: number, block: number): void {
    const at = bucketOf(hash);
    const length = this.#lengths[at] as number;
    let bucket = this.#buckets[at] as Uint32Array;
    if (length + 2 > bucket.length) {
      const larger = new Uint32Array(Math.max(32, 2 * bucket.length));
      larger.set(bucket);
      bucket = larger;
      this.#buckets[at] = larger;
    }
    bucket[length] = hash;
    bucket[length + 1] = block;
    this.#lengths[at] = length + 2;
    this.#rows += 1;
  }

  find(hash: number, into: Set<number>): void {
    const at = bucketOf(hash);
    findInRows((this.#buckets[at] as Uint32Array).subarray(0, this.#lengths[at]), hash, into);
  }

  /** Offsets, then the rows of every bucket. */
  toBytes(): Buffer {
    const words = new Uint32Array(bucketCount + 1 + 2 * this.#rows);
    let row = 0;
    for (let at = 0; at < bucketCount; at += 1) {
      const length = this.#lengths[at] as number;
      words[at] = row;
      words.set((this.#buckets[at] as Uint32Array).subarray(0, length), bucketCount + 1 + 2 * row);
      row += length / 2;
    }
    words[bucketCount] = row;
    return Buffer.from(words.buffer);
  }
}

export function findInRows(rows: Uint32Array, hash: number, into: Set<number>): void {
  for (let at = 0; at < rows.length; at += 2)
    if (rows[at] === hash) into.add(rows[at + 1] as number);
}
