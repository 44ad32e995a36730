import { describe, expect, test } from 'vitest';
import { acceptsAnyText, compileTextRules } from './text-rule.ts';

function judge(
  rule: Record<string, unknown> & { match: string },
  text: string,
  example = 'x',
): boolean {
  const defects: string[] = [];
  const list = { rules: [{ match: rule.match, attributes: rule }], combine: 'and' as const };
  return compileTextRules(list, example, defects)(text);
}

describe('a matching rule on text', () => {
  test.each([
    [{ match: 'equality' }, 'x', true],
    [{ match: 'equality' }, 'y', false],
    [{ match: 'include', value: 'ell' }, 'hello', true],
    [{ match: 'include', value: 'ell' }, 'hullo', false],
    [{ match: 'include' }, 'anything', true],
    [{ match: 'type' }, 'anything', true],
    [{ match: 'eachKey' }, 'anything', true],
    [{ match: 'integer' }, '12', true],
    [{ match: 'integer' }, '-5', false],
    [{ match: 'decimal' }, '5', true],
    [{ match: 'real' }, '1e3', true],
    [{ match: 'number' }, '1.5', true],
    [{ match: 'number' }, 'one', false],
    [{ match: 'boolean' }, 'false', true],
    [{ match: 'boolean' }, 'True', false],
    [{ match: 'null' }, '', false],
    [{ match: 'notEmpty' }, '', false],
    [{ match: 'not-empty' }, 'a', true],
    [{ match: 'semver' }, '1.2.3-rc.1+b', true],
    [{ match: 'semver' }, 'v1.2.3', false],
    [{ match: 'statusCode', status: 'success' }, '204', true],
    [{ match: 'statusCode', status: 'clientError' }, '204', false],
    [{ match: 'statusCode', status: [409, 422] }, '422', true],
    [{ match: 'status-code' }, '201', true],
    [{ match: 'statusCode', status: 'no class' }, '200', true],
    [{ match: 'regex', regex: '\\d+' }, '12', true],
    [{ match: 'regex', regex: '(' }, '(', false],
    [{ match: 'regex' }, '', true],
    [{ match: 'date' }, '2024-02-29', true],
    [{ match: 'date' }, '2024-13-01', false],
    [{ match: 'date', format: 'dd.MM.yyyy' }, '01.02.2024', true],
    [{ match: 'time', time: 'HH:mm' }, '23:59', true],
    [{ match: 'time' }, '24:00:00', false],
    [{ match: 'timestamp' }, '2024-01-01T10:00:00+13:00', true],
    [{ match: 'datetime', format: "yyyy-MM-dd'T'HH:mm:ss.SSSX" }, '2024-01-01T10:00:00.123Z', true],
    [
      { match: 'datetime', format: "''EEE, d MMM yyyy h:mm a z''" },
      "'Mon, 1 Jan 2024 1:05 PM GMT'",
      true,
    ],
    [
      { match: 'datetime', format: 'G u Y L D k K A n N x Z VV O ?' },
      'AD 2 2 1 9 24 0 1 1 1 +01 +0100 Europe/Paris GMT+1 ?',
      true,
    ],
    [{ match: 'no such rule' }, 'anything', true],
  ] as const)('%j on "%s": %s', (rule, text, verdict) => {
    expect(judge(rule, text)).toBe(verdict);
  });

  test('of two with "or" one is enough, with "and" both are needed', () => {
    const rules = [
      { match: 'equality', attributes: {} },
      { match: 'regex', attributes: { regex: '\\d+' } },
    ];
    expect(compileTextRules({ rules, combine: 'or' }, 'x', [])('12')).toBe(true);
    expect(compileTextRules({ rules, combine: 'and' }, 'x', [])('12')).toBe(false);
  });

  test('that is unknown or broken is named as a defect', () => {
    const defects: string[] = [];
    const rules = [
      { match: 'telepathy', attributes: {} },
      { match: 'regex', attributes: { regex: '(' } },
    ];
    compileTextRules({ rules, combine: 'and' }, 'x', defects);
    expect(defects).toEqual([
      'The matching rule "telepathy" is unknown and not judged.',
      'The pattern "(" is no valid regular expression; nothing matches it.',
    ]);
  });

  test('of type alone accepts any text, a pattern does not', () => {
    expect(acceptsAnyText({ rules: [{ match: 'type', attributes: {} }], combine: 'and' })).toBe(
      true,
    );
    expect(acceptsAnyText({ rules: [{ match: 'regex', attributes: {} }], combine: 'and' })).toBe(
      false,
    );
  });
});
