import type { SpanKind } from '@concordat/domain';
import { parseGoDuration } from './go-duration.ts';
import { QuestionError } from './question.ts';

/** A parameter as it was found: API v3 knows some by several names. An empty one is absent. */
export interface Parameter {
  readonly name: string;
  readonly text: string | undefined;
}

/** The first of the names that has a value, else the first name without one. */
export function parameterOf(query: URLSearchParams, ...names: readonly string[]): Parameter {
  const name = names.find((one) => (query.get(one) ?? '') !== '') ?? names[0] ?? '';
  return { name, text: query.get(name) || undefined };
}

/** camelCase, and snake_case as older clients write it. */
export function bothSpellings(name: string): readonly [string, string] {
  return [name, name.replace(/[A-Z]/g, (upper) => `_${upper.toLowerCase()}`)];
}

export function wholeNumber({ name, text }: Parameter): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,16}$/.test(text)) return Number(text);
  throw new QuestionError(`unable to parse param '${name}': '${text}' is not a whole number`);
}

const trueWords = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const falseWords = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** In the words that Go takes for one. */
export function flag({ name, text }: Parameter): boolean {
  if (text === undefined || falseWords.has(text)) return false;
  if (trueWords.has(text)) return true;
  throw new QuestionError(`unable to parse param '${name}': '${text}' is neither true nor false`);
}

/** In microseconds. */
export function goDuration({ name, text }: Parameter): number | undefined {
  if (text === undefined) return undefined;
  const micros = parseGoDuration(text);
  if (micros !== undefined) return micros;
  throw new QuestionError(
    `unable to parse param '${name}': '${text}' is not a duration such as 1.2s`,
  );
}

const defaultLimit = 100;
const maxLimit = 1_500;

/** How many traces a search answers. */
export function limit(parameter: Parameter): number {
  const asked = wholeNumber(parameter) ?? defaultLimit;
  if (asked >= 1 && asked <= maxLimit) return asked;
  throw new QuestionError(`'${parameter.name}' must be from 1 to ${maxLimit}, and is ${asked}`);
}

/** RFC 3339 with any number of decimals, in microseconds. */
export function time({ name, text }: Parameter): number | undefined {
  if (text === undefined) return undefined;
  const micros = timeMicros(text);
  if (micros !== undefined) return micros;
  throw new QuestionError(`'${name}' must be a time such as 2026-01-01T00:00:00Z`);
}

export function requiredTime(parameter: Parameter): number {
  const micros = time(parameter);
  if (micros !== undefined) return micros;
  throw new QuestionError(`'${parameter.name}' must be a time such as 2026-01-01T00:00:00Z`);
}

const rfc3339 = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;

/** A Date holds milliseconds only. */
function timeMicros(text: string): number | undefined {
  const [, seconds, fraction = '', zone] = rfc3339.exec(text) ?? [];
  const millis = Date.parse(`${seconds}${zone}`.toUpperCase());
  if (Number.isNaN(millis)) return undefined;
  return millis * 1000 + Number(fraction.padEnd(9, '0').slice(0, 6));
}

/** Attributes to search for, as a JSON object whose values are texts. */
export function* tagObject({ name, text = '{}' }: Parameter): Generator<[string, string]> {
  for (const [key, value] of Object.entries(parseObject(text, name))) {
    if (typeof value !== 'string')
      throw new QuestionError(
        `malformed '${name}' parameter: the value of '${key}' is not a string`,
      );
    yield [key, value];
  }
}

function parseObject(text: string, name: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new QuestionError(`malformed '${name}' parameter, expecting a JSON object of strings`);
}

/** 1 to 32 hex digits, padded to 32, or 8 or 16 bytes in base64. */
export function traceId(text: string): string {
  if (/^[0-9a-f]{1,32}$/i.test(text)) return text.toLowerCase().padStart(32, '0');
  if (/^[\w+/-]{1,22}={0,2}$/.test(text)) {
    const bytes = Buffer.from(text, 'base64');
    if (bytes.length === 8 || bytes.length === 16) return bytes.toString('hex').padStart(32, '0');
  }
  throw new QuestionError(`'${text}' is not a trace id: give 1 to 32 hex digits`);
}

const kinds: readonly SpanKind[] = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];

/** The service and, where one is given, the kind of the operations that are asked for. */
export function operationsOf(query: URLSearchParams): {
  readonly service: string;
  readonly kind: SpanKind | undefined;
} {
  const service = query.get('service');
  if (service === null || service === '')
    throw new QuestionError("parameter 'service' is required");
  const { name, text } = parameterOf(query, ...bothSpellings('spanKind'));
  const kind = kinds.find((one) => one === text?.toLowerCase());
  if (text === undefined || kind !== undefined) return { service, kind };
  throw new QuestionError(`'${name}' must be one of ${kinds.join(', ')}, and is '${text}'`);
}
