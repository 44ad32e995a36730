import { faultKind } from '../rules/body-rules.ts';
import type { RuleCursor, Winner } from '../rules/rule-cursor.ts';
import { pathText } from '../rules/rule-path.ts';
import type { Fault, JsonCheck } from './json-run.ts';
import { isNumber, type Json } from './json-value.ts';
import { compileScalarRule, equalityTest, typeTest, type ValueTest } from './scalar-rule.ts';

/** A promised value that is neither object nor list. */
export function compileScalar(expected: Json, { winner }: RuleCursor, live: boolean): JsonCheck {
  if (winner !== undefined) {
    return underRules(expected, winner);
  }
  return live ? likeExample(expected) : equalTo(expected);
}

/** An example of null says nothing about what else may stand there. */
function likeExample(expected: Json): JsonCheck {
  if (expected === null) {
    return () => undefined;
  }
  const test = typeTest(expected);
  const fault: Fault = { rule: 'type', kind: 'type' };
  return (actual, run) => {
    const text = test(actual);
    if (text !== undefined) {
      run.report(fault, text);
    }
  };
}

function equalTo(expected: Json): JsonCheck {
  const test = equalityTest(expected);
  return (actual, run) => {
    const text = test(actual);
    if (text !== undefined) {
      run.report({ rule: 'equality', kind: unequalKind(expected, actual) }, text);
    }
  };
}

function unequalKind(expected: Json, actual: Json): Fault['kind'] {
  const sameType =
    (isNumber(expected) && isNumber(actual)) ||
    (typeof expected === typeof actual && (expected === null) === (actual === null));
  return sameType ? 'value' : 'type';
}

interface ScalarRule {
  readonly test: ValueTest;
  readonly fault: Fault;
}

function underRules(expected: Json, { rules: { rules, combine } }: Winner): JsonCheck {
  const tests = rules.map((rule) => ({
    test: compileScalarRule(rule, expected),
    fault: { rule: rule.source.match, kind: faultKind(rule) },
  }));
  const [first] = tests;
  if (first === undefined) {
    return (_actual, run) =>
      run.report(
        { rule: 'eachValue', kind: 'value' },
        `No matcher found for path '${pathText(run.steps)}'`,
      );
  }
  return tests.length === 1 || combine === 'and' ? allOf(tests) : anyOf(tests);
}

function allOf(tests: readonly ScalarRule[]): JsonCheck {
  return (actual, run) => {
    for (const { test, fault } of tests) {
      const text = test(actual);
      if (text !== undefined) {
        run.report(fault, text);
      }
    }
  };
}

function anyOf(tests: readonly ScalarRule[]): JsonCheck {
  const all = allOf(tests);
  return (actual, run) => {
    if (!tests.some(({ test }) => test(actual) === undefined)) {
      all(actual, run);
    }
  };
}
