import { indentJson } from '../json/indent-json.ts';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import { parseJson } from '../json/parse-json.ts';
import { entriesOf, itemsOf, textOf } from '../json/read-member.ts';
import { writeJson } from '../json/write-json.ts';
import type { DescribedBody } from './described-interaction.ts';

/**
 * Contents in the form of their version: version 4 wraps them (`{content, contentType, encoded}`), earlier ones have the value
 * itself. Undefined when nothing is promised about them.
 */
export function describeBody(
  contents: JsonValue | undefined,
  mediaType: string | undefined,
): DescribedBody | undefined {
  if (contents === undefined || contents === null) return undefined;
  if (!isJsonObject(contents) || !contents.has('content')) return valueBody(contents, mediaType);
  const type = textOf(contents.get('contentType')) ?? mediaType;
  const content = contents.get('content') ?? null;
  return isBase64(contents.get('encoded')) && typeof content === 'string'
    ? { form: 'base64', text: content, mediaType: type }
    : valueBody(content, type);
}

/** The JSON value of a body; undefined when it is text or binary. */
export function jsonOf(body: DescribedBody): JsonValue | undefined {
  const parsed = body.form === 'json' ? parseJson(body.text) : undefined;
  return parsed?.ok === true ? parsed.value : undefined;
}

/** A string is JSON text when its type says so and it can be read, and else what it is. */
function valueBody(value: JsonValue, mediaType: string | undefined): DescribedBody {
  if (typeof value !== 'string') return { form: 'json', text: indented(value), mediaType };
  const parsed = isJsonType(mediaType) ? parseJson(value) : undefined;
  return parsed?.ok === true
    ? { form: 'json', text: indented(parsed.value), mediaType }
    : { form: 'text', text: value, mediaType };
}

function isJsonType(mediaType: string | undefined): boolean {
  return mediaType !== undefined && /[/+]json\b/i.test(mediaType);
}

function indented(value: JsonValue): string {
  return indentJson(writeJson(value));
}

/** Version 4 names the encoding; `true` means the same. */
function isBase64(encoded: JsonValue | undefined): boolean {
  return encoded === true || textOf(encoded)?.toLowerCase() === 'base64';
}

/** The media type that headers or metadata name, without its parameters. */
export function mediaTypeIn(headers: JsonValue | undefined): string | undefined {
  const named = entriesOf(headers).find(([name]) => /^content-?type$/i.test(name))?.[1];
  const text = textOf(named) ?? textOf(itemsOf(named)[0]);
  return text?.split(';', 1)[0]?.trim().toLowerCase();
}
