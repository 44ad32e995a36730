import { describe, expect, test } from 'vitest';
import { type BodyCase, bytesOf, contextOf, differences } from '../testing/body-differences.ts';
import { compileBody, type PromisedBody } from './compile-body.ts';

const json = 'application/json';

/** As the native library decides. */
const TYPES: readonly (readonly [string, Partial<BodyCase>, same: boolean])[] = [
  ['the same type', { type: json, actualType: json }, true],
  ['another type', { type: json, actualType: 'text/plain' }, false],
  ['a parameter that is not promised', { type: json, actualType: `${json}; charset=utf-8` }, true],
  [
    'a promised parameter that is missing',
    { type: `${json}; charset=utf-8`, actualType: json },
    false,
  ],
  ['the same parameters', { type: 'text/plain; a=1', actualType: 'text/plain;a=1' }, true],
  ['a type by its suffix', { type: json, actualType: 'application/hal+json' }, true],
  ['a promised suffix that is missing', { type: 'application/hal+json', actualType: json }, false],
  ['XML by its other name', { type: 'text/xml', actualType: 'application/xml' }, true],
  [
    'XML by its other name, with parameters',
    { type: 'text/xml; a=1', actualType: 'application/xml' },
    false,
  ],
  ['letters of another case', { type: json, actualType: 'Application/JSON' }, true],
  ['no type at all, but what looks like it', { type: json, actualType: undefined }, true],
  ['no content type', { type: json, actualType: 'nonsense' }, true],
  [
    'a type that a rule of the header accepts',
    { type: json, actualType: 'text/plain', accepts: (type) => type === 'text/plain' },
    true,
  ],
  [
    'a type that a rule of the header refuses',
    { type: json, actualType: 'text/plain', accepts: () => false },
    false,
  ],
  [
    'a type by its suffix, of a message',
    { type: json, actualType: 'application/hal+json', part: 'message' },
    false,
  ],
  ['no content type, of a message', { type: json, actualType: 'nonsense', part: 'message' }, false],
  [
    'missing parameters in real traffic',
    { type: `${json}; charset=utf-8`, actualType: json, profile: 'live' },
    true,
  ],
  [
    'another type in real traffic',
    { type: json, actualType: 'text/plain', profile: 'live' },
    false,
  ],
];

const pattern = { match: 'regex', regex: 'red|blue' };
const png = Buffer.from('89504e470d0a1a0a0000', 'hex');

const TEXTS: readonly (readonly [string, BodyCase, string | undefined])[] = [
  [
    'another text',
    { type: 'text/plain', expected: 'abc', actual: 'abd' },
    "Expected body 'abc' to match 'abd' using equality but did not match",
  ],
  [
    'other spaces in HTML',
    { type: 'text/html', expected: '<p>a</p>', actual: '<p> a</p>' },
    "Expected body '<p>a</p>' to match '<p> a</p>' using equality but did not match",
  ],
  [
    'text/json, which is a text',
    { type: 'text/json', expected: '{"a": 1}', actual: '{"a":1}' },
    `Expected body '{"a": 1}' to match '{"a":1}' using equality but did not match`,
  ],
  ['JSON with other spaces', { type: json, expected: '{"a": 1}', actual: '{"a":1}' }, undefined],
  [
    'a pattern',
    { type: 'text/plain', expected: 'red', actual: 'blue', rules: { $: pattern } },
    undefined,
  ],
  [
    'a pattern that refuses',
    { type: 'text/plain', expected: 'red', actual: 'green', rules: { $: pattern } },
    "Expected 'green' to match 'red|blue'",
  ],
  [
    'another text in real traffic',
    { type: 'text/plain', expected: 'abc', actual: 'abd', profile: 'live' },
    undefined,
  ],
  [
    'bytes that are no text, where a rule speaks',
    { type: 'text/plain', expected: 'red', actual: png, rules: { $: pattern } },
    'Could not parse actual value as UTF-8 text',
  ],
  [
    'other bytes',
    { type: 'image/png', expected: png, actual: 'GIF8' },
    'Actual body [4 bytes, starting with 47494638] is not equal to the expected body [10 bytes, starting with 89504e470d0a1a0a0000]',
  ],
  [
    'other bytes in real traffic',
    { type: 'image/png', expected: png, actual: 'GIF8', profile: 'live' },
    undefined,
  ],
  ['the same bytes', { type: 'image/png', expected: png, actual: png }, undefined],
  [
    'bytes of a type',
    {
      type: 'image/png',
      expected: png,
      actual: Buffer.concat([png, png]),
      rules: { $: { match: 'contentType', value: 'image/png' } },
    },
    undefined,
  ],
  [
    'bytes of another type',
    {
      type: 'image/png',
      expected: png,
      actual: 'GIF89a',
      rules: { $: { match: 'contentType', value: 'image/png' } },
    },
    "Expected binary contents to have content type 'image/png' but detected contents was 'image/gif'",
  ],
  [
    'a text of a type',
    {
      type: 'text/csv',
      expected: 'a',
      actual: 'b',
      rules: { $: { match: 'contentType', value: 'text/plain' } },
    },
    undefined,
  ],
  [
    'bytes and a type rule',
    { type: 'image/png', expected: png, actual: 'x', rules: { $: { match: 'type' } } },
    undefined,
  ],
  [
    'bytes and an equality rule',
    { type: 'image/png', expected: 'a', actual: 'b', rules: { $: { match: 'equality' } } },
    'Actual body [1 bytes, starting with 62] is not equal to the expected body [1 bytes, starting with 61]',
  ],
  [
    'bytes and a rule against emptiness',
    { type: 'image/png', expected: 'a', actual: 'b', rules: { $: { match: 'notEmpty' } } },
    undefined,
  ],
  [
    'bytes and a pattern',
    { type: 'image/png', expected: 'a', actual: 'red', rules: { $: pattern } },
    undefined,
  ],
  [
    'bytes and a pattern that refuses',
    { type: 'image/png', expected: 'a', actual: 'x', rules: { $: pattern } },
    "Expected 'x' to match 'red|blue'",
  ],
  [
    'bytes that are no text and a pattern',
    { type: 'image/png', expected: 'a', actual: png, rules: { $: pattern } },
    "Expected '10 bytes, starting with 89504e470d0a1a0a0000' to match 'red|blue'",
  ],
  [
    'bytes and a pattern that is none',
    { type: 'image/png', expected: 'a', actual: 'x', rules: { $: { match: 'regex', regex: '(' } } },
    "'(' is not a valid regular expression",
  ],
  [
    'bytes that have something in them',
    {
      type: 'image/png',
      expected: 'a',
      actual: 'xyz',
      rules: { $: { match: 'include', value: 'y' } },
    },
    undefined,
  ],
  [
    'bytes that lack something',
    {
      type: 'image/png',
      expected: 'a',
      actual: png,
      rules: { $: { match: 'include', value: 'y' } },
    },
    "Expected '10 bytes, starting with 89504e470d0a1a0a0000' to include 'y'",
  ],
  [
    'bytes and a rule for numbers',
    { type: 'image/png', expected: 'a', actual: 'x', rules: { $: { match: 'integer' } } },
    'Unable to match 1 bytes, starting with 78 using integer',
  ],
  [
    'one of two rules with or',
    {
      type: 'image/png',
      expected: 'a',
      actual: 'red',
      rules: { $: [{ match: 'integer' }, pattern] },
    },
    undefined,
  ],
];

const form = (expected: string, actual: string, more: Partial<BodyCase> = {}): BodyCase => ({
  type: 'application/x-www-form-urlencoded',
  expected,
  actual,
  ...more,
});

const FORMS: readonly (readonly [string, BodyCase, readonly string[]])[] = [
  ['the same in another order', form('a=1&b=2', 'b=2&a=1'), []],
  ['other spellings', form('a=b%20c&d=', 'a=b+c&d'), []],
  [
    'a parameter more, in an answer too',
    form('a=1', 'a=1&b=2'),
    ["Unexpected form post parameter 'b' received"],
  ],
  [
    'a parameter that is missing',
    form('a=1&b=2', 'a=1'),
    ["Expected form post parameter 'b' but was missing"],
  ],
  [
    'another value',
    form('a=1', 'a=2'),
    ["Expected form post parameter 'a' with value '1' but was '2'"],
  ],
  [
    'a value that is missing',
    form('a=1&a=2', 'a=1'),
    [
      "Expected form post parameter 'a' value '2' but was missing",
      "Expected form post parameter 'a' with 2 value(s) but received 1 value(s)",
    ],
  ],
  [
    'a value more',
    form('a=1', 'a=1&a=2'),
    [
      "Expected form post parameter 'a' with value '' but was '2'",
      "Expected form post parameter 'a' with 1 value(s) but received 2 value(s)",
    ],
  ],
  [
    'a pattern for every value',
    form('a=1', 'a=2&a=x', { rules: { '$.a': { match: 'regex', regex: '\\d' } } }),
    ["Expected 'x' to match '\\d'"],
  ],
  [
    'fewer values, with a rule',
    form('a=1&a=2', 'a=3', { rules: { '$.a': { match: 'type' } } }),
    [],
  ],
  [
    'too few values',
    form('a=1', 'a=1', { rules: { '$.a': { match: 'type', min: 2 } } }),
    ['Expected [1] (size 1) to have minimum size of 2'],
  ],
  [
    'too many values',
    form('a=1', 'a=1&a=2', { rules: { '$.a': { match: 'type', max: 1 } } }),
    ['Expected [1, 2] (size 2) to have maximum size of 1'],
  ],
  [
    'the same list',
    form('a=1', 'a=2', { rules: { '$.a': { match: 'equality' } } }),
    ['Expected [2] to be equal to [1]', "Expected '2' to be equal to '1'"],
  ],
  [
    'a rule that no list can obey',
    form('a=', 'a=', { rules: { '$.a': { match: 'null' } } }),
    ['Unable to match [] using null', "Unable to match '' using Null"],
  ],
  [
    'a rule for one position',
    form('a=1&a=2', 'a=3&a=2', { rules: { '$.a[0]': { match: 'integer' } } }),
    [],
  ],
  [
    'other values, numbers of them and parameters in real traffic',
    form('a=1&b=2', 'a=2&a=3&b=1&c=1', { profile: 'live' }),
    [],
  ],
  [
    'a parameter that is missing in real traffic',
    form('a=1&b=2', 'a=1', { profile: 'live' }),
    ["Expected form post parameter 'b' but was missing"],
  ],
];

describe('the content type of a body', () => {
  test.each(TYPES)('%s', (_caption, one, same) => {
    const body = one.type?.includes('xml') ? '<a/>' : '{}';
    const found = differences({ type: undefined, expected: body, actual: body, ...one });
    expect(found.map(({ part }) => part)).toEqual(same ? [] : ['body-type']);
  });

  test('a mismatch says both', () => {
    const one = { expected: '{}', actual: '{}', type: json, actualType: 'text/plain; a="b"' };
    expect(differences(one)).toEqual([
      {
        part: 'body-type',
        pointer: '',
        path: '$',
        rule: 'equality',
        kind: 'type',
        text: "Expected a body of 'application/json' but the actual content type was 'text/plain;a=b'",
      },
    ]);
  });

  test.each([
    ['<?xml version="1.0"?><a/>', '<?xml version="1.0"?><a></a>'],
    ['<a x="1"/>', "<a x='1'></a>"],
    ['{"a": 1}', '{"a":1}'],
    ['[1, 2]', '[1,2]'],
  ])('that nobody states is told by the beginning: %s', (expected, actual) => {
    expect(differences({ type: undefined, expected, actual })).toEqual([]);
    expect(differences({ type: undefined, expected, actual: 'something' })).not.toEqual([]);
  });

  test('of bytes that are no text is unknown, and they are compared as they are', () => {
    expect(differences({ type: undefined, expected: png, actual: png })).toEqual([]);
    expect(differences({ type: undefined, expected: png, actual: 'x' })).toHaveLength(1);
  });
});

describe('a body that', () => {
  const present: PromisedBody = { kind: 'present', contentType: json, content: bytesOf('{}') };
  const nothing = { kind: 'null', contentType: undefined } as const;
  const empty = { kind: 'empty', contentType: json } as const;

  test.each([
    ['is not promised, and comes', { kind: 'missing' }, '{}', 0],
    ['is promised, and is missing', present, '', 1],
    ['is promised to be null, and comes', nothing, '{}', 1],
    ['is promised to be empty, and comes', empty, '{}', 1],
    ['is promised to be empty, and is', empty, '', 0],
    ['is promised to be null, and is missing', nothing, '', 0],
  ] as const)('%s', (...[, promised, actual, count]) => {
    const check = compileBody(promised, contextOf({}));
    expect(check({ contentType: json, content: bytesOf(actual) })).toHaveLength(count);
  });

  test('is promised to be empty is not held against one of another type', () => {
    const check = compileBody(empty, contextOf({}));
    expect(check({ contentType: 'text/plain', content: bytesOf('x') })).toEqual([]);
  });

  test('comes with a real request that promises none is let pass', () => {
    const check = compileBody(nothing, contextOf({ part: 'request', profile: 'live' }));
    expect(check({ contentType: json, content: bytesOf('{}') })).toEqual([]);
  });
});

describe('a body of text or bytes', () => {
  test.each(TEXTS)('%s', (_caption, one, text) => {
    expect(differences(one).map((found) => found.text)).toEqual(text === undefined ? [] : [text]);
  });
});

describe('a form', () => {
  test.each(FORMS)('%s', (_caption, one, texts) => {
    expect(differences(one).map((found) => found.text)).toEqual(texts);
  });
});
