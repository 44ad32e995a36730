import type { Mismatch } from '../contract/mismatch.ts';
import type { BodyContext } from './body-comparison.ts';
import { bodyMismatch } from './body-mismatch.ts';
import { failedOnList } from './list-rules.ts';

/** Parameters of forms and queries are compared alike; `noun` is what the native library calls one. */
export interface ParameterContext extends BodyContext {
  readonly noun: 'form post parameter' | 'query parameter';
}

export type Parameters = ReadonlyMap<string, readonly string[]>;

/** Parameters by name; what is not promised is refused in answers too, as the native library does. */
export function compareParameters(
  expected: Parameters,
  actual: Parameters,
  context: ParameterContext,
): readonly Mismatch[] {
  const mismatches: Mismatch[] = [];
  for (const [name, examples] of expected) {
    const values = actual.get(name);
    if (values === undefined) {
      const text = `Expected ${context.noun} '${name}' but was missing`;
      mismatches.push(bodyMismatch([name], { rule: 'required', kind: 'missing', text }));
    } else {
      mismatches.push(...compareValues({ name, examples, values }, context));
    }
  }
  if (context.profile === 'strict') {
    for (const name of actual.keys()) {
      if (!expected.has(name)) {
        const text = `Unexpected ${context.noun} '${name}' received`;
        mismatches.push(bodyMismatch([name], { rule: 'unexpected', kind: 'unexpected', text }));
      }
    }
  }
  return mismatches;
}

interface ParameterValues {
  readonly name: string;
  readonly examples: readonly string[];
  readonly values: readonly string[];
}

function compareValues(parameter: ParameterValues, context: ParameterContext): readonly Mismatch[] {
  if (context.rules.hasRuleAt([parameter.name])) {
    return [...listMismatches(parameter, context), ...valueMismatches(parameter, context)];
  }
  return context.profile === 'live' ? [] : compareOneByOne(parameter, context);
}

function listMismatches(
  { name, examples, values }: ParameterValues,
  { rules }: BodyContext,
): readonly Mismatch[] {
  const winning = rules.winningAt([name]);
  const failed = winning === undefined ? [] : failedOnList(winning, examples, values);
  return failed.map(({ rule, text }) => bodyMismatch([name], { rule, kind: 'length', text }));
}

/** Every value by the rules; beyond the examples with the first of them. Fewer values than examples are fine. */
function valueMismatches(
  { name, examples, values }: ParameterValues,
  { rules }: BodyContext,
): readonly Mismatch[] {
  return values.flatMap((actual, index) => {
    const expected = examples[index] ?? examples[0] ?? '';
    const found = rules.applyAt([name, index, 0], { expected, actual }) ?? [];
    return found.map(({ rule, kind, text }) => bodyMismatch([name], { rule, kind, text }));
  });
}

function compareOneByOne(
  { name, examples, values }: ParameterValues,
  context: ParameterContext,
): readonly Mismatch[] {
  const mismatches: Mismatch[] = [];
  for (let index = 0; index < Math.max(examples.length, values.length); index += 1) {
    const value = values[index];
    const at = [name];
    if (value === undefined) {
      const text = `Expected ${context.noun} '${name}' value '${examples[index]}' but was missing`;
      mismatches.push(bodyMismatch(at, { rule: 'required', kind: 'missing', text }));
    } else {
      mismatches.push(...compareValue([name, index], [examples[index] ?? '', value], context));
    }
  }
  if (examples.length !== values.length) {
    const text = `Expected ${context.noun} '${name}' with ${examples.length} value(s) but received ${values.length} value(s)`;
    mismatches.push(bodyMismatch([name], { rule: 'equality', kind: 'length', text }));
  }
  return mismatches;
}

/** A rule for one position decides about it, though none is there for the parameter. */
function compareValue(
  [name, index]: readonly [string, number],
  [expected, actual]: readonly [string, string],
  { rules, noun }: ParameterContext,
): readonly Mismatch[] {
  const found = rules.applyAt([name, index], { expected, actual });
  if (found !== undefined) {
    return found.map(({ rule, kind, text }) => bodyMismatch([name], { rule, kind, text }));
  }
  if (expected === actual) {
    return [];
  }
  const text = `Expected ${noun} '${name}' with value '${expected}' but was '${actual}'`;
  return [bodyMismatch([name], { rule: 'equality', kind: 'value', text })];
}
