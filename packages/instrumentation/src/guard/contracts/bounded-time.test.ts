import { describe, expect, test } from 'vitest';
import { regexRisk } from './regex-risk.ts';
import { withinTime } from './within-time.ts';

describe('work that is bounded in time', () => {
  test('gives what it returns', () => {
    expect(withinTime(1_000, () => withinTime(1_000, () => 7))).toBe(7);
  });

  test('ends when it backtracks for ever', () => {
    expect(withinTime(20, () => /^(?=(a+)+$)/.test(`${'a'.repeat(60)}b`))).toBeUndefined();
    expect(withinTime(1_000, () => 'after')).toBe('after');
  });

  test('throws what it throws', () => {
    const fail = (): never => {
      throw new TypeError('broken');
    };
    expect(() => withinTime(1_000, fail)).toThrow(TypeError);
  });
});

test.each([
  { regex: '^[a-z]{3}-\\\\d{4}$', risk: 'none' },
  { regex: '^\\\\d+$', risk: 'quadratic' },
  { regex: '^(a+)+$', risk: 'unbounded' },
  { regex: '.*x.*', risk: 'unbounded' },
  { regex: 'a{2,}b{1,}', risk: 'unbounded' },
  { regex: '\\"a+\\"', risk: 'quadratic' },
])('the risk of $regex is $risk', ({ regex, risk }) => {
  expect(regexRisk(`{"matchers":[{"match":"regex","regex":"${regex}"},{"regex":"a"}]}`)).toBe(risk);
});
