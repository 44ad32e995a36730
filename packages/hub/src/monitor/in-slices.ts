import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MinuteRange } from './dependency-store.ts';

const FIRST_MINUTES = 4;
/** A slice that took less is followed by a larger one, one that took more by a smaller one. */
const QUICK_MS = 5;
const SLOW_MS = 15;

/**
 * Reads minutes piece by piece, each of whole steps: SQLite answers on the thread that asks, and whoever else waits for it gets a turn
 * in between.
 */
export async function inSlices<Row>(
  { since, until }: MinuteRange,
  step: number,
  read: (slice: MinuteRange) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let steps = Math.ceil(FIRST_MINUTES / step);
  for (let from = since; from <= until; ) {
    const to = Math.min(until, from + steps * step - 1);
    const start = performance.now();
    for (const row of await read({ since: from, until: to })) rows.push(row);
    const took = performance.now() - start;
    if (took < QUICK_MS) steps *= 2;
    else if (took > SLOW_MS) steps = Math.max(1, Math.floor(steps / 2));
    from = to + 1;
    await nextTurn();
  }
  return rows;
}
