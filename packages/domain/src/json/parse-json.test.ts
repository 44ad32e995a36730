import { describe, expect, test } from 'vitest';
import { JsonNumber } from './json-value.ts';
import { describeJsonDefect, parseJson } from './parse-json.ts';
import { writeJson } from './write-json.ts';

function roundTrip(text: string): string {
  const result = parseJson(text);
  if (!result.ok) throw new Error(describeJsonDefect(result.defect));
  return writeJson(result.value);
}

describe('reading JSON', () => {
  test.each([
    ['words', '[true,false,null]', '[true,false,null]'],
    ['white space is dropped', ' { "a" :\t[ 1 ,\r\n2 ] } ', '{"a":[1,2]}'],
    ['empty object and array', '[{},[]]', '[{},[]]'],
    ['keys that look like indexes keep their place', '{"b":1,"2":2,"1":3}', '{"b":1,"2":2,"1":3}'],
    ['of a duplicate key the last value counts', '{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'],
    ['__proto__ is a key like any other', '{"__proto__":{"a":1}}', '{"__proto__":{"a":1}}'],
    ['escapes', String.raw`"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`, String.raw`"\"\\/\b\f\n\r\té😀"`],
    ['text after an escape', String.raw`"a\nb"`, String.raw`"a\nb"`],
    ['integers above 2^53', '12345678901234567890123', '12345678901234567890123'],
    ['a float stays a float', '[1.0,-0.0,1e3,1.10]', '[1.0,-0.0,1000.0,1.1]'],
  ])('%s', (_caption, text, expected) => {
    expect(roundTrip(text)).toBe(expected);
  });

  test('a number is known by its spelling, not its value', () => {
    expect(parseJson('1.0')).toEqual({ ok: true, value: new JsonNumber('1.0') });
  });

  test.each([
    ['nothing', '', 'unexpected end of input at line 1 column 1'],
    ['cut after a colon', '{"name": ', 'unexpected end of input at line 1 column 10'],
    ['a bare key', '{nope', "expected object key, got 'nope' at line 1 column 2"],
    ['cut after the opening brace', '{', 'expected object key, got EOF at line 1 column 2'],
    ['no colon', '{"a"', "expected ':' after object key at line 1 column 5"],
    [
      'no comma in an object',
      '{"a":1 2}',
      "expected ',' or '}' after object value, got '2' at line 1 column 8",
    ],
    [
      'no comma in an array',
      '[1 2]',
      "expected ',' or ']' after array value, got '2' at line 1 column 4",
    ],
    ['a word that is none', 'not json', "unexpected character: 'not' at line 1 column 1"],
    ['a stray bracket', '[}', "unexpected character: '}' at line 1 column 2"],
    ['a second value', '1 2', "unexpected character: '2' at line 1 column 3"],
    ['a lone minus', '-', "unexpected character: '-' at line 1 column 1"],
    ['a leading zero', '01', 'a number cannot start with 0 at line 1 column 1'],
    ['an open string', '"abc', 'unexpected end of input at line 1 column 5'],
    [
      'an open string with an escape',
      String.raw`"a\n`,
      'unexpected end of input at line 1 column 5',
    ],
    ['cut in an escape', '"\\', 'unexpected end of input at line 1 column 3'],
    [
      'an unknown escape',
      String.raw`"\x"`,
      "invalid escape character 'x' in string at line 1 column 2",
    ],
    [
      'a broken unicode escape',
      String.raw`"\u12g4"`,
      'incomplete unicode escape in string at line 1 column 2',
    ],
    [
      'a control character',
      '"a\nb"',
      'invalid ASCII control character in string at line 1 column 3',
    ],
    [
      'a control character after an escape',
      '"\\t\n"',
      'invalid ASCII control character in string at line 1 column 4',
    ],
    ['the line is counted', '{\n  "a": x\n}', "unexpected character: 'x' at line 2 column 8"],
  ])('%s is refused with its place', (_caption, text, expected) => {
    const result = parseJson(text);
    expect(result.ok ? 'accepted' : describeJsonDefect(result.defect)).toBe(expected);
  });

  test('nesting is limited', () => {
    expect(parseJson('[[1]]', 2).ok).toBe(true);
    expect(parseJson('[[[1]]]', 2)).toEqual({
      ok: false,
      defect: { message: 'nesting of 3 is too deep', line: 1, column: 3 },
    });
  });

  test('nesting far beyond the limit does not exhaust the stack', () => {
    expect(parseJson('['.repeat(5_000_000)).ok).toBe(false);
  });

  test('without a limit the exhausted stack is not taken for a syntax error', () => {
    expect(() => parseJson('['.repeat(5_000_000), Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});
