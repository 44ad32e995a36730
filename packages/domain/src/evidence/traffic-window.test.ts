import { expect, test } from 'vitest';
import { readTrafficWindow } from './traffic-window.ts';

test.each([
  ['30m', 1800],
  ['12h', 43_200],
  ['7d', 604_800],
  ['2w', 1_209_600],
  ['366d', 31_622_400],
  ['367d', undefined],
  ['0d', undefined],
  ['7', undefined],
  ['7y', undefined],
  ['-7d', undefined],
  ['', undefined],
])('%j is %j seconds', (text, seconds) => {
  expect(readTrafficWindow(text)).toBe(seconds);
});
