import { describe, expect, test } from 'vitest';
import { compilePattern } from './pact-regex.ts';

/** Verdicts of the native library where it has one for the pattern (Onigmo, whole text). */
const CASES: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
  ['\\d+', 'a1b', false],
  ['a|ab', 'ab', true],
  ['\\d+?', '12', true],
  ['a.*?c', 'abcabc', true],
  ['^a$', 'b\na\nc', false],
  ['\\w+', 'a-b', false],
  ['^\\w+$', 'héllo', true],
  ['^\\d$', '٣', true],
  ['^[^\\W_]+$', 'ab1', true],
  ['(?i)^[a-z]+$', 'ABC', true],
  ['(?i)abc\\D[A-F]\\u0041?', 'aBcxE', true],
  ['(?<!x)a', 'xa', false],
  ['^a++b$', 'aaab', true],
  ['a{,2}', 'aa', true],
  ['a{,2}', 'a{,2}', false],
  ['a.c', 'a\nc', false],
  ['(?m)a.c', 'a\nc', true],
  ['(?>a+)b', 'aab', true],
  ['^\\p{Alpha}$', 'a', true],
  ['[[:alpha:]]+', 'abc', true],
  ['[[:alpha:]]+', 'ab1', false],
  ['\\A\\h{4}\\z', 'beef', true],
  ['\\H', 'g', true],
  ['[\\h-]+', 'be-ef', true],
  ['^\\/a\\/b$', '/a/b', true],
  ['/v1/items/[a-z\\-]+', '/v1/items/a-b', true],
  ['', 'abc', false],
  ['', '', true],
  ['^.$', '😀', true],
  ['[.].', '.😀', true],
  ['(?m)^.$', '😀', true],
  ['[a-z&&[^b]]', 'b', false],
  ['[a-z&&[^b]]', 'c', true],
  ['a[', 'a[', false],
];

describe('a pattern of a pact', () => {
  test.each(CASES.filter(([pattern]) => pattern !== 'a['))(
    '/%s/ on %j: %s',
    (pattern, text, matches) => {
      expect(compilePattern(pattern)?.(text)).toBe(matches);
    },
  );

  test.each([
    '(',
    'a[',
    '(?P<n>a)',
    '(?s)a.c',
    'a(?i)b',
    '(?x) a b',
    '(?<n>a)\\g<n>',
    '[^a&&b]',
    '(?=a)(a+)+b',
  ])('/%s/ is refused', (pattern) => {
    expect(compilePattern(pattern)).toBeUndefined();
  });

  test('that backtracks without end is still answered', () => {
    const matches = compilePattern('(a+)+b');
    expect(matches?.('a'.repeat(4000))).toBe(false);
    expect(matches?.(`${'a'.repeat(4000)}b`)).toBe(true);
  });

  test('refuses texts longer than any path a pact means', () => {
    expect(compilePattern('a*')?.('a'.repeat(5000))).toBe(false);
  });
});
