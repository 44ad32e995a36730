import { describe, expect, test } from 'vitest';
import type { PactRule } from '../pact/pact-model.ts';
import { BodyRules } from './body-rules.ts';

function rulesFor(...paths: readonly string[]): BodyRules {
  const notes = { defects: [], unjudged: [] };
  return BodyRules.compile(
    new Map(paths.map((path) => [path, { rules: [named(path)], combine: 'and' as const }])),
    notes,
  );
}

function named(value: string): PactRule {
  return { match: 'include', attributes: { value } };
}

/** Winners of the native library, told from its verdicts. */
const WINNERS: readonly (readonly [
  place: readonly (string | number)[],
  winner: string,
  others: readonly string[],
])[] = [
  [['a', 'b'], '$.a', ['$.*.*']],
  [['a', 'b'], '$.*.b', ['$.a']],
  [['a', 'b'], '$.a', ['$']],
  [['a', 'b'], '$.*', ['$']],
  [['a', 'b'], '$.a.*', ['$.a', '$.*.b']],
  [['a', 'b'], '$.*.*', ['$']],
  [['l', 0], '$.l[0]', ['$.l[*]']],
  [['l', 1], '$.l[*]', ['$.l[0]', '$.l']],
  [['0'], '$[0]', ['$.*']],
  [['0'], "$['0']", ['$[*]']],
  [['a', 'b', 'c'], '$.a.b.c', ['$.a.*.c', '$.*.*.c']],
  [['@id'], "$['@id']", ['$.*']],
  [['a'], 'a', ['$']],
];

describe('the rule that wins at a place', () => {
  test.each(WINNERS)('%j: %s before %j', (place, winner, others) => {
    for (const paths of [
      [winner, ...others],
      [...others, winner],
    ]) {
      expect(rulesFor(...paths).winningAt(place)?.rules).toEqual([named(winner)]);
    }
  });

  test('cascades from above, and a rule of its own does not', () => {
    expect(rulesFor('$.a').winningAt(['a', 'b', 0])).toMatchObject({ cascaded: true });
    expect(rulesFor('$.a[*]').winningAt(['a', 7])).toMatchObject({ cascaded: false });
  });

  test('is none where names differ, and [*] means numbers only', () => {
    expect(rulesFor('$.a', '$[*]').winningAt(['b'])).toBeUndefined();
  });

  test('joins the rules of two spellings of one path', () => {
    expect(rulesFor('$.a', "$['a']").winningAt(['a'])?.rules).toHaveLength(2);
  });

  test.each(['$..a', '$["a"]', '$.a[?(@.x)]', '$.a[0:1]', '$.$ref', '$.a b', '*'])(
    'a path that cannot be read (%s) leaves its rule unjudged',
    (path) => {
      const notes = { defects: [], unjudged: [] };
      const list = { rules: [named('x')], combine: 'and' as const };
      expect(BodyRules.compile(new Map([[path, list]]), notes).hasRuleAt([])).toBe(false);
      expect(notes.unjudged.join()).toContain(path);
    },
  );
});

describe('rules for a body that is a text', () => {
  const rules = rulesFor('$.a', '$.b');

  test('say what is wrong, where, and in which words', () => {
    expect(rules.applyAt(['a', 0], { expected: 'x', actual: 'y' })).toEqual([
      {
        part: 'body',
        pointer: '/a/0',
        path: '$.a[0]',
        rule: 'include',
        kind: 'value',
        text: "Expected 'y' to include '$.a'",
      },
    ]);
    expect(rules.applyAt(['b'], { expected: 'x', actual: 'y $.b' })).toEqual([]);
    expect(rules.applyAt(['c'], { expected: 'x', actual: 'y' })).toBeUndefined();
  });

  test('with "or" are content when one of them is', () => {
    const either = BodyRules.compile(
      new Map([['$', { rules: [named('1'), named('2')], combine: 'or' as const }]]),
      { defects: [], unjudged: [] },
    );
    expect(either.applyAt([], { expected: '', actual: '2' })).toEqual([]);
    expect(either.applyAt([], { expected: '', actual: '3' })).toHaveLength(2);
  });

  test('know their own places, those below, and types above', () => {
    const typed = BodyRules.compile(
      new Map([
        ['$.a', { rules: [{ match: 'min', attributes: { min: 1 } }], combine: 'and' as const }],
      ]),
      { defects: [], unjudged: [] },
    );
    expect(typed.hasOwnRuleAt(['a'])).toBe(true);
    expect(typed.hasOwnRuleAt(['a', 'b'])).toBe(false);
    expect(typed.hasTypeRuleAt(['a', 'b'])).toBe(true);
    expect(rules.hasTypeRuleAt(['a'])).toBe(false);
    expect(typed.under(['a']).winningAt(['b'])).toMatchObject({ cascaded: true });
  });
});
