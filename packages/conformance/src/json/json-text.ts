import {
  isInteger,
  isList,
  isRecord,
  type Json,
  type JsonRecord,
  WrittenNumber,
} from './json-value.ts';
import { decimalText } from './read-json.ts';

/** Texts of values nested deeper are cut: JavaScript could not write them. */
const DEEPEST = 200;

/** Compact JSON with sorted keys: what the native library applies patterns to and shows. */
export function jsonText(value: Json, depth = 0): string {
  if (depth > DEEPEST) {
    return '…';
  }
  if (isList(value)) {
    return `[${value.map((item) => jsonText(item, depth + 1)).join(',')}]`;
  }
  if (isRecord(value)) {
    const members = sortedKeys(value).map(
      (key) => `${JSON.stringify(key)}:${jsonText(value[key] ?? null, depth + 1)}`,
    );
    return `{${members.join(',')}}`;
  }
  return typeof value === 'number' || value instanceof WrittenNumber
    ? numberText(value)
    : JSON.stringify(value);
}

export function sortedKeys(record: JsonRecord): string[] {
  return Object.keys(record).sort();
}

function numberText(value: number | WrittenNumber): string {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? String(value) : decimalText(value);
  }
  return value.text;
}

/** `'x' (String)`, `1.0 (Decimal)`. */
export function valueAndType(value: Json): string {
  return `${typeof value === 'string' ? `'${value}'` : jsonText(value)} (${typeName(value)})`;
}

function typeName(value: Json): string {
  switch (typeof value) {
    case 'string':
      return 'String';
    case 'boolean':
      return 'Boolean';
    case 'number':
      return Number.isInteger(value) ? 'Integer' : 'Decimal';
    default:
      return objectTypeName(value);
  }
}

function objectTypeName(value: Json): string {
  if (value === null) {
    return 'Null';
  }
  if (isList(value)) {
    return 'Array';
  }
  if (value instanceof WrittenNumber) {
    return isInteger(value) ? 'Integer' : 'Decimal';
  }
  return 'Object';
}

/** Members of a container as texts within a JSON text: `{"a":"\"x\""}`, `["1"]`. */
export function membersText(value: readonly Json[] | JsonRecord): string {
  if (isList(value)) {
    return JSON.stringify(value.map((item) => jsonText(item)));
  }
  const members = sortedKeys(value).map(
    (key) => `${JSON.stringify(key)}:${JSON.stringify(jsonText(value[key] ?? null))}`,
  );
  return `{${members.join(',')}}`;
}

/** With its size, as the native library shows what is too short or too long. */
export function sizedText(value: readonly Json[] | JsonRecord): string {
  if (isList(value)) {
    return `[${value.map((item) => jsonText(item)).join(', ')}] (size ${value.length})`;
  }
  return `${debugMembers(value)} (size ${Object.keys(value).length})`;
}

function debugMembers(record: JsonRecord, depth = 0): string {
  const members = sortedKeys(record).map(
    (key) => `${JSON.stringify(key)}: ${debugText(record[key] ?? null, depth + 1)}`,
  );
  return `{${members.join(', ')}}`;
}

/** As Rust prints the value for its developers. */
function debugText(value: Json, depth: number): string {
  if (depth > DEEPEST) {
    return '…';
  }
  if (isList(value)) {
    return `Array [${value.map((item) => debugText(item, depth + 1)).join(', ')}]`;
  }
  if (isRecord(value)) {
    return `Object ${debugMembers(value, depth + 1)}`;
  }
  if (typeof value === 'string') {
    return `String(${JSON.stringify(value)})`;
  }
  if (value === null) {
    return 'Null';
  }
  return typeof value === 'boolean' ? `Bool(${value})` : `Number(${jsonText(value)})`;
}
