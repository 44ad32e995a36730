import { expect, test } from 'vitest';
import { OutputTail } from './output-tail.ts';

test('the last lines are kept, also one that is cut between two chunks and one without an end', () => {
  const tail = new OutputTail();
  tail.write('one\ntw');
  tail.write('o\r\nthree');
  expect(tail.last(10)).toBe('one\ntwo\nthree');
  expect(tail.last(2)).toBe('two\nthree');
});

test('a process that writes without end does not fill the memory', () => {
  const tail = new OutputTail();
  for (let line = 0; line < 1000; line += 1) tail.write(`${line} ${'x'.repeat(5000)}\n`);
  const kept = tail.last(10_000).split('\n');
  expect(kept).toHaveLength(200);
  expect(kept[0]).toMatch(/^800 x+$/);
  expect(kept.every((line) => line.length <= 2000)).toBe(true);
});
