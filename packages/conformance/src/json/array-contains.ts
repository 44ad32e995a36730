import { objectOf } from '../pact/json-values.ts';
import { parseRuleMap } from '../pact/parse-rules.ts';
import { compilePathRules } from '../rules/body-rules.ts';
import { type CompiledRule, compileRules, type RuleNotes } from '../rules/compiled-rule.ts';
import { type PathRules, RuleCursor } from '../rules/rule-cursor.ts';
import type { Below } from './compile-json.ts';
import { type JsonCheck, JsonRun, passes } from './json-run.ts';
import { jsonText } from './json-text.ts';
import type { Json } from './json-value.ts';

type List = readonly Json[];

interface Variant {
  readonly index: number;
  readonly check: JsonCheck | undefined;
}

/** The rule arrayContains: each variant is found somewhere in the list, whatever its order and whatever else is in it. */
export function containsVariants(
  rule: CompiledRule,
  expected: List,
  below: Below,
): (actual: List, run: JsonRun) => void {
  const variants = variantsOf(rule, expected, below);
  const fault = { rule: rule.source.match, kind: 'missing' as const };
  return (actual, run) => {
    for (const { index, check } of variants) {
      if (check === undefined) {
        const text = `ArrayContains: variant ${index} is missing from the expected list, which has ${expected.length} items`;
        run.report(fault, text);
      } else if (!actual.some((item) => passes(check, item, new JsonRun('body')))) {
        const example = jsonText(expected[index] ?? null);
        run.report(
          fault,
          `Variant at index ${index} (${example}) was not found in the actual list`,
        );
      }
    }
  };
}

/** Without variants every example has to be found as it is. Each variant has rules of its own and no others. */
function variantsOf(rule: CompiledRule, expected: List, below: Below): readonly Variant[] {
  const { settings, compile } = below;
  const { variants } = rule.source.attributes;
  const given = Array.isArray(variants) && variants.length > 0 ? variants : undefined;
  const wanted = given ?? expected.map((_item, index) => ({ index, rules: undefined as unknown }));
  return wanted.map((variant: unknown) => {
    const { index, rules } = objectOf(variant);
    const at = Number(index ?? 0);
    const item = expected[at];
    const cursor = RuleCursor.root(variantRules(rules, settings.notes));
    return { index: at, check: item === undefined ? undefined : compile(item, cursor, settings) };
  });
}

function variantRules(rules: unknown, notes: RuleNotes): readonly PathRules[] {
  if (rules !== undefined) {
    return compilePathRules(parseRuleMap(rules, notes.defects), notes);
  }
  const equality = { match: 'equality', attributes: {} };
  return [{ tokens: [], rules: compileRules({ rules: [equality], combine: 'and' }, notes) }];
}
