import { isJsonArray, isJsonObject, type JsonValue } from '../json/json-value.ts';
import { entriesOf, itemsOf, memberOf, scalarOf, textOf } from '../json/read-member.ts';
import { writeJson } from '../json/write-json.ts';
import type { DescribedRule } from './described-interaction.ts';

/**
 * The matching rules of a request, response or message, one line a rule. Version 2 keys them by a path that begins with `$`, later
 * versions by category; `path` and `status` have no path of their own.
 */
export function describeRules(rules: JsonValue | undefined): readonly DescribedRule[] {
  return entriesOf(rules).flatMap(([key, value]) => {
    if (key.startsWith('$')) return [{ place: placeOfVersion2(key), text: ruleText(value) }];
    return isRuleList(value)
      ? [{ place: key, text: listText(value) }]
      : entriesOf(value).map(([path, list]) => ({
          place: `${key} ${path}`,
          text: listText(list),
        }));
  });
}

/** Generators, one line each: what is made up when the interaction is replayed. */
export function describeGenerators(generators: JsonValue | undefined): readonly DescribedRule[] {
  return entriesOf(generators).flatMap(([category, value]) =>
    memberOf(value, 'type') === undefined
      ? entriesOf(value).map(([path, generator]) => ({
          place: category.startsWith('$') ? category : `${category} ${path}`,
          text: ruleText(generator, 'type'),
        }))
      : [{ place: placeOfVersion2(category), text: ruleText(value, 'type') }],
  );
}

function isRuleList(value: JsonValue): boolean {
  return isJsonArray(memberOf(value, 'matchers'));
}

function placeOfVersion2(path: string): string {
  return path.replace(/^\$\./, '').replace(/^(body|headers?|query|path)(?=[.[])/, '$1 $');
}

function listText(list: JsonValue): string {
  const combine = textOf(memberOf(list, 'combine'))?.toLowerCase() ?? 'and';
  const matchers = isRuleList(list) ? itemsOf(memberOf(list, 'matchers')) : itemsOf(list);
  if (matchers.length === 0) return ruleText(list);
  return matchers.map((matcher) => ruleText(matcher)).join(` ${combine} `);
}

/** The kind of the rule and then its attributes: `regex \d+`, `type, min 1`. */
function ruleText(rule: JsonValue, kindKey = 'match'): string {
  if (!isJsonObject(rule)) return writeJson(rule);
  const kind = textOf(rule.get(kindKey));
  const attributes = [...rule].filter(([name]) => name !== kindKey);
  const [first] = attributes;
  if (kind !== undefined && first !== undefined && attributes.length === 1 && first[0] === kind) {
    return `${kind} ${valueText(first[1])}`;
  }
  const texts = attributes.map(([name, value]) => `${name} ${valueText(value)}`);
  return [...(kind === undefined ? [] : [kind]), ...texts].join(', ');
}

function valueText(value: JsonValue): string {
  return scalarOf(value) ?? writeJson(value);
}
