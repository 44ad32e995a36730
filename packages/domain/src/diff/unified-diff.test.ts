import { describe, expect, test } from 'vitest';
import { lineDiff } from './line-diff.ts';
import { timeAgo } from './time-ago.ts';
import { unifiedDiff } from './unified-diff.ts';

const diff = (before: string, after: string): string =>
  unifiedDiff(before.split(''), after.split(''));

describe('one line a letter', () => {
  test.each([
    ['equal texts have none', 'abc', 'abc', ''],
    ['something added', 'ac', 'abc', ' a\n+b\n c'],
    ['something taken away', 'abc', 'ac', ' a\n-b\n c'],
    ['everything is new', '', 'a', '+a'],
    ['what is taken away comes first', 'axyb', 'aklb', ' a\n-x\n-y\n+k\n+l\n b'],
    ['the longest common part is kept', 'xabcy', 'abcxz', '-x\n a\n b\n c\n-y\n+x\n+z'],
    ['a repetition is one addition', 'aa', 'aaa', ' a\n a\n+a'],
    ['three lines of context', '12345x6789', '12345y6789', ' 3\n 4\n 5\n-x\n+y\n 6\n 7\n 8'],
  ])('%s', (...[, before, after, expected]) => {
    expect(diff(before, after)).toBe(expected);
  });

  test('near places are shown together, far ones headed by their lines', () => {
    expect(diff('a123456b', 'A123456B')).not.toContain('@@');
    expect(diff('a12345678b', 'AC12345678B')).toBe(
      '-a\n+A\n+C\n 1\n 2\n 3\n\n@@ -7,4 +8,4 @@\n 6\n 7\n 8\n-b\n+B',
    );
  });
});

test('two very long texts are compared as one block', () => {
  const lines = (prefix: string) => Array.from({ length: 2100 }, (_, index) => `${prefix}${index}`);
  const changed = lineDiff([...lines('a'), 'end'], [...lines('b'), 'end']);
  expect(changed).toHaveLength(4201);
  expect(changed.map(({ sign }) => sign).join('')).toBe(`${'-'.repeat(2100)}${'+'.repeat(2100)} `);
});

test.each([
  [0, 'less than a minute ago'],
  [-5, 'less than a minute ago'],
  [29, 'less than a minute ago'],
  [30, '1 minute ago'],
  [44 * 60, '44 minutes ago'],
  [45 * 60, 'about 1 hour ago'],
  [5 * 3600, 'about 5 hours ago'],
  [86_400, '1 day ago'],
  [29 * 86_400, '29 days ago'],
  [60 * 86_400, 'about 2 months ago'],
  [730 * 86_400, 'about 2 years ago'],
])('%i seconds are %s', (seconds, expected) => {
  const from = new Date('2026-01-01T00:00:00Z');
  expect(timeAgo(from, new Date(from.getTime() + seconds * 1000))).toBe(expected);
});
