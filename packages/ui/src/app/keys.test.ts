import { expect, test } from 'vitest';
import { keyList, readKey, stepRow } from './keys.ts';

const press = (key: string, more: { typing?: boolean; modified?: boolean } = {}) => ({
  key,
  typing: false,
  modified: false,
  ...more,
});

test.each([
  ['j', 'next-row'],
  ['k', 'previous-row'],
  ['Escape', 'close'],
  ['[', 'collapse-all'],
  [']', 'expand-all'],
  ['?', 'key-list'],
  ['n', 'next-match'],
  ['N', 'previous-match'],
  ['/', 'search'],
  ['x', undefined],
])('the key %s asks for %s', (key, command) => {
  expect(readKey(false, press(key))).toEqual({ command, pending: false });
});

test.each([
  ['m', 'go-map'],
  ['f', 'go-findings'],
  ['d', 'go-deployments'],
  ['t', 'go-traces'],
  ['o', 'go-monitor'],
  ['j', undefined],
])('g and then %s asks for %s', (key, command) => {
  expect(readKey(false, press('g'))).toEqual({ command: undefined, pending: true });
  expect(readKey(true, press(key))).toEqual({ command, pending: false });
});

test('keys with Ctrl, Alt or Meta are left to the browser', () => {
  expect(readKey(true, press('f', { modified: true }))).toEqual({
    command: undefined,
    pending: false,
  });
});

test('in a text field only Escape is a command', () => {
  expect(readKey(false, press('j', { typing: true })).command).toBeUndefined();
  expect(readKey(false, press('g', { typing: true })).pending).toBe(false);
  expect(readKey(false, press('Escape', { typing: true })).command).toBe('close');
});

test.each([
  [0, -1, 1, -1],
  [3, -1, 1, 0],
  [3, -1, -1, 2],
  [3, 0, 1, 1],
  [3, 2, 1, 2],
  [3, 0, -1, 0],
] as const)(
  'of %i rows, from row %i by %i one comes to row %i',
  (...[count, current, step, expected]) => {
    expect(stepRow(count, current, step)).toBe(expected);
  },
);

test('the key list names every key once', () => {
  expect(new Set(keyList.map(([keys]) => keys)).size).toBe(keyList.length);
});
