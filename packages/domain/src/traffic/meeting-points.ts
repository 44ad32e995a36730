// Hot path: where halves find each other. Open addressing over words, because a Map needs a text for each key, hashed anew each time.
import type { Half } from './half.ts';
import { hashKey, isSameKey, keyWords, type SpanKey } from './span-ids.ts';

/** Callees that wait for the same caller, the last come first. */
export interface WaitingCallee {
  readonly half: Half;
  readonly next: WaitingCallee | undefined;
  /** How many there were when it came. */
  readonly place: number;
}

const firstCapacity = 1_024;
/** More callees under one caller are nobody's fan-out, and would make pairing them all quadratic. */
const maxPerKey = 1_000;

/** By the key of a calling span: its half, and the halves that answer to it. Never more than half full. */
export class MeetingPoints {
  readonly #seed: number;
  #keys = new Uint32Array(keyWords * firstCapacity);
  #callers: (Half | undefined)[] = new Array(firstCapacity).fill(undefined);
  #callees: (WaitingCallee | undefined)[] = new Array(firstCapacity).fill(undefined);
  #size = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  get size(): number {
    return this.#size;
  }

  caller(key: SpanKey): Half | undefined {
    return this.#callers[this.#find(key)];
  }

  callees(key: SpanKey): WaitingCallee | undefined {
    return this.#callees[this.#find(key)];
  }

  /**
   * Puts a caller there and takes the callees that wait for it: those with links wait on, for they may have more callers. A caller that
   * was there before gives way.
   */
  meet(key: SpanKey, half: Half): WaitingCallee | undefined {
    const row = this.#claim(key);
    const callees = this.#callees[row];
    this.#callers[row] = half;
    if (callees !== undefined) this.#callees[row] = chainOf(callees, hasLinks);
    return callees;
  }

  addCallee(key: SpanKey, half: Half): void {
    const row = this.#claim(key);
    const next = this.#callees[row];
    const place = next === undefined ? 1 : next.place + 1;
    if (place <= maxPerKey) this.#callees[row] = { half, next, place };
  }

  /** Only this half: another may have taken its place. */
  removeCaller(key: SpanKey, half: Half): void {
    const row = this.#find(key);
    if (this.#callers[row] !== half) return;
    this.#callers[row] = undefined;
    this.#release(row);
  }

  removeCallee(key: SpanKey, half: Half): void {
    const row = this.#find(key);
    const callees = this.#callees[row];
    if (callees === undefined) return;
    this.#callees[row] = chainOf(callees, (one) => one !== half);
    this.#release(row);
  }

  /** The row of the key, or the free one where it belongs. */
  #find(key: SpanKey): number {
    const mask = this.#callers.length - 1;
    let row = hashKey(key, 0, this.#seed) & mask;
    while (!this.#isFree(row) && !isSameKey(this.#keys, keyWords * row, key))
      row = (row + 1) & mask;
    return row;
  }

  #isFree(row: number): boolean {
    return this.#callers[row] === undefined && this.#callees[row] === undefined;
  }

  /** The row of the key, which is the caller's to fill. */
  #claim(key: SpanKey): number {
    const row = this.#find(key);
    if (!this.#isFree(row)) return row;
    if (2 * this.#size >= this.#callers.length) {
      this.#grow();
      return this.#claim(key);
    }
    this.#size += 1;
    this.#keys.set(key, keyWords * row);
    return row;
  }

  #grow(): void {
    const [keys, callers, callees] = [this.#keys, this.#callers, this.#callees];
    const capacity = 2 * callers.length;
    this.#keys = new Uint32Array(keyWords * capacity);
    this.#callers = new Array(capacity).fill(undefined);
    this.#callees = new Array(capacity).fill(undefined);
    for (let row = 0; row < callers.length; row += 1) {
      if (callers[row] === undefined && callees[row] === undefined) continue;
      const key = keys.subarray(keyWords * row, keyWords * row + keyWords);
      const to = this.#find(key);
      this.#keys.set(key, keyWords * to);
      this.#callers[to] = callers[row];
      this.#callees[to] = callees[row];
    }
  }

  /** Of a row that became free: what a full row here had pushed further moves up, so that no search ends too early. */
  #release(row: number): void {
    if (!this.#isFree(row)) return;
    this.#size -= 1;
    const mask = this.#callers.length - 1;
    let hole = row;
    for (let next = (row + 1) & mask; !this.#isFree(next); next = (next + 1) & mask) {
      const home = hashKey(this.#keys, keyWords * next, this.#seed) & mask;
      if (((next - home) & mask) < ((next - hole) & mask)) continue;
      this.#keys.copyWithin(keyWords * hole, keyWords * next, keyWords * next + keyWords);
      this.#callers[hole] = this.#callers[next];
      this.#callees[hole] = this.#callees[next];
      this.#callers[next] = undefined;
      this.#callees[next] = undefined;
      hole = next;
    }
  }
}

function hasLinks({ links }: Half): boolean {
  return links !== undefined;
}

function chainOf(
  callees: WaitingCallee,
  keeps: (half: Half) => boolean,
): WaitingCallee | undefined {
  const kept: Half[] = [];
  for (let one: WaitingCallee | undefined = callees; one !== undefined; one = one.next)
    if (keeps(one.half)) kept.push(one.half);
  let chain: WaitingCallee | undefined;
  for (const [index, half] of kept.reverse().entries())
    chain = { half, next: chain, place: index + 1 };
  return chain;
}
