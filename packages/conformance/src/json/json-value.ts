/**
 * A number of which JavaScript would forget how it was written: `1.0`, `1e2`, `-0`, integers beyond 2^53. All others are plain numbers,
 * so equal spellings always have equal forms.
 */
export class WrittenNumber {
  readonly isInteger: boolean;
  /** Digits of an integer, the shortest form of a decimal. */
  readonly text: string;
  readonly #value: number;

  constructor(isInteger: boolean, text: string, value: number) {
    this.isInteger = isInteger;
    this.text = text;
    this.#value = value;
  }

  valueOf(): number {
    return this.#value;
  }
}

export type JsonRecord = { readonly [key: string]: Json };
export type Json = null | boolean | string | number | WrittenNumber | readonly Json[] | JsonRecord;

export function isRecord(value: Json): value is JsonRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof WrittenNumber)
  );
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isNumber(value: Json): value is number | WrittenNumber {
  return typeof value === 'number' || value instanceof WrittenNumber;
}

/** Written as an integer, and within 64 bits. */
export function isInteger(value: Json): boolean {
  return typeof value === 'number'
    ? Number.isInteger(value)
    : value instanceof WrittenNumber && value.isInteger;
}

/** The member of an object that is its own: `constructor` is none of `{}`. */
export function memberOf(record: JsonRecord, key: string): Json | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Equal as the native library has it: integers and decimals differ, the order of keys does not count. */
export function sameJson(left: Json, right: Json): boolean {
  if (left === right) {
    return true;
  }
  if (left instanceof WrittenNumber || right instanceof WrittenNumber) {
    return isNumber(left) && isNumber(right) && sameNumber(left, right);
  }
  if (isList(left)) {
    return (
      isList(right) &&
      left.length === right.length &&
      left.every((item, at) => sameJson(item, right[at] ?? null))
    );
  }
  return isRecord(left) && isRecord(right) && sameRecord(left, right);
}

function sameNumber(left: number | WrittenNumber, right: number | WrittenNumber): boolean {
  if (isInteger(left) !== isInteger(right)) {
    return false;
  }
  return isInteger(left)
    ? textOfNumber(left) === textOfNumber(right)
    : Number(left) === Number(right);
}

function textOfNumber(value: number | WrittenNumber): string {
  return typeof value === 'number' ? String(value) : value.text;
}

function sameRecord(left: JsonRecord, right: JsonRecord): boolean {
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => {
      const other = memberOf(right, key);
      return other !== undefined && sameJson(left[key] ?? null, other);
    })
  );
}
