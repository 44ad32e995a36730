import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TraceRuns } from './trace-runs.ts';

let directory: string;
let runs: TraceRuns;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'concordat-runs-'));
  runs = await TraceRuns.open(directory, 1);
});
afterEach(async () => {
  await runs.close();
  await rm(directory, { recursive: true, force: true });
});

const hashes = (...values: number[]) => Uint32Array.from(values);

async function openAgain(firstBlock: number): Promise<void> {
  await runs.close();
  runs = await TraceRuns.open(directory, firstBlock);
}

async function files(): Promise<readonly string[]> {
  return (await readdir(directory)).sort();
}

/** Three runs of two blocks each, and one block in memory. */
async function sevenBlocks(): Promise<void> {
  for (let block = 1; block <= 7; block += 1) {
    runs.add(block, hashes(block, 4_000_000_000 + block, 99));
    if (block % 2 === 0) await runs.spill(block, 1);
  }
}

test('a trace is found in memory and in every run', async () => {
  await sevenBlocks();
  expect(await runs.find([99])).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(await runs.find([4_000_000_003])).toEqual([3]);
  expect(await runs.find([7, 2])).toEqual([2, 7]);
  expect(await runs.find([12345])).toEqual([]);
});

test('a few rows stay in memory', async () => {
  runs.add(1, hashes(1, 2, 3));
  await runs.spill(1);
  expect([await files(), await runs.find([2]), runs.nextBlock]).toEqual([[], [1], 1]);
});

test('runs are there when they are opened again, and what was in memory is asked for', async () => {
  await sevenBlocks();
  await openAgain(1);
  expect([runs.nextBlock, await runs.find([99])]).toEqual([7, [1, 2, 3, 4, 5, 6]]);
});

test('runs whose blocks are all gone are removed', async () => {
  await sevenBlocks();
  await runs.dropBefore(4);
  expect(await runs.find([99])).toEqual([3, 4, 5, 6, 7]);
  await openAgain(4);
  expect([runs.nextBlock, await runs.find([99])]).toEqual([7, [3, 4, 5, 6]]);
});

test('a run that is cut off is removed with those after it, and their blocks are asked for', async () => {
  await sevenBlocks();
  await truncate(join(directory, '0000000003-0000000004.traces'), 5_000);
  await openAgain(1);
  expect([runs.nextBlock, await runs.find([99])]).toEqual([3, [1, 2]]);
  expect(await files()).toEqual(['0000000001-0000000002.traces']);
});

test('a run that is missing between others is asked for with those after it', async () => {
  await sevenBlocks();
  await rm(join(directory, '0000000001-0000000002.traces'));
  await openAgain(1);
  expect([runs.nextBlock, await files()]).toEqual([1, []]);
});

test('runs of blocks that are gone from the index are removed', async () => {
  await sevenBlocks();
  await openAgain(50);
  expect([runs.nextBlock, await files()]).toEqual([50, []]);
});

test('a file that was not finished is removed', async () => {
  await writeFile(join(directory, '0000000001-0000000002.traces.new'), 'half');
  await openAgain(1);
  expect(await files()).toEqual([]);
});
