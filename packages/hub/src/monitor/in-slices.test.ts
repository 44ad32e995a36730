import { expect, test, vi } from 'vitest';
import { inSlices } from './in-slices.ts';

/** What is asked for when every slice takes this many milliseconds. */
async function slices(
  range: { readonly since: number; readonly until: number },
  { step = 1, tookMs = 0 },
): Promise<readonly string[]> {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  return await inSlices(range, step, async ({ since, until }) => {
    now += tookMs;
    return [`${since}-${until}`];
  });
}

test('quick slices grow, up to the end', async () => {
  expect(await slices({ since: 100, until: 120 }, {})).toEqual(['100-103', '104-111', '112-120']);
});

test('slow slices shrink, down to one step', async () => {
  const asked = slices({ since: 0, until: 8 }, { tookMs: 100 });
  expect(await asked).toEqual(['0-3', '4-5', '6-6', '7-7', '8-8']);
});

test('slices that take long enough stay as they are', async () => {
  expect(await slices({ since: 0, until: 11 }, { tookMs: 10 })).toEqual(['0-3', '4-7', '8-11']);
});

test('slices are of whole steps', async () => {
  const asked = slices({ since: 7, until: 40 }, { step: 10, tookMs: 10 });
  expect(await asked).toEqual(['7-16', '17-26', '27-36', '37-40']);
});

test('a century takes few', async () => {
  expect((await slices({ since: 0, until: 52_000_000 }, {})).length).toBeLessThan(30);
});
