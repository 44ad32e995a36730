import { contentTypeVerdict } from '../bodies/content-signature.ts';
import type { CompiledRule } from '../rules/compiled-rule.ts';
import { jsonText, valueAndType } from './json-text.ts';
import { isInteger, isList, isNumber, isRecord, type Json, sameJson } from './json-value.ts';

/** What is wrong with a value, in the native library's words; undefined when it obeys. */
export type ValueTest = (actual: Json) => string | undefined;

const passes: ValueTest = () => undefined;

/** A rule on a promised value as a whole: one that is neither object nor list, or one of metadata. The actual one may be anything. */
export function compileScalarRule(rule: CompiledRule, expected: Json): ValueTest {
  switch (rule.kind) {
    case 'type':
      return isList(expected) ? listTest(rule, expected) : typeTest(expected);
    case 'equality':
    case 'values':
      return equalityTest(expected);
    case 'regex':
    case 'include':
      return textTest(rule, jsonText);
    case 'date':
    case 'time':
    case 'datetime':
      return textTest(rule, (value) => (value === null ? '' : jsonText(value)));
    case 'semver':
      return semverTest(rule);
    case 'contentType':
      return contentTypeTest(rule);
    case 'notEmpty':
      return emptyTest;
    case 'statusCode':
    case 'arrayContains':
    case 'eachKey':
    case 'eachValue':
      return passes;
    default:
      return KIND_TESTS[rule.kind];
  }
}

const KIND_TESTS: Readonly<
  Record<'number' | 'integer' | 'decimal' | 'boolean' | 'null', ValueTest>
> = {
  number: (actual) =>
    isNumber(actual) ? undefined : `Expected ${valueAndType(actual)} to be a number`,
  integer: (actual) =>
    isInteger(actual) ? undefined : `Expected ${valueAndType(actual)} to be an integer`,
  decimal: (actual) =>
    isNumber(actual) && !isInteger(actual)
      ? undefined
      : `Expected ${valueAndType(actual)} to be a decimal number`,
  boolean: (actual) =>
    typeof actual === 'boolean' || actual === 'true' || actual === 'false'
      ? undefined
      : `Expected ${valueAndType(actual)} to match a boolean`,
  null: (actual) =>
    actual === null ? undefined : `Expected ${valueAndType(actual)} to be a null value`,
};

/** Of the same JSON type; integers and decimals are both numbers. */
export function typeTest(expected: Json): ValueTest {
  const words = (actual: Json): string =>
    `Expected ${valueAndType(actual)} to be the same type as ${valueAndType(expected)}`;
  if (isNumber(expected)) {
    return (actual) => (isNumber(actual) ? undefined : words(actual));
  }
  if (expected === null) {
    return (actual) => (actual === null ? undefined : words(actual));
  }
  if (isList(expected)) {
    return (actual) => (isList(actual) ? undefined : words(actual));
  }
  if (isRecord(expected)) {
    return (actual) => (isRecord(actual) ? undefined : words(actual));
  }
  const type = typeof expected;
  return (actual) => (typeof actual === type ? undefined : words(actual));
}

function listTest(
  { min = 0, max = Number.POSITIVE_INFINITY }: CompiledRule,
  expected: Json,
): ValueTest {
  const ofType = typeTest(expected);
  return (actual) => {
    if (isList(actual) && actual.length < min) {
      return `Expected '${jsonText(actual)}' to have at least ${min} item(s)`;
    }
    return isList(actual) && actual.length > max
      ? `Expected '${jsonText(actual)}' to have at most ${max} item(s)`
      : ofType(actual);
  };
}

export function equalityTest(expected: Json): ValueTest {
  return (actual) =>
    actual === expected || sameJson(expected, actual)
      ? undefined
      : `Expected ${valueAndType(actual)} to be equal to ${valueAndType(expected)}`;
}

/** Patterns look at a string itself and at the JSON of anything else. */
function textTest(rule: CompiledRule, textOf: (value: Json) => string): ValueTest {
  const { faultOf } = rule;
  return (actual) => {
    const fault = faultOf(typeof actual === 'string' ? actual : textOf(actual));
    if (fault === undefined) {
      return undefined;
    }
    const { sentence, words, detail } = fault;
    return sentence ?? `Expected '${shown(actual)}' ${words}${detail}`;
  };
}

function shown(value: Json): string {
  if (value === null) {
    return '';
  }
  return typeof value === 'string' ? value : jsonText(value);
}

function semverTest({ faultOf }: CompiledRule): ValueTest {
  return (actual) =>
    typeof actual === 'string'
      ? faultOf(actual)?.sentence
      : `Expected something that matches a semantic version, but got '${jsonText(actual)}'`;
}

function contentTypeTest({ source }: CompiledRule): ValueTest {
  const wanted = String(source.attributes.value ?? '');
  return (actual) => {
    const verdict = contentTypeVerdict(bytesOf(actual), wanted);
    return verdict === undefined
      ? undefined
      : `Failed to match data to have a content type of '${wanted}': ${verdict}`;
  };
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Bytes travel in JSON as base64; a text that is none is taken as it stands, as the JSON of anything else is. */
function bytesOf(value: Json): Uint8Array {
  if (typeof value !== 'string') {
    return Buffer.from(jsonText(value));
  }
  return Buffer.from(value, BASE64.test(value) ? 'base64' : 'utf8');
}

function emptyTest(actual: Json): string | undefined {
  if (actual === null) {
    return 'Expected non-empty value but got a NULL';
  }
  const empty =
    actual === '' ||
    (isList(actual) && actual.length === 0) ||
    (isRecord(actual) && Object.keys(actual).length === 0);
  return empty ? `Expected ${valueAndType(actual)} to not be empty` : undefined;
}
