import { isJsonArray, isJsonObject, JsonNumber, type JsonValue } from './json-value.ts';

/** Compact JSON, keys in the document's order; neither `/` nor what is outside ASCII is escaped. */
export function writeJson(value: JsonValue): string {
  return write(value, (object) => [...object]);
}

/** Compact JSON with the keys of every object in the order of their code points; the order of arrays stays. */
export function writeSortedJson(value: JsonValue): string {
  return write(value, (object) =>
    [...object].sort(([left], [right]) => compareCodePoints(left, right)),
  );
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

type Entries = readonly (readonly [string, JsonValue])[];
type EntriesOf = (object: ReadonlyMap<string, JsonValue>) => Entries;

function write(value: JsonValue, entriesOf: EntriesOf): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof JsonNumber) return value.text;
  if (isJsonArray(value)) return `[${value.map((item) => write(item, entriesOf)).join(',')}]`;
  if (isJsonObject(value)) {
    const members = entriesOf(value).map(
      ([key, member]) => `${JSON.stringify(key)}:${write(member, entriesOf)}`,
    );
    return `{${members.join(',')}}`;
  }
  return String(value);
}

/** Surrogates stand for characters above all others. */
function rank(code: number): number {
  return code >= 0xd800 && code <= 0xdfff ? code + 0x10000 : code;
}
