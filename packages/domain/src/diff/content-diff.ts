import { isJsonArray, isJsonObject, type JsonValue } from '../json/json-value.ts';
import { compareCodePoints, writeJson, writeSortedJson } from '../json/write-json.ts';
import { unifiedDiff } from './unified-diff.ts';

/**
 * What differs between two contents, one line a value: keys and interactions sorted, `_id`s left out. When interactions and
 * messages are equal, the documents are compared whole. Empty when nothing differs.
 */
export function contentDiff(before: JsonValue, after: JsonValue): string {
  const [old, fresh] = [arranged(before), arranged(after)];
  return documentDiff(promised(old), promised(fresh)) || documentDiff(old, fresh);
}

/** The same for everything the documents say, interactions in their own order. */
export function documentDiff(before: JsonValue, after: JsonValue): string {
  return unifiedDiff(linesOf(before), linesOf(after));
}

function linesOf(document: JsonValue): readonly string[] {
  return pretty(document, '').split('\n');
}

const PROMISES = ['interactions', 'messages'];

function arranged(document: JsonValue): JsonValue {
  if (!isJsonObject(document)) return document;
  const result = new Map(document);
  for (const key of PROMISES) {
    const items = document.get(key);
    if (isJsonArray(items)) result.set(key, sortedItems(items));
  }
  return result;
}

function promised(document: JsonValue): JsonValue {
  if (!isJsonObject(document)) return document;
  const promises = [...document].filter(
    ([key, value]) => PROMISES.includes(key) && isJsonArray(value),
  );
  return promises.length > 0 ? new Map(promises) : document;
}

function sortedItems(items: readonly JsonValue[]): readonly JsonValue[] {
  return items
    .map((item) => {
      if (!isJsonObject(item)) return item;
      const bare = new Map(item);
      bare.delete('_id');
      return bare;
    })
    .map((item) => ({ item, text: writeSortedJson(item) }))
    .sort((left, right) => compareCodePoints(left.text, right.text))
    .map(({ item }) => item);
}

function pretty(value: JsonValue, indent: string): string {
  const inner = `${indent}  `;
  if (isJsonArray(value) && value.length > 0) {
    return `[\n${value.map((item) => inner + pretty(item, inner)).join(',\n')}\n${indent}]`;
  }
  if (isJsonObject(value) && value.size > 0) {
    const members = [...value]
      .sort(([left], [right]) => compareCodePoints(left, right))
      .map(([key, member]) => `${inner}${JSON.stringify(key)}: ${pretty(member, inner)}`);
    return `{\n${members.join(',\n')}\n${indent}}`;
  }
  return writeJson(value);
}
