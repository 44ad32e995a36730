import { describe, expect, test } from 'vitest';
import { RetryWindow } from './retry-window.ts';

const failed = (key: string, group = key) => ({ key, group, kept: false, report: key });
const kept = (key: string) => ({ key, group: key, kept: true, report: undefined });

function aWindow(capacity = 10) {
  return new RetryWindow<string>({ windowMs: 100, capacity });
}

describe('a report about an answer that a retry may follow', () => {
  test('comes once, when the window is over', () => {
    const window = aWindow();
    window.add([failed('a')], 0);
    expect(window.due(99)).toEqual([]);
    expect(window.size).toBe(1);
    expect(window.due(100)).toEqual(['a']);
    expect(window.due(200)).toEqual([]);
  });

  test('drops when a retry is kept later', () => {
    const window = aWindow();
    window.add([failed('a'), failed('b')], 0);
    window.add([kept('a')], 50);
    expect(window.due(100)).toEqual(['b']);
  });

  test('drops when the kept retry is told in the same breath, in any order', () => {
    const window = aWindow();
    window.add([kept('a'), failed('a'), failed('b'), kept('b')], 0);
    expect(window.due(100)).toEqual([]);
  });

  test('is not held for answers that are nothing to report', () => {
    const window = aWindow();
    window.add([{ key: 'a', group: 'a', kept: false, report: undefined }], 0);
    expect(window.size).toBe(0);
  });

  test('comes early when too many wait, the oldest first', () => {
    const window = aWindow(1);
    window.add([failed('a'), failed('b'), failed('c')], 0);
    expect(window.due(1)).toEqual(['a', 'b']);
    expect(window.size).toBe(1);
  });

  test('makes the answers of its group matter, and no others, until it is told or dropped', () => {
    const window = aWindow();
    window.add([failed('a', 'trace'), failed('b', 'trace'), failed('a', 'trace')], 0);
    expect([window.holds('trace'), window.holds('other')]).toEqual([true, false]);
    window.add([kept('a')], 1);
    expect(window.holds('trace')).toBe(true);
    expect(window.due(100)).toEqual(['b']);
    expect(window.holds('trace')).toBe(false);
  });
});
