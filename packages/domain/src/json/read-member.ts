import { isJsonArray, isJsonObject, JsonNumber, type JsonValue } from './json-value.ts';

/** The member of an object; undefined when there is none, or no object. */
export function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) ? value.get(key) : undefined;
}

/** The elements of an array; none when it is no array. */
export function itemsOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isJsonArray(value) ? value : [];
}

/** The members of an object; none when it is no object. */
export function entriesOf(value: JsonValue | undefined): readonly (readonly [string, JsonValue])[] {
  return isJsonObject(value) ? [...value] : [];
}

export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A string as it is, a number as it was written; undefined for all else. */
export function scalarOf(value: JsonValue | undefined): string | undefined {
  return value instanceof JsonNumber ? value.text : textOf(value);
}
