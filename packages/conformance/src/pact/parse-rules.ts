import { isObject, type JsonObject, objectOf, textOf } from './json-values.ts';
import type { PactRule, RuleList } from './pact-model.ts';

export interface RequestRules {
  readonly path: RuleList | undefined;
  readonly query: ReadonlyMap<string, RuleList>;
  readonly status: RuleList | undefined;
}

const ATTRIBUTE_THAT_NAMES = ['regex', 'min', 'max', 'timestamp', 'time', 'date'] as const;

/**
 * The rules for path, query and status. The form is told by the first key, as the native library does: `$…` is the flat form of
 * version 2, anything else the categories of version 3 and later.
 */
export function parseRules(rules: unknown, defects: string[]): RequestRules {
  const entries = Object.entries(objectOf(rules));
  return entries[0]?.[0].startsWith('$') === true
    ? flatRules(entries, defects)
    : categoryRules(objectOf(rules), defects);
}

function flatRules(
  entries: readonly (readonly [string, unknown])[],
  defects: string[],
): RequestRules {
  const query = new Map<string, RuleList>();
  let path: RuleList | undefined;
  let status: RuleList | undefined;
  for (const [key, value] of entries) {
    const [category, name] = flatKey(key);
    const list = (): RuleList | undefined => ruleList([value], 'and', defects);
    if (category === 'path') {
      path = list();
    } else if (category === 'status') {
      status = list();
    } else if (category === 'query' && name !== undefined) {
      setRule(query, name, list());
    }
  }
  return { path, query, status };
}

/** `$.query.a[0]` → query, a; `$.path` → path. Indexes are dropped, as the native library drops them. */
function flatKey(key: string): readonly [string, string | undefined] {
  const tokens = [...key.matchAll(/\.([^.[\]]+)|\['([^']*)'\]/g)].map(
    (found) => found[1] ?? found[2],
  );
  return [tokens[0] ?? '', tokens[1]];
}

function categoryRules(rules: JsonObject, defects: string[]): RequestRules {
  const categories = new Map(
    Object.entries(rules).map(([name, value]) => [name.toLowerCase(), value] as const),
  );
  const query = new Map<string, RuleList>();
  for (const [name, value] of Object.entries(objectOf(categories.get('query')))) {
    setRule(query, name, matcherList(value, defects));
  }
  return {
    path: singleList(categories.get('path'), defects),
    query,
    status: singleList(categories.get('status'), defects),
  };
}

function setRule(rules: Map<string, RuleList>, name: string, list: RuleList | undefined): void {
  if (list !== undefined) {
    rules.set(name, list);
  }
}

/** Path and status hold the list itself; a list under any key (`""`, `"$"`) counts as well. */
function singleList(value: unknown, defects: string[]): RuleList | undefined {
  if (!isObject(value)) {
    return undefined;
  }
  return 'matchers' in value
    ? matcherList(value, defects)
    : matcherList(Object.values(value)[0], defects);
}

function matcherList(value: unknown, defects: string[]): RuleList | undefined {
  const { matchers, combine } = objectOf(value);
  if (!Array.isArray(matchers)) {
    return undefined;
  }
  const or = textOf(combine)?.toLowerCase() === 'or';
  return ruleList(matchers, or ? 'or' : 'and', defects);
}

/** An empty list is no rule at all. */
function ruleList(
  matchers: readonly unknown[],
  combine: 'and' | 'or',
  defects: string[],
): RuleList | undefined {
  const rules = matchers
    .map((matcher) => ruleOf(matcher, defects))
    .filter((rule) => rule !== undefined);
  return rules.length === 0 ? undefined : { rules, combine };
}

function ruleOf(matcher: unknown, defects: string[]): PactRule | undefined {
  const attributes = objectOf(matcher);
  const match = textOf(attributes.match) ?? ATTRIBUTE_THAT_NAMES.find((name) => name in attributes);
  if (match === undefined) {
    defects.push(
      `A matching rule names no kind (\`match\`): ${JSON.stringify(matcher)?.slice(0, 120)}`,
    );
    return undefined;
  }
  return { match, attributes };
}
