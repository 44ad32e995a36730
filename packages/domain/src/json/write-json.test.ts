import { expect, test } from 'vitest';
import { isJsonArray, isJsonObject } from './json-value.ts';
import { parseJson } from './parse-json.ts';
import { compareCodePoints, writeJson, writeSortedJson } from './write-json.ts';

test('keys are sorted at every depth, arrays keep their order', () => {
  const result = parseJson('{"b":[{"d":1,"c":2},1],"a":null}');
  expect(result.ok && writeSortedJson(result.value)).toBe('{"a":null,"b":[{"c":2,"d":1},1]}');
});

test('astral keys come after all others, as in UTF-8', () => {
  const result = parseJson('{"\u{1F600}":1,"\uFFFD":2,"a":3}');
  expect(result.ok && writeSortedJson(result.value)).toBe('{"a":3,"\uFFFD":2,"\u{1F600}":1}');
});

test('strings are escaped where JSON needs it and nowhere else', () => {
  const text = String.raw`["\"\\\n\u0001","/é\u2028😀","\ud800"]`;
  const result = parseJson(text);
  expect(result.ok && writeJson(result.value)).toBe(text.replace('\\u2028', '\u2028'));
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
