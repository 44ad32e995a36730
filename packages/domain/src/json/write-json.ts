import {
  isJsonArray,
  isJsonObject,
  type JsonArray,
  JsonNumber,
  type JsonObject,
  type JsonValue,
} from './json-value.ts';

/** Compact JSON, keys in the document's order; neither `/` nor what is outside ASCII is escaped. */
export function writeJson(value: JsonValue): string {
  return write(value, (object) => [...object.keys()]);
}

/** Compact JSON with the keys of every object in the order of their code points; the order of arrays stays. */
export function writeSortedJson(value: JsonValue): string {
  return write(value, sortedKeys);
}

/** Orders strings as their UTF-8 bytes are ordered, where JavaScript's own order puts astral characters too low. */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

type KeysOf = (object: JsonObject) => readonly string[];

/** What a string may not hold to be its own JSON text between quotes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be escaped.
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;
const HAS_SURROGATE = /[\ud800-\udfff]/;

function write(value: JsonValue, keysOf: KeysOf): string {
  if (typeof value === 'string') return quote(value);
  if (value instanceof JsonNumber) return value.text;
  if (isJsonArray(value)) return writeArray(value, keysOf);
  return isJsonObject(value) ? writeObject(value, keysOf) : String(value);
}

function writeArray(items: JsonArray, keysOf: KeysOf): string {
  let text = '';
  for (const item of items) text += `${text === '' ? '' : ','}${write(item, keysOf)}`;
  return `[${text}]`;
}

function writeObject(object: JsonObject, keysOf: KeysOf): string {
  let text = '';
  for (const key of keysOf(object)) {
    text += `${text === '' ? '' : ','}${quote(key)}:${write(object.get(key) ?? null, keysOf)}`;
  }
  return `{${text}}`;
}

/** Publishing quotes every string of a pact twice; most need no escape, and JSON.stringify costs several times as much. */
function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** JavaScript's own order is that of code points unless astral characters take part. */
function sortedKeys(object: JsonObject): readonly string[] {
  const keys = [...object.keys()];
  return keys.some((key) => HAS_SURROGATE.test(key)) ? keys.sort(compareCodePoints) : keys.sort();
}

/** Surrogates stand for characters above all others. */
function rank(code: number): number {
  return code >= 0xd800 && code <= 0xdfff ? code + 0x10000 : code;
}
