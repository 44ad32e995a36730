import type { CompiledRule } from '../rules/compiled-rule.ts';
import { membersText, sizedText } from './json-text.ts';
import { isList, type Json, type JsonRecord, sameJson } from './json-value.ts';

export type Container = readonly Json[] | JsonRecord;

/** What a rule says about an object or list as a whole, in the native library's words; undefined when it obeys. */
export type ContainerTest = (actual: Container) => string | undefined;

const passes: ContainerTest = () => undefined;

/** A rule at the place of an object or list. Lengths are not asked of a rule that cascades. */
export function compileContainerRule(
  rule: CompiledRule,
  expected: Container,
  cascaded: boolean,
): ContainerTest {
  switch (rule.kind) {
    case 'type':
      return cascaded ? passes : lengthTest(rule);
    case 'equality':
      return (actual) =>
        sameJson(expected, actual)
          ? undefined
          : `Expected ${membersText(actual)} to be equal to ${membersText(expected)}`;
    case 'notEmpty':
      return (actual) =>
        sizeOf(actual) === 0
          ? `Expected ${isList(actual) ? '[]' : '{}'} (Array) to not be empty`
          : undefined;
    case 'regex':
    case 'values':
    case 'arrayContains':
    case 'eachKey':
    case 'eachValue':
      return passes;
    default:
      return isList(expected) ? listTest(rule) : unable(rule, expected);
  }
}

/** A list lets rules about single values pass on to its items, but for these. */
function listTest(rule: CompiledRule): ContainerTest {
  return rule.kind === 'null' || rule.kind === 'statusCode'
    ? (actual) => `Unable to match ${membersText(actual)} using ${rule.label}`
    : passes;
}

/** An object shows what was promised, a list what came. */
function unable(rule: CompiledRule, expected: Container): ContainerTest {
  return () => `Unable to match ${membersText(expected)} using ${rule.label}`;
}

function lengthTest({ min, max }: CompiledRule): ContainerTest {
  if (min === undefined && max === undefined) {
    return passes;
  }
  return (actual) => {
    const size = sizeOf(actual);
    if (min !== undefined && size < min) {
      return `Expected ${sizedText(actual)} to have minimum size of ${min}`;
    }
    return max !== undefined && size > max
      ? `Expected ${sizedText(actual)} to have maximum size of ${max}`
      : undefined;
  };
}

function sizeOf(value: Container): number {
  return isList(value) ? value.length : Object.keys(value).length;
}
