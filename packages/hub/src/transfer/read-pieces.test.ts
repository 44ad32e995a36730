import { expect, test } from 'vitest';
import { readPieces } from './read-pieces.ts';

/** Reads a table of so many rows with texts of that length; answers the sizes of the pieces. */
async function pieces(rows: number, length: number): Promise<{ sizes: number[]; ids: number[] }> {
  const text = 'x'.repeat(length);
  const all = Array.from({ length: rows }, (_, index) => ({ id: index + 1, text }));
  const sizes: number[] = [];
  const ids: number[] = [];
  const read = async ({ after, limit }: { after: number; limit: number }) =>
    all.filter(({ id }) => id > after).slice(0, limit);
  for await (const piece of readPieces(read)) {
    sizes.push(piece.length);
    ids.push(...piece.map(({ id }) => id));
  }
  return { sizes, ids };
}

test('pieces of small rows grow to a thousand, and every row comes once', async () => {
  const { sizes, ids } = await pieces(3_000, 10);
  expect(sizes).toEqual([16, 64, 256, 1_000, 1_000, 664]);
  expect(ids).toEqual(Array.from({ length: 3_000 }, (_, index) => index + 1));
});

test('pieces of large rows stay near a megabyte, down to single rows', async () => {
  expect((await pieces(40, 100_000)).sizes).toEqual([16, 10, 10, 4]);
  expect((await pieces(18, 2_000_000)).sizes).toEqual([16, 1, 1]);
});

test('an empty table has no piece', async () => {
  expect((await pieces(0, 1)).sizes).toEqual([]);
});
