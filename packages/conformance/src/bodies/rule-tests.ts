import type { PactRule } from '../pact/pact-model.ts';
import { compilePattern } from '../rules/pact-regex.ts';
import type { WinningRules } from './body-comparison.ts';

/** What a rule found wrong, or nothing. */
export type RuleVerdict = string | undefined;

export interface FailedRule {
  readonly rule: string;
  readonly text: string;
}

/** Runs every rule of a list; with `or` one that holds is enough. */
export function applyRules(
  { rules, combine }: WinningRules,
  test: (rule: PactRule) => RuleVerdict,
): readonly FailedRule[] {
  const failed: FailedRule[] = [];
  for (const rule of rules) {
    const text = test(rule);
    if (text !== undefined) {
      failed.push({ rule: rule.match, text });
    }
  }
  return combine === 'or' && failed.length < rules.length ? [] : failed;
}

export interface Bounds {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** Bounds may be written as texts. */
export function boundsOf({ attributes }: PactRule): Bounds {
  return { min: numberOf(attributes.min), max: numberOf(attributes.max) };
}

/** A type rule that says how many there may be. */
export function isBounded(rule: PactRule): boolean {
  const { min, max } = boundsOf(rule);
  return min !== undefined || max !== undefined;
}

function numberOf(value: unknown): number | undefined {
  const number = Number(value ?? Number.NaN);
  return Number.isNaN(number) ? undefined : number;
}

type PatternTest = (text: string) => boolean;
const patterns = new WeakMap<PactRule, PatternTest | undefined>();

/** The pattern of a regex rule, compiled once a rule; undefined: it is no valid pattern. */
export function patternOf(rule: PactRule): PatternTest | undefined {
  if (!patterns.has(rule)) {
    patterns.set(rule, compilePattern(String(rule.attributes.regex ?? '')));
  }
  return patterns.get(rule);
}
