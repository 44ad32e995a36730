import { expect, test } from 'vitest';
import { isJsonArray, isJsonObject } from './json-value.ts';
import { parseJson } from './parse-json.ts';
import { compareCodePoints, writeSortedJson } from './write-json.ts';

test('keys are sorted at every depth, arrays keep their order', () => {
  const result = parseJson('{"b":[{"d":1,"c":2},1],"a":null}');
  expect(result.ok && writeSortedJson(result.value)).toBe('{"a":null,"b":[{"c":2,"d":1},1]}');
});

test.each([
  ['a', 'b', -1],
  ['b', 'a', 1],
  ['a', 'a', 0],
  ['a', 'ab', -1],
  ['\u{1F600}', '\uFFFD', 1],
  ['\uFFFD', '\u{1F600}', -1],
  ['\u{1F600}', '\u{1F601}', -1],
])('%s against %s is ordered as UTF-8 is', (left, right, sign) => {
  expect(Math.sign(compareCodePoints(left, right))).toBe(sign);
});

test('arrays and objects are told apart', () => {
  expect([
    isJsonArray([]),
    isJsonArray(new Map()),
    isJsonObject(new Map()),
    isJsonObject(null),
  ]).toEqual([true, false, true, false]);
});
