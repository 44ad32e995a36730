import { describe, expect, test } from 'vitest';
import { compareResponse } from '../contract/compare-parts.ts';
import { compileContract } from '../contract/compile-contract.ts';
import type { SampleHeaders } from '../contract/sample.ts';

const anyText = { matchers: [{ match: 'regex', regex: '.*' }] };

function answer(promised: object, headers: SampleHeaders, body = ''): readonly string[] {
  const content = Buffer.from(body);
  const sample = { status: 200, headers, body: { contentType: undefined, content } };
  return compareResponse(JSON.stringify(promised), sample, 3).mismatches.map(({ text }) => text);
}

describe('an answer', () => {
  test.each<readonly [string, SampleHeaders, number]>([
    ['of the promised type', { 'content-type': 'application/json' }, 0],
    ['of a type that the rule for the header accepts', { 'Content-Type': ['text/plain'] }, 0],
    ['of a type that it refuses', { 'Content-Type': 'image/png' }, 2],
  ])('%s is compared as its rules say', (_caption, headers, mismatches) => {
    const promised = {
      headers: { 'Content-Type': 'application/json' },
      body: { a: 1 },
      matchingRules: {
        header: {
          'content-type': { matchers: [{ match: 'regex', regex: '(application|text)/.*' }] },
        },
      },
    };
    expect(answer(promised, headers, '{"a":1}')).toHaveLength(mismatches);
  });

  test.each<readonly [string, unknown, SampleHeaders, readonly string[]]>([
    ['space around commas', 'a,b', { 'X-Foo': 'a , b' }, []],
    ['lists by name', 'GET, POST', { Allow: 'GET,POST' }, []],
    [
      'a surplus value',
      ['a'],
      { 'X-Foo': ['a', 'b'] },
      ["Mismatch with header 'X-Foo': Expected 'b' to be equal to '' for value at index 1"],
    ],
    [
      'no promised value',
      [],
      { 'X-Foo': 'a' },
      ["Mismatch with header 'X-Foo': Expected 'a' to be equal to '' for value at index 0"],
    ],
  ])('has headers compared with %s', (...[, value, headers, texts]) => {
    const name = Object.keys(headers)[0] ?? '';
    expect(answer({ headers: { [name]: value } }, headers)).toEqual(texts);
  });

  test('with rules for a missing header still misses it', () => {
    const promised = { headers: { 'X-Foo': 'a' }, matchingRules: { header: { 'X-Foo': anyText } } };
    expect(answer(promised, {})).toEqual(["Expected a header 'X-Foo' but was missing"]);
  });
});

describe('real headers', () => {
  const interaction = {
    response: { headers: { 'Content-Type': 'application/json; charset=utf-8', 'X-Foo': 'a' } },
  };
  const contract = compileContract(JSON.stringify({ interactions: [interaction] }), 'live');

  test.each([
    ['application/json', 'kept'],
    ['Application/JSON; charset=latin1', 'kept'],
    ['text/html', 'broken'],
  ])('of type %s: %s, other values are let pass', (type, verdict) => {
    const judgement = contract.judgeHttp({
      request: { method: 'GET', path: '/', query: '', headers: undefined, body: undefined },
      response: { status: 200, headers: { 'content-type': type, 'x-foo': 'z' }, body: undefined },
    });
    expect(judgement.verdict).toBe(verdict);
  });
});
