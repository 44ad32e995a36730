import type { PactRule, RuleList } from '../pact/pact-model.ts';
import { compileDatePattern } from './date-pattern.ts';
import { compilePattern } from './pact-regex.ts';

export type TextTest = (text: string) => boolean;

const always: TextTest = () => true;

/** Kinds that say nothing about one text: type and length rules, rules on members, rules that need bytes. */
const SAYS_NOTHING = new Set([
  'type',
  'min',
  'max',
  'min-type',
  'max-type',
  'values',
  'arraycontains',
  'array-contains',
  'eachkey',
  'each-key',
  'eachvalue',
  'each-value',
  'contenttype',
  'content-type',
]);

const SEMVER =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const STATUS_CLASSES: Readonly<Record<string, readonly [number, number]>> = {
  info: [100, 199],
  success: [200, 299],
  redirect: [300, 399],
  clientError: [400, 499],
  serverError: [500, 599],
  nonError: [100, 399],
  error: [400, 599],
};

/** The rules of one path, query parameter or status as a test on its text; `example` is what the pact has there. */
export function compileTextRules(list: RuleList, example: string, defects: string[]): TextTest {
  const tests = list.rules.map((rule) => compileTextRule(rule, example, defects));
  return list.combine === 'or'
    ? (text) => tests.some((test) => test(text))
    : (text) => tests.every((test) => test(text));
}

/** True when every rule of the list accepts any text: such a promise names an operation only by its example. */
export function acceptsAnyText(list: RuleList): boolean {
  return list.rules.every((rule) => SAYS_NOTHING.has(rule.match.toLowerCase()));
}

function compileTextRule(rule: PactRule, example: string, defects: string[]): TextTest {
  const kind = rule.match.toLowerCase();
  if (SAYS_NOTHING.has(kind)) {
    return always;
  }
  const test = SIMPLE[kind]?.(rule, example) ?? patternTest(kind, rule, defects);
  if (test === undefined) {
    defects.push(`The matching rule "${rule.match}" is unknown and not judged.`);
    return always;
  }
  return test;
}

/** The text forms of the rules (facts: integers are unsigned, decimals accept integers, null is the empty text). */
const SIMPLE: Readonly<Record<string, (rule: PactRule, example: string) => TextTest>> = {
  equality: (_rule, example) => (text) => text === example,
  include: (rule) => (text) => text.includes(String(rule.attributes.value ?? '')),
  integer: () => (text) => /^\d+$/.test(text),
  number: () => (text) => FLOAT.test(text),
  decimal: () => (text) => FLOAT.test(text),
  real: () => (text) => FLOAT.test(text),
  boolean: () => (text) => text === 'true' || text === 'false',
  null: () => (text) => text === '',
  notempty: () => (text) => text !== '',
  'not-empty': () => (text) => text !== '',
  semver: () => (text) => SEMVER.test(text),
  statuscode: (rule) => statusTest(rule.attributes.status),
  'status-code': (rule) => statusTest(rule.attributes.status),
};

function statusTest(status: unknown): TextTest {
  if (Array.isArray(status)) {
    return (text) => status.some((code) => String(code) === text);
  }
  const [low, high] = STATUS_CLASSES[String(status ?? 'success')] ?? [200, 299];
  return (text) => Number(text) >= low && Number(text) <= high;
}

const DATE_FORMATS: Readonly<Record<string, string>> = {
  date: 'yyyy-MM-dd',
  time: 'HH:mm:ss',
  datetime: "yyyy-MM-dd'T'HH:mm:ssXXX",
  timestamp: "yyyy-MM-dd'T'HH:mm:ssXXX",
};

function patternTest(kind: string, rule: PactRule, defects: string[]): TextTest | undefined {
  if (kind === 'regex') {
    return regexTest(String(rule.attributes.regex ?? ''), defects);
  }
  const fallback = DATE_FORMATS[kind];
  if (fallback === undefined) {
    return undefined;
  }
  const format = rule.attributes.format ?? rule.attributes[kind];
  return compileDatePattern(typeof format === 'string' && format !== '' ? format : fallback);
}

function regexTest(pattern: string, defects: string[]): TextTest {
  const test = compilePattern(pattern);
  if (test === undefined) {
    defects.push(`The pattern "${pattern}" is no valid regular expression; nothing matches it.`);
    return () => false;
  }
  return test;
}
