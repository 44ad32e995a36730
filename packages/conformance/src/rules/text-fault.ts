import type { CompiledRule } from './compiled-rule.ts';

/** What a rule says about two texts. */
export interface TextPair {
  readonly expected: string;
  readonly actual: string;
  /** The rule is written for a place above. */
  readonly cascaded: boolean;
}

const FLOAT = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf|infinity|nan)$/i;
const LARGEST = 18_446_744_073_709_551_615n;

/**
 * What the actual text lacks to obey the rule, in the native library's words; undefined when it obeys. Headers, parameters, paths,
 * form fields, XML and keys are judged so: an integer has no minus, a decimal may be `5`, types are not compared.
 */
export function textFault(rule: CompiledRule, pair: TextPair): string | undefined {
  const { actual } = pair;
  const read = rule.faultOf(actual);
  if (read !== undefined) {
    return read.sentence ?? `Expected '${actual}' ${read.words}`;
  }
  return TEXT_FAULTS[rule.kind]?.(rule, pair);
}

type TextCheck = (rule: CompiledRule, pair: TextPair) => string | undefined;

const TEXT_FAULTS: Readonly<Partial<Record<CompiledRule['kind'], TextCheck>>> = {
  equality: sameText,
  values: (rule, pair) => (pair.cascaded ? sameText(rule, pair) : unable(rule, pair)),
  number: (_rule, { actual }) =>
    FLOAT.test(actual) ? undefined : `Expected '${actual}' to match a number`,
  decimal: (_rule, { actual }) =>
    FLOAT.test(actual) ? undefined : `Expected '${actual}' to match a number`,
  integer: (_rule, { actual }) =>
    isUnsigned(actual) ? undefined : `Expected '${actual}' to match an integer number`,
  boolean: (_rule, { actual }) =>
    actual === 'true' || actual === 'false' ? undefined : `Expected ${actual} to match a boolean`,
  // A text is never null, not even the empty one.
  null: unable,
  notEmpty: (_rule, { actual }) =>
    actual === '' ? `Expected ${actual} to not be empty` : undefined,
  statusCode: (rule, { actual }) =>
    /^\d{1,5}$/.test(actual)
      ? statusFault(rule, Number(actual))
      : `Unable to match '${actual}' using ${rule.label} - invalid digit found in string`,
  arrayContains: onlyBelow,
  eachKey: onlyBelow,
  eachValue: onlyBelow,
};

function sameText(_rule: CompiledRule, { expected, actual }: TextPair): string | undefined {
  return expected === actual ? undefined : `Expected '${actual}' to be equal to '${expected}'`;
}

function unable(rule: CompiledRule, { actual }: TextPair): string {
  return `Unable to match '${actual}' using ${rule.label}`;
}

/** Rules about members say nothing about a text below them, and cannot be written for one. */
function onlyBelow(rule: CompiledRule, pair: TextPair): string | undefined {
  return pair.cascaded ? undefined : unable(rule, pair);
}

function isUnsigned(text: string): boolean {
  return /^\+?\d+$/.test(text) && (text.length < 20 || BigInt(text.slice(0, 40)) <= LARGEST);
}

const STATUS_CLASSES: Readonly<
  Record<string, readonly [low: number, high: number, words: string]>
> = {
  info: [100, 199, 'an Informational response (100–199)'],
  success: [200, 299, 'a Successful response (200–299)'],
  redirect: [300, 399, 'a Redirect (300–399)'],
  clientError: [400, 499, 'a Client error (400–499)'],
  serverError: [500, 599, 'a Server error (500–599)'],
  nonError: [100, 399, 'a Non-error response (< 400)'],
  error: [400, 999, 'an Error response (>= 400)'],
};

/** A status that is not of the rule's class or list; a class nobody knows is taken as success. */
function statusFault({ source }: CompiledRule, status: number): string | undefined {
  const wanted = source.attributes.status ?? 'success';
  if (Array.isArray(wanted)) {
    return wanted.some((code) => Number(code) === status)
      ? undefined
      : `Expected status code ${status} to be one of ${wanted.join(', ')}`;
  }
  const [low, high, words] =
    STATUS_CLASSES[String(wanted)] ?? ([200, 299, 'a Successful response (200–299)'] as const);
  return status >= low && status <= high
    ? undefined
    : `Expected status code ${status} to be ${words}`;
}
