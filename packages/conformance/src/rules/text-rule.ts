import type { RuleList } from '../pact/pact-model.ts';
import { type CompiledRule, compileRules, type RuleNotes } from './compiled-rule.ts';
import { kindOfRule, type RuleKind } from './rule-kind.ts';
import { textFault } from './text-fault.ts';

export type TextTest = (text: string) => boolean;

/** Kinds that say nothing about one text: type and length rules, rules on members, rules that need bytes. */
const SAYS_NOTHING: ReadonlySet<RuleKind> = new Set<RuleKind>([
  'type',
  'values',
  'arrayContains',
  'eachKey',
  'eachValue',
  'contentType',
]);

/** The rules of one path, query parameter or status as a test on its text; `example` is what the pact has there. */
export function compileTextRules(list: RuleList, example: string, defects: string[]): TextTest {
  const { rules, combine } = compileRules(list, notesInto(defects));
  const judged = rules.filter(({ kind }) => !SAYS_NOTHING.has(kind));
  // A rule that is not judged refuses nothing.
  const unjudged = list.rules.length > judged.length;
  const obeys = (rule: CompiledRule, text: string): boolean =>
    rule.faultOf(text) === undefined &&
    textFault(rule, { expected: example, actual: text, cascaded: false }) === undefined;
  return combine === 'or'
    ? (text) => unjudged || judged.some((rule) => obeys(rule, text))
    : (text) => judged.every((rule) => obeys(rule, text));
}

/** True when every rule of the list accepts any text: such a promise names an operation only by its example. */
export function acceptsAnyText(list: RuleList): boolean {
  return list.rules.every((rule) => {
    const kind = kindOfRule(rule.match);
    return kind !== undefined && SAYS_NOTHING.has(kind);
  });
}

function notesInto(defects: string[]): RuleNotes {
  return { defects, unjudged: defects };
}
