import { isObject, type JsonObject, objectOf, textOf } from './json-values.ts';
import type { PactRule, RuleList } from './pact-model.ts';

/** What can be told about a request or an answer without its body: the rules for path, query and status. */
export interface RequestRules {
  readonly path: RuleList | undefined;
  readonly query: ReadonlyMap<string, RuleList>;
  readonly status: RuleList | undefined;
}

export interface PartRules extends RequestRules {
  /** By name in lower case. */
  readonly header: ReadonlyMap<string, RuleList>;
  /** By path expression; of a body, or of a message's contents. */
  readonly body: ReadonlyMap<string, RuleList>;
  /** By path expression. */
  readonly metadata: ReadonlyMap<string, RuleList>;
}

/** Reads the rules for path, query and status alone, whichever form they have. */
export function parseRules(rules: unknown, defects: string[]): RequestRules {
  return requestRules(categoriesOf(rules), defects);
}

/** Reads all rules of a request, an answer or a message. */
export function parsePartRules(rules: unknown, defects: string[]): PartRules {
  const categories = categoriesOf(rules);
  const header = ruleMap(categories.header, defects);
  return {
    ...requestRules(categories, defects),
    header: new Map([...header].map(([name, list]) => [name.toLowerCase(), list])),
    body: ruleMap(categories.body, defects),
    metadata: ruleMap(categories.metadata, defects),
  };
}

/** Rules by path or name, as one category has them. */
export function parseRuleMap(rules: unknown, defects: string[]): ReadonlyMap<string, RuleList> {
  return ruleMap(Object.entries(objectOf(rules)), defects);
}

type RawRules = readonly (readonly [key: string, rules: unknown])[];

interface Categories {
  readonly path: unknown;
  readonly status: unknown;
  readonly query: RawRules;
  readonly header: RawRules;
  readonly body: RawRules;
  readonly metadata: RawRules;
}

/**
 * The form is told by the first key, as the native library does: `$…` is the flat form of version 2, anything else the categories of
 * version 3 and later.
 */
function categoriesOf(rules: unknown): Categories {
  const entries = Object.entries(objectOf(rules));
  return entries[0]?.[0].startsWith('$') === true ? flatCategories(entries) : named(entries);
}

function flatCategories(entries: RawRules): Categories {
  const found = { path: undefined as unknown, status: undefined as unknown };
  const lists = emptyLists();
  for (const [key, rule] of entries) {
    const list = { matchers: [rule] };
    if (key.startsWith('$.body')) {
      lists.body.push([`$${key.slice('$.body'.length)}`, list]);
      continue;
    }
    const [category, name] = flatKey(key);
    if (category === 'path' || category === 'status') {
      found[category] = list;
    } else if (name !== undefined) {
      lists[category.startsWith('header') ? 'header' : categoryOf(category)].push([name, list]);
    }
  }
  return { ...found, ...lists };
}

type ListCategory = 'query' | 'header' | 'body' | 'metadata';

function emptyLists(): Record<ListCategory, [string, unknown][]> {
  return { query: [], header: [], body: [], metadata: [] };
}

/** `$.query.a[0]` → query, a; `$.path` → path. Indexes are dropped, as the native library drops them. */
function flatKey(key: string): readonly [string, string | undefined] {
  const tokens = [...key.matchAll(/\.([^.[\]]+)|\['([^']*)'\]/g)].map(
    (found) => found[1] ?? found[2],
  );
  return [tokens[0] ?? '', tokens[1]];
}

function named(entries: RawRules): Categories {
  const found = { path: undefined as unknown, status: undefined as unknown };
  const lists = emptyLists();
  for (const [name, rules] of entries) {
    const category = name.toLowerCase();
    if (category === 'path' || category === 'status') {
      found[category] = rules;
    } else if (category !== 'method') {
      lists[categoryOf(category)].push(...Object.entries(objectOf(rules)));
    }
  }
  return { ...found, ...lists };
}

/** Rules for a message stand under `body`, `content` or `contents`: whatever no other category is called is the body. */
function categoryOf(category: string): ListCategory {
  switch (category) {
    case 'query':
    case 'metadata':
      return category;
    case 'header':
    case 'headers':
      return 'header';
    default:
      return 'body';
  }
}

function requestRules(categories: Categories, defects: string[]): RequestRules {
  return {
    path: singleList(categories.path, defects),
    query: ruleMap(categories.query, defects),
    status: singleList(categories.status, defects),
  };
}

function ruleMap(entries: RawRules, defects: string[]): ReadonlyMap<string, RuleList> {
  const rules = new Map<string, RuleList>();
  for (const [key, value] of entries) {
    const list = matcherList(value, defects);
    if (list !== undefined) {
      rules.set(key, list);
    }
  }
  return rules;
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

/** An empty list is no rule at all. */
function matcherList(value: unknown, defects: string[]): RuleList | undefined {
  const { matchers, combine } = objectOf(value);
  if (!Array.isArray(matchers)) {
    return undefined;
  }
  const rules = matchers
    .map((matcher: unknown) => parseRule(matcher, defects))
    .filter((rule) => rule !== undefined);
  const or = textOf(combine)?.toLowerCase() === 'or';
  return rules.length === 0 ? undefined : { rules, combine: or ? 'or' : 'and' };
}

const ATTRIBUTE_THAT_NAMES = ['regex', 'min', 'max', 'timestamp', 'time', 'date'] as const;

/** One rule; where it has no name an attribute tells which it is. */
export function parseRule(matcher: unknown, defects: string[]): PactRule | undefined {
  const attributes: JsonObject = objectOf(matcher);
  const match = textOf(attributes.match) ?? ATTRIBUTE_THAT_NAMES.find((name) => name in attributes);
  if (match === undefined) {
    defects.push(
      `A matching rule names no kind (\`match\`): ${JSON.stringify(matcher)?.slice(0, 120)}`,
    );
    return undefined;
  }
  return { match, attributes };
}
