import { beforeEach, expect, test } from 'vitest';
import { BlockDirectory } from './block-directory.ts';

let directory: BlockDirectory;
const always = { fromMicros: 0, toMicros: 1e15 };

/** A block that came in at `id` seconds and holds the second before. */
function add(id: number, more: { segment?: number; newestMicros?: number } = {}): void {
  const receivedMicros = id * 1e6;
  directory.add({
    ...{ id, segment: 1, position: id * 10, bytes: 10, receivedMicros },
    ...{ oldestMicros: receivedMicros - 1e6, newestMicros: receivedMicros, ...more },
  });
}

beforeEach(() => {
  directory = new BlockDirectory();
});

test('blocks are found by their number, however many', () => {
  for (let id = 5; id < 3_000; id += 1) add(id);
  expect(directory.find(5)).toEqual({ id: 5, segment: 1, position: 50, bytes: 10 });
  expect(directory.find(2_999)).toEqual({ id: 2_999, segment: 1, position: 29_990, bytes: 10 });
  expect([directory.find(4), directory.find(3_000)]).toEqual([undefined, undefined]);
  expect([directory.first, directory.end]).toEqual([5, 3_000]);
});

test('numbers that were left out are not found', () => {
  add(1);
  add(4_000);
  expect([directory.find(2), directory.find(3_999)]).toEqual([undefined, undefined]);
  expect(directory.find(4_000)?.id).toBe(4_000);
});

test('a segment goes from the front, or leaves a hole', () => {
  for (let id = 1; id <= 9; id += 1) add(id, { segment: Math.ceil(id / 3) });
  directory.dropSegment(2);
  expect([directory.first, directory.find(4), directory.find(7)?.id]).toEqual([1, undefined, 7]);
  directory.dropSegment(1);
  expect([directory.first, directory.end, directory.find(9)?.id]).toEqual([7, 10, 9]);
  directory.dropSegment(3);
  expect([directory.find(9), directory.end]).toEqual([undefined, 10]);
  add(10);
  expect(directory.find(10)?.id).toBe(10);
});

test('a window holds the last blocks that reach into the time', () => {
  for (let id = 1; id <= 100; id += 1) add(id);
  expect(directory.windowBefore(directory.end, 10, always)).toEqual({ from: 91, to: 101 });
  expect(directory.windowBefore(91, 200, always)).toEqual({ from: 1, to: 91 });
  const early = { fromMicros: 10e6, toMicros: 20e6 };
  expect(directory.windowBefore(directory.end, 5, early)).toEqual({ from: 17, to: 22 });
  expect(directory.windowBefore(17, 50, early)).toEqual({ from: 1, to: 17 });
  expect(directory.windowBefore(10, 50, early)).toBeUndefined();
});

test('the newest start before a block is told, but for one of a wrong clock', () => {
  for (let id = 1; id <= 10; id += 1) add(id);
  add(11, { newestMicros: 30e6 });
  add(12, { newestMicros: 9e15 });
  add(13);
  expect(directory.newestBefore(1)).toBe(Number.NEGATIVE_INFINITY);
  expect(directory.newestBefore(6)).toBe(5e6);
  expect(directory.newestBefore(14)).toBe(30e6);
});
