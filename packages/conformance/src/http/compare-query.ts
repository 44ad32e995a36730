import {
  compareParameters,
  type ParameterContext,
  type Parameters,
} from '../bodies/compare-parameters.ts';
import type { Mismatch, Profile } from '../contract/mismatch.ts';
import type { RuleList } from '../pact/pact-model.ts';
import { parseQueryText, type QueryValues } from '../pact/parse-query.ts';
import { BodyRules } from '../rules/body-rules.ts';
import { compileRules, type RuleNotes } from '../rules/compiled-rule.ts';

/** Looks at the raw text of a query. */
export type QueryCheck = (query: string) => readonly Mismatch[];

interface PromisedQuery {
  readonly query: QueryValues;
  readonly queryRules: ReadonlyMap<string, RuleList>;
}

/** Parameters are compared as those of forms are; a parameter without a value has the empty one. */
export function compileQuery(
  { query, queryRules }: PromisedQuery,
  profile: Profile,
  notes: RuleNotes,
): QueryCheck {
  const expected = parametersOf(query);
  const context: ParameterContext = {
    rules: namedRules(queryRules, notes),
    allowUnexpected: profile === 'live',
    profile,
    noun: 'query parameter',
  };
  return (text) =>
    compareParameters(expected, parametersOf(parseQueryText(text)), context).map((mismatch) => {
      const name = mismatch.pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
      return { ...mismatch, part: 'query', pointer: name, path: name };
    });
}

function parametersOf(query: QueryValues): Parameters {
  return new Map([...query].map(([name, values]) => [name, values.map((value) => value ?? '')]));
}

/** Rules of parameters stand under names, which are no paths: `a[0]` is a parameter. */
function namedRules(rules: ReadonlyMap<string, RuleList>, notes: RuleNotes): BodyRules {
  const paths = [...rules].map(([name, list]) => ({
    tokens: [{ kind: 'name' as const, name }],
    rules: compileRules(list, notes),
  }));
  return new BodyRules(paths);
}
