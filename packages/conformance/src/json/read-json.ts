import {
  describeJsonDefect,
  type JsonDefect,
  JsonNumber,
  type JsonValue,
  parseJson,
} from '@concordat/domain';
import { type Json, WrittenNumber } from './json-value.ts';

export type JsonReading =
  | { readonly ok: true; readonly value: Json }
  /** In the native library's words where they are known. */
  | { readonly ok: false; readonly words: string };

/** As deep as the native library reads. */
const DEEPEST = 127;

/**
 * Numbers that JSON.parse would not give back as written: integral decimals, exponents, `-0`, and so many digits that a double may
 * round. Only behind what a number can follow, so that texts (ids, times) seldom look like one; one that does costs time and no truth.
 */
const LOSES_SPELLING =
  /[:,[\s](?:-?\d+(?:\.0+(?!\d)|(?:\.\d+)?[eE])|-?[\d.]{16}|-0(?![\d.]*[1-9]))/;

/** Reads JSON without loss: by JSON.parse, which is many times faster, unless some number would lose its spelling. */
export function readJson(text: string): JsonReading {
  return isNumberAlone(text) || LOSES_SPELLING.test(text)
    ? readSlowly(text)
    : readWithoutSpelling(text);
}

/** Reads JSON where nobody asks how numbers were written. */
export function readWithoutSpelling(text: string): JsonReading {
  try {
    return { ok: true, value: JSON.parse(text) as Json };
  } catch {
    // Read again, to say where and why.
    return readSlowly(text);
  }
}

function isNumberAlone(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === 0x2d || (first >= 0x30 && first <= 0x39);
}

class OutOfRange extends Error {}

function readSlowly(text: string): JsonReading {
  const result = parseJson(text, DEEPEST);
  if (!result.ok) {
    return { ok: false, words: serdeWords(result.defect) };
  }
  try {
    return { ok: true, value: plain(result.value) };
  } catch (error) {
    if (error instanceof OutOfRange) {
      return { ok: false, words: error.message };
    }
    throw error;
  }
}

function plain(value: JsonValue): Json {
  if (value instanceof JsonNumber) {
    return numberOf(value.text);
  }
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).map(plain);
  }
  return value instanceof Map
    ? Object.fromEntries([...value].map(([key, member]) => [key, plain(member)]))
    : (value as string | boolean | null);
}

const LOWEST = -9_223_372_036_854_775_808n;
const HIGHEST = 18_446_744_073_709_551_615n;

function numberOf(text: string): number | WrittenNumber {
  const value = Number(text);
  if (!Number.isFinite(value)) {
    throw new OutOfRange('number out of range');
  }
  if (/^-?\d+$/.test(text) && !Object.is(value, -0)) {
    return integerOf(text, value);
  }
  return Number.isInteger(value) ? new WrittenNumber(false, decimalText(value), value) : value;
}

/** Beyond 64 bits an integer is read as a decimal. */
function integerOf(text: string, value: number): number | WrittenNumber {
  if (Number.isSafeInteger(value)) {
    return value;
  }
  const exact = BigInt(text);
  return exact >= LOWEST && exact <= HIGHEST
    ? new WrittenNumber(true, text, value)
    : new WrittenNumber(false, decimalText(value), value);
}

/** `100.0`, `1e+30`: a double as the native library writes it. */
export function decimalText(value: number): string {
  const scientific = value.toExponential();
  const exponent = Number(scientific.slice(scientific.indexOf('e') + 1));
  if (exponent < -5 || exponent >= 16) {
    return scientific;
  }
  const sign = Object.is(value, -0) ? '-' : '';
  return `${sign}${Number.isInteger(value) ? `${value}.0` : String(value)}`;
}

const SERDE_WORDS: readonly (readonly [ours: RegExp, theirs: string])[] = [
  [/^expected object key, got EOF/, 'EOF while parsing an object'],
  [/^expected object key/, 'key must be a string'],
  [/^unexpected end of input/, 'EOF while parsing a value'],
  [/^expected ':'/, 'expected `:`'],
  [/^expected ',' or '\}'/, 'expected `,` or `}`'],
  [/^unexpected character/, 'expected value'],
  [/^nesting of/, 'recursion limit exceeded'],
  [/^a number cannot start with 0/, 'invalid number'],
];

function serdeWords(defect: JsonDefect): string {
  const theirs = SERDE_WORDS.find(([ours]) => ours.test(defect.message))?.[1];
  return describeJsonDefect(theirs === undefined ? defect : { ...defect, message: theirs });
}
