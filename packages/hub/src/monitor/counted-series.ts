import { latencyBuckets } from '@concordat/domain';
import type { Counted } from './operation-minute-store.ts';

const MINUTE_MS = 60_000;
/** Below this a difference of sums is what rounding left. */
const NOTHING = 1e-6;

interface CountedMinute extends Counted {
  readonly minute: number;
}

/**
 * Counts by minute that can be asked for any time: those of a minute are taken as spread evenly over it, those of the minute that is
 * now over the part of it that has passed.
 */
export class CountedSeries {
  readonly #minutes: readonly CountedMinute[];
  /** Sums of all minutes before each; calls, errors, then buckets. */
  readonly #before: readonly (readonly number[])[];
  readonly #nowMs: number;

  /** `minutes` in the order of time, each once. */
  constructor(minutes: readonly CountedMinute[], nowMs: number) {
    this.#minutes = minutes;
    this.#nowMs = nowMs;
    const before: (readonly number[])[] = [];
    let sum: readonly number[] = new Array<number>(latencyBuckets + 2).fill(0);
    for (const minute of minutes) {
      before.push(sum);
      const values = valuesOf(minute);
      sum = sum.map((value, index) => value + (values[index] ?? 0));
    }
    this.#before = [...before, sum];
  }

  between(fromMs: number, toMs: number): Pick<Counted, 'calls' | 'errors' | 'buckets'> {
    const [start, end] = [this.#upTo(fromMs), this.#upTo(toMs)];
    const [calls = 0, errors = 0, ...buckets] = end.map((value, index) => {
      const difference = value - (start[index] ?? 0);
      return difference < NOTHING ? 0 : difference;
    });
    return { calls, errors, buckets };
  }

  #upTo(timeMs: number): readonly number[] {
    const index = this.#firstAfter(timeMs) - 1;
    const minute = this.#minutes[index];
    const before = this.#before[Math.max(index, 0)] ?? [];
    if (minute === undefined) return before;
    const part = this.#passed(minute.minute, timeMs);
    const values = valuesOf(minute);
    return before.map((value, at) => value + (values[at] ?? 0) * part);
  }

  /** Which part of the minute's counts came before the time. */
  #passed(minute: number, timeMs: number): number {
    const startMs = minute * MINUTE_MS;
    const elapsed = this.#nowMs - startMs;
    const length = elapsed > 0 && elapsed < MINUTE_MS ? elapsed : MINUTE_MS;
    return Math.min(1, (timeMs - startMs) / length);
  }

  /** Index of the first minute that begins after the time. */
  #firstAfter(timeMs: number): number {
    let [low, high] = [0, this.#minutes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#minutes[middle]?.minute ?? 0) * MINUTE_MS > timeMs) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function valuesOf({ calls, errors, buckets }: Counted): readonly number[] {
  return [calls, errors, ...buckets];
}
