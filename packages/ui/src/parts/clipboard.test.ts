import { expect, test } from 'vitest';
import { copyText, curlCommand } from './clipboard.ts';
import { followLink } from './link.tsx';

test('copying says whether it worked', async () => {
  const copied: string[] = [];
  expect(await copyText('a', { writeText: async (text) => void copied.push(text) })).toBe(true);
  expect(copied).toEqual(['a']);
  expect(await copyText('a', { writeText: () => Promise.reject(new Error('denied')) })).toBe(false);
  expect(await copyText('a', undefined)).toBe(false);
});

test('an address cannot break out of the curl command', () => {
  expect(curlCommand("http://hub/i/a'; rm -rf ~")).toBe(
    "curl -s -H 'Accept: application/json' 'http://hub/i/a'\\''; rm -rf ~'",
  );
});

test.each([
  [{}, true],
  [{ button: 1 }, false],
  [{ metaKey: true }, false],
  [{ ctrlKey: true }, false],
  [{ shiftKey: true }, false],
  [{ altKey: true }, false],
])('a click with %j is followed within the page: %s', (changes, followed) => {
  const seen: string[] = [];
  const event = {
    button: 0,
    metaKey: false,
    ctrlKey: false,
    shiftKey: false,
    altKey: false,
    preventDefault: () => seen.push('prevented'),
  };
  followLink({ ...event, ...changes }, () => seen.push('followed'));
  expect(seen).toEqual(followed ? ['prevented', 'followed'] : []);
});
