/**
 * A number as it was written, because `1`, `1.0` and `1e0` are different promises and integers have no upper end. `text`
 * is valid JSON.
 */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type JsonArray = readonly JsonValue[];

/** In the order of the document; a plain object would move keys that look like array indexes to the front. */
export type JsonObject = ReadonlyMap<string, JsonValue>;

/** JSON without loss: what goes in comes out, but for insignificant white space. */
export type JsonValue = null | boolean | string | JsonNumber | JsonArray | JsonObject;

export function isJsonArray(value: JsonValue | undefined): value is JsonArray {
  return Array.isArray(value);
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}
