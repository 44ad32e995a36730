import type { PactRule, RuleList } from '../pact/pact-model.ts';
import { parseRule } from '../pact/parse-rules.ts';
import { compileDatePattern } from './date-pattern.ts';
import { compilePattern, isBeyondJavaScript, LONGEST_TEXT } from './pact-regex.ts';
import { kindOfRule, type RuleKind } from './rule-kind.ts';
import { semverFault } from './semver.ts';

/** A rule whose pattern and attributes are read once. */
export interface CompiledRule {
  readonly source: PactRule;
  readonly kind: RuleKind;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** What a text lacks to obey; undefined when it obeys, or the rule says nothing about texts as such. */
  readonly faultOf: (text: string) => TextFault | undefined;
  /** As the native library prints the rule. */
  readonly label: string;
  /** Rules for each key or each value. */
  readonly inner: readonly CompiledRule[];
}

export interface TextFault {
  /** After the text itself: `to match '\d+'`. */
  readonly words: string;
  /** More than the native library says about texts, and says about JSON values. */
  readonly detail: string;
  /** The whole sentence where it does not start with `Expected`. */
  readonly sentence?: string;
}

export interface CompiledRules {
  readonly rules: readonly CompiledRule[];
  readonly combine: 'and' | 'or';
}

/** What compiling rules has to say: things to know, and rules that cannot be judged, so that nobody may say the interaction is kept. */
export interface RuleNotes {
  readonly defects: string[];
  readonly unjudged: string[];
}

/** Compiles a list; a rule that cannot be judged (unknown, a plugin's, a pattern beyond JavaScript) is noted and left out. */
export function compileRules(list: RuleList, notes: RuleNotes): CompiledRules {
  const rules = list.rules
    .map((rule) => compileRule(rule, notes))
    .filter((rule) => rule !== undefined);
  return { rules, combine: list.combine };
}

function compileRule(source: PactRule, notes: RuleNotes): CompiledRule | undefined {
  const kind = kindOfRule(source.match);
  if (kind === undefined) {
    notes.unjudged.push(`The matching rule "${source.match}" is unknown and not judged.`);
    return undefined;
  }
  const faultOf = COMPILERS[kind]?.(source, notes) ?? noFault;
  return {
    source,
    kind,
    min: numberOf(source.attributes.min),
    max: numberOf(source.attributes.max),
    faultOf,
    label: labelOf(kind, source),
    inner: innerRules(kind, source, notes),
  };
}

const noFault = (): undefined => undefined;

type Compiler = (rule: PactRule, notes: RuleNotes) => CompiledRule['faultOf'] | undefined;

const COMPILERS: Readonly<Partial<Record<RuleKind, Compiler>>> = {
  regex: compileRegex,
  include: (rule) => {
    const value = attributeText(rule.attributes.value) ?? '';
    const fault = { words: `to include '${value}'`, detail: '' };
    return (text) => (text.includes(value) ? undefined : fault);
  },
  date: (rule) => compileDate(rule, 'date', 'yyyy-MM-dd'),
  time: (rule) => compileDate(rule, 'time', 'HH:mm:ss'),
  datetime: (rule) => compileDate(rule, 'timestamp', "yyyy-MM-dd'T'HH:mm:ssXXX"),
  semver: () => (text) => {
    const fault = semverFault(text);
    return fault === undefined
      ? undefined
      : {
          words: '',
          detail: '',
          sentence: `'${text}' is not a valid semantic version - ${fault}`,
        };
  },
};

function compileRegex(rule: PactRule, notes: RuleNotes): CompiledRule['faultOf'] {
  const pattern = attributeText(rule.attributes.regex) ?? '';
  const test = compilePattern(pattern);
  if (test === undefined && isBeyondJavaScript(pattern)) {
    notes.unjudged.push(`The pattern "${pattern}" uses what JavaScript lacks and is not judged.`);
    return noFault;
  }
  if (test === undefined) {
    notes.defects.push(
      `The pattern "${pattern}" is no valid regular expression; nothing matches it.`,
    );
    const invalid = {
      words: `to match '${pattern}'`,
      detail: '',
      sentence: `'${pattern}' is not a valid regular expression`,
    };
    return () => invalid;
  }
  const fault = { words: `to match '${pattern}'`, detail: '' };
  return (text) => (text.length > LONGEST_TEXT || test(text) ? undefined : fault);
}

function compileDate(rule: PactRule, noun: string, fallback: string): CompiledRule['faultOf'] {
  const { attributes, match } = rule;
  const given = attributeText(attributes.format) ?? attributeText(attributes[match]);
  const format = given === undefined || given === '' ? fallback : given;
  const test = compileDatePattern(format);
  return (text) => {
    const fault = test(text);
    return fault === undefined
      ? undefined
      : { words: `to match a ${noun} pattern of '${format}'`, detail: `: ${fault}` };
  };
}

function innerRules(kind: RuleKind, source: PactRule, notes: RuleNotes): readonly CompiledRule[] {
  const { rules } = source.attributes;
  if ((kind !== 'eachKey' && kind !== 'eachValue') || !Array.isArray(rules)) {
    return [];
  }
  return rules
    .map((given: unknown) => {
      const rule = parseRule(given, notes.unjudged);
      return rule === undefined ? undefined : compileRule(rule, notes);
    })
    .filter((rule) => rule !== undefined);
}

const LABELS: Readonly<Partial<Record<RuleKind, string>>> = {
  number: 'Number',
  integer: 'Integer',
  decimal: 'Decimal',
  boolean: 'Boolean',
  null: 'Null',
  semver: 'Semver',
};

function labelOf(kind: RuleKind, { attributes, match }: PactRule): string {
  switch (kind) {
    case 'include':
      return `Include(${JSON.stringify(attributeText(attributes.value) ?? '')})`;
    case 'contentType':
      return `ContentType(${JSON.stringify(attributeText(attributes.value) ?? '')})`;
    case 'date':
    case 'time':
    case 'datetime':
      return `${kind === 'datetime' ? 'Timestamp' : capitalised(kind)}(${JSON.stringify(attributeText(attributes.format) ?? attributeText(attributes[match]) ?? '')})`;
    case 'statusCode':
      return `StatusCode(${capitalised(String(attributes.status ?? 'success'))})`;
    default:
      return LABELS[kind] ?? capitalised(kind);
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function attributeText(value: unknown): string | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  return typeof value === 'string' ? value : String(value);
}

function numberOf(value: unknown): number | undefined {
  const number = value === undefined || value === null ? Number.NaN : Number(value);
  return Number.isFinite(number) && number >= 0 ? Math.floor(number) : undefined;
}
