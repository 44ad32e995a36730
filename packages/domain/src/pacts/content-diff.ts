import { isJsonArray, isJsonObject, type JsonValue } from '../json/json-value.ts';
import { compareCodePoints, writeJson, writeSortedJson } from '../json/write-json.ts';

const CONTEXT_LINES = 3;

/**
 * What differs between two contents, one line a value, `-` before the old and `+` before the new: keys and interactions sorted,
 * `_id`s left out, the equal lines around the difference reduced to three.
 */
export function contentDiff(before: JsonValue, after: JsonValue): string {
  const olds = linesOf(before);
  const news = linesOf(after);
  const start = commonLength(olds, news);
  const end = Math.min(
    commonLength([...olds].reverse(), [...news].reverse()),
    olds.length - start,
    news.length - start,
  );
  return [
    ...olds.slice(Math.max(0, start - CONTEXT_LINES), start).map((line) => ` ${line}`),
    ...olds.slice(start, olds.length - end).map((line) => `-${line}`),
    ...news.slice(start, news.length - end).map((line) => `+${line}`),
    ...olds.slice(olds.length - end, olds.length - end + CONTEXT_LINES).map((line) => ` ${line}`),
  ].join('\n');
}

function commonLength(left: readonly string[], right: readonly string[]): number {
  const different = left.findIndex((line, index) => line !== right[index]);
  return different < 0 ? left.length : different;
}

function linesOf(document: JsonValue): readonly string[] {
  return pretty(comparable(document), '').split('\n');
}

function comparable(document: JsonValue): JsonValue {
  if (!isJsonObject(document)) return document;
  const result = new Map<string, JsonValue>();
  for (const key of ['interactions', 'messages']) {
    const items = document.get(key);
    if (isJsonArray(items)) result.set(key, sortedItems(items));
  }
  return result.size > 0 ? result : document;
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
