import { describe, expect, test } from 'vitest';
import { differences, type RulesOfCase } from '../testing/body-differences.ts';

type XmlCase = readonly [
  caption: string,
  expected: string,
  actual: string,
  places: readonly string[],
  rules?: RulesOfCase,
];

const type = { match: 'type' };

/** Verdicts and places as the native library gives them for answers. */
const ANSWERS: readonly XmlCase[] = [
  ['attributes in another order', `<a x='1' y='2'/>`, `<a y='2' x='1'/>`, []],
  ['an attribute more', '<a/>', `<a y='2'/>`, []],
  ['an attribute that is missing', `<a x='1'/>`, '<a/>', ['$.a', "$.a['@x']"]],
  ['an attribute with another value', `<a x='1'/>`, `<a x='2'/>`, ["$.a['@x']"]],
  ['a child more', '<a><b/></a>', '<a><b/><c/></a>', []],
  ['more children of the same name', '<a><b>1</b></a>', '<a><b>1</b><b>2</b></a>', []],
  ['fewer children of the same name', '<a><b/><b/></a>', '<a><b/></a>', ['$.a.b']],
  ['a child that is missing', '<a><b/></a>', '<a><c/></a>', ['$.a']],
  ['children of other names in another order', '<a><b/><c/></a>', '<a><c/><b/></a>', []],
  ['another root', '<a/>', '<b/>', ['$.a']],
  [
    'a type rule on a repeated child',
    '<a><b>1</b></a>',
    '<a><b>2</b><b>3</b></a>',
    [],
    { '$.a.b': type },
  ],
  [
    'a type rule, and a child that the example does not show',
    '<a><b/></a>',
    '<a><b/><c/></a>',
    ['$.a'],
    { '$.a': type },
  ],
  [
    'a pattern for a text',
    '<a><b>1</b></a>',
    '<a><b>2</b></a>',
    [],
    { "$.a.b['#text']": { match: 'regex', regex: '^\\d$' } },
  ],
  [
    'a pattern for a text that it refuses',
    '<a>1</a>',
    '<a>x</a>',
    ["$.a['#text']"],
    { '$.a.#text': { match: 'regex', regex: '\\d' } },
  ],
  ['a rule for an attribute', `<a x='1'/>`, `<a x='22'/>`, [], { '$.a.@x': { match: 'integer' } }],
  [
    'a path with positions',
    '<a><b>1</b></a>',
    '<a><b>2</b></a>',
    ["$.a.b['#text']"],
    { '$.a.b[*].#text': type },
  ],
  [
    'a rule of the root for everything below',
    '<a><b>1</b></a>',
    '<a><b>2</b></a>',
    [],
    { '$.a': type },
  ],
  ['another prefix for the same namespace', `<x:a xmlns:x='urn:1'/>`, `<y:a xmlns:y='urn:1'/>`, []],
  ['a namespace that is not promised', '<a/>', `<a xmlns='urn:1'/>`, ['$.a']],
  [
    'attributes with the same namespace',
    `<a xmlns:n='u' n:k='1'/>`,
    `<a xmlns:m='u' m:k='1'/>`,
    [],
  ],
  [
    'a rule that spells prefixes',
    `<x:a xmlns:x='urn:1'><x:b>1</x:b></x:a>`,
    `<x:a xmlns:x='urn:1'><x:b>2</x:b></x:a>`,
    ["$['urn:1:a']['urn:1:b']['#text']"],
    { '$.x:a.x:b.#text': type },
  ],
  [
    'a rule that spells namespaces',
    `<x:a xmlns:x='urn:1'><x:b>1</x:b></x:a>`,
    `<x:a xmlns:x='urn:1'><x:b>2</x:b></x:a>`,
    [],
    { "$['urn:1:a']['urn:1:b']['#text']": type },
  ],
  ['comments and instructions', '<a>1</a>', '<a>1<!-- c --><?p q?></a>', []],
  ['CDATA and references as text', '<a>b&amp;c</a>', '<a><![CDATA[b]]>&#38;&#x63;</a>', []],
  ['spaces around texts', '<a> b </a>', '<a>\n  b\n</a>', []],
  [
    'what is before and after the root',
    '<a/>',
    '<?xml version="1.0"?><!DOCTYPE a>\n<!-- c --><a/>\n',
    [],
  ],
  ['what is no XML', '<a/>', '<a>', ['$']],
  ['what is no XML on both sides', '<a', '<a>', ['$', '$']],
  [
    'too few nodes inside',
    '<a><b/><b/></a>',
    '<a><b/></a>',
    ['$.a'],
    { '$.a': { match: 'type', min: 2 } },
  ],
  [
    'too many nodes inside',
    '<a><b/></a>',
    '<a><b/><b/></a>',
    ['$.a'],
    { '$.a': { match: 'type', max: 1 } },
  ],
  [
    'limits written for a place above',
    '<a><b><c/></b></a>',
    '<a><b><c/><c/></b></a>',
    [],
    { '$.a': { match: 'type', max: '1' } },
  ],
  ['a pattern for a name', '<a/>', '<ab/>', [], { '$.a': { match: 'regex', regex: 'a?b?' } }],
  [
    'a pattern that refuses the name',
    '<a/>',
    '<b/>',
    ['$.a'],
    { '$.a': { match: 'regex', regex: 'a.*' } },
  ],
  ['a pattern that is none', '<a/>', '<a/>', ['$.a'], { '$.a': { match: 'regex', regex: '(' } }],
  ['a type rule and another name', '<a/>', '<b/>', ['$.a'], { '$.a': type }],
  ['an equality rule and another name', '<a/>', '<b/>', ['$.a'], { '$.a': { match: 'equality' } }],
  ['a rule against emptiness', '<a>1</a>', '<a></a>', ['$.a'], { '$.a': { match: 'notEmpty' } }],
  [
    'a rule against emptiness that is kept',
    '<a>1</a>',
    '<a>1</a>',
    [],
    { '$.a': { match: 'notEmpty' } },
  ],
  ['a rule that no element can obey', '<a/>', '<a/>', ['$.a'], { '$.a': { match: 'integer' } }],
];

const REQUESTS: readonly XmlCase[] = [
  ['an attribute where none is promised', '<a/>', `<a x='1'/>`, ['$.a']],
  ['an attribute more', `<a x='1'/>`, `<a x='1' y='2'/>`, ['$.a']],
  ['an attribute that is missing', `<a x='1'/>`, '<a/>', ['$.a', "$.a['@x']"]],
  ['a child where none is promised', '<a/>', '<a><b/></a>', ['$.a']],
  ['a child of another name', '<a><b/></a>', '<a><b/><c/></a>', ['$.a']],
  ['more children of the same name', '<a><b/></a>', '<a><b/><b/></a>', ['$.a.b']],
];

const LIVE: readonly XmlCase[] = [
  ['other texts and values', `<a x='1'>b</a>`, `<a x='2'>c</a>`, []],
  ['more and less of a list', '<a><b>1</b><b>2</b></a>', '<a><b>3</b></a>', []],
  ['none of a list', '<a><b/><b/></a>', '<a/>', []],
  [
    'a list element that lacks something',
    '<a><b><c/></b></a>',
    '<a><b><c/></b><b/></a>',
    ['$.a.b'],
  ],
  ['a child that is missing', '<a><b/></a>', '<a/>', ['$.a']],
  ['an attribute that is missing', `<a x='1' y=''/>`, `<a y='1' z=''/>`, ["$.a['@x']"]],
  [
    'a rule that is broken',
    '<a>1</a>',
    '<a>x</a>',
    ["$.a['#text']"],
    { '$.a.#text': { match: 'integer' } },
  ],
];

describe('XML', () => {
  const places = (one: XmlCase, part: 'request' | 'response', profile: 'strict' | 'live') => {
    const [, expected, actual, , rules = {}] = one;
    const found = differences({ type: 'application/xml', expected, actual, rules, part, profile });
    return found.map(({ path }) => path);
  };

  test.each(captioned(ANSWERS))('%s, in an answer', (_caption, one) => {
    expect(places(one, 'response', 'strict')).toEqual(one[3]);
  });

  test.each(captioned(REQUESTS))('%s, in a request', (_caption, one) => {
    expect(places(one, 'request', 'strict')).toEqual(one[3]);
  });

  test.each(captioned(LIVE))('%s, in real traffic', (_caption, one) => {
    expect(places(one, 'request', 'live')).toEqual(one[3]);
  });

  test('a mismatch says the place both ways, the rule and the native words', () => {
    const rules = { '$.a.b.#text': { match: 'integer' } };
    const expected = '<a><b>1</b><c/></a>';
    const actual = '<a><b>x</b></a>';
    expect(differences({ type: 'text/xml', expected, actual, rules })).toEqual([
      {
        part: 'body',
        pointer: '/a/b/#text',
        path: "$.a.b['#text']",
        rule: 'integer',
        kind: 'type',
        text: "Expected 'x' to match an integer number",
      },
      {
        part: 'body',
        pointer: '/a',
        path: '$.a',
        rule: 'required',
        kind: 'missing',
        text: 'Expected child <c/> but was missing',
      },
    ]);
  });
});

function captioned(cases: readonly XmlCase[]): readonly (readonly [string, XmlCase])[] {
  return cases.map((one) => [one[0], one] as const);
}
