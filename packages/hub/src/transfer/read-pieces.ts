import type { Piece } from './export-store.ts';

const FIRST_ROWS = 16;
const MOST_ROWS = 1000;
/** Texts of a piece; a single row may still be larger. */
const WANTED_CHARACTERS = 1_000_000;

/**
 * All rows of a table, read in pieces of about a megabyte, however large single rows are: what is in memory does not grow
 * with the table.
 */
export async function* readPieces<T extends { readonly id: number }>(
  read: (piece: Piece) => Promise<readonly T[]>,
): AsyncGenerator<readonly T[]> {
  let limit = FIRST_ROWS;
  let after = 0;
  for (;;) {
    const rows = await read({ after, limit });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.id;
    const perRow = Math.max(1, sizeOf(rows) / rows.length);
    limit = Math.min(MOST_ROWS, limit * 4, Math.max(1, Math.floor(WANTED_CHARACTERS / perRow)));
  }
}

function sizeOf(rows: readonly object[]): number {
  let size = 0;
  for (const row of rows) {
    for (const value of Object.values(row)) {
      if (typeof value === 'string' || value instanceof Uint8Array) size += value.length;
    }
  }
  return size;
}
