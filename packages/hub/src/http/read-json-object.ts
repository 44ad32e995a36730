import type { IncomingMessage } from 'node:http';
import { describeJsonDefect, parseJson } from '@concordat/domain';
import { HubError } from './hub-error.ts';
import { invalidJson, readText } from './read-body.ts';

/** A JSON object as the broker's routes expect it; no body at all is refused like broken JSON. */
export async function readJsonObject(
  request: IncomingMessage,
): Promise<Readonly<Record<string, unknown>>> {
  return jsonObjectFrom(await readText(request));
}

/** Like `readJsonObject`, but no body means `{}`: clients send none where nothing has to be said. */
export async function readOptionalJsonObject(
  request: IncomingMessage,
): Promise<Readonly<Record<string, unknown>>> {
  const text = await readText(request);
  return text.trim() === '' ? {} : jsonObjectFrom(text);
}

/** The object a text stands for; another value, or no JSON, is refused in the broker's words. */
export function jsonObjectFrom(text: string): Readonly<Record<string, unknown>> {
  const value = parse(storable(text));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new HubError(
    'INVALID_JSON',
    `RuntimeError - Expected JSON Object in request body but found ${rubyClassOf(value)}`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidJson(describe(text, error as Error), error);
  }
}

/** What no database can keep as text: NUL, and halves of surrogate pairs; in JSON both can only be written as escapes. */
const UNSTORABLE = /\\u(?:0000|[dD][89a-fA-F])/;
const ESCAPES =
  /\\(?:u0000|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[dD][89a-fA-F][0-9a-fA-F]{2}|.)/gs;
const REPLACED = /^\\u(?:0000|[dD]...)$/;

/** With U+FFFD in the place of what is no storable text, so that names are found again under what they are stored as. */
function storable(text: string): string {
  if (!UNSTORABLE.test(text)) return text;
  return text.replace(ESCAPES, (found) => (REPLACED.test(found) ? '\\ufffd' : found));
}

/** Our own reader knows line and column in the broker's words. */
function describe(text: string, error: Error): string {
  const result = parseJson(text);
  return result.ok ? error.message : describeJsonDefect(result.defect);
}

function rubyClassOf(value: unknown): string {
  if (value === null) return 'NilClass';
  if (Array.isArray(value)) return 'Array';
  switch (typeof value) {
    case 'string':
      return 'String';
    case 'number':
      return Number.isInteger(value) ? 'Integer' : 'Float';
    default:
      return value === true ? 'TrueClass' : 'FalseClass';
  }
}
