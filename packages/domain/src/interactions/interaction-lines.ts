import { isJsonArray, isJsonObject, type JsonValue } from '../json/json-value.ts';
import { scalarOf } from '../json/read-member.ts';
import { writeJson } from '../json/write-json.ts';
import { jsonOf } from './describe-body.ts';
import type { DescribedInteraction, DescribedPart } from './described-interaction.ts';

/** A line is cut here, and a body after so many fields: a search index is no second store of contents. */
const LONGEST_LINE = 200;
const MOST_FIELDS = 500;

/**
 * What an interaction can be found by, one fact a line, the place first: `request GET /orders/1`, `response body /items/0/sku = "a"`,
 * `message metadata topic: orders`. Fields are named by their JSON pointer.
 */
export function interactionLines(interaction: DescribedInteraction): readonly string[] {
  const { description, providerStates, comments, transport, plugins, parts } = interaction;
  return [
    `description ${description}`,
    ...providerStates.map(({ name, parameters }) => `given ${name}${spaced(parameters)}`),
    ...comments.map((comment) => `comment ${comment}`),
    ...(transport === undefined ? [] : [`transport ${transport}`]),
    ...plugins.map(({ name, version }) => `plugin ${name}${spaced(version)}`),
    ...(interaction.markup === undefined ? [] : interaction.markup.text.split('\n')),
    ...parts.flatMap((part) =>
      partLines(part, interaction.kind === 'http' ? 'header' : 'metadata'),
    ),
  ]
    .map((line) => line.trim().slice(0, LONGEST_LINE))
    .filter((line) => line !== '');
}

function partLines(part: DescribedPart, headerWord: string): readonly string[] {
  const { name, headline, headers, body, rules } = part;
  return [
    ...(headline === '' ? [] : [`${name} ${headline}`]),
    ...headers.map((header) => `${name} ${headerWord} ${header.name}: ${header.value}`),
    ...(body?.mediaType === undefined ? [] : [`${name} body type ${body.mediaType}`]),
    ...bodyLines(part),
    ...rules.map(({ place, text }) => `${name} rule ${place}: ${text}`),
  ];
}

function bodyLines({ name, body }: DescribedPart): readonly string[] {
  if (body === undefined || body.form === 'base64') return [];
  const value = jsonOf(body);
  if (value === undefined) return body.text.split('\n').map((line) => `${name} body ${line}`);
  const lines: string[] = [];
  addFields(value, '', (pointer, text) => {
    if (lines.length < MOST_FIELDS) lines.push(`${name} body ${pointer || '/'} = ${text}`);
  });
  return lines;
}

function addFields(
  value: JsonValue,
  pointer: string,
  add: (pointer: string, text: string) => void,
): void {
  if (isJsonObject(value)) {
    for (const [key, member] of value) addFields(member, `${pointer}/${escaped(key)}`, add);
  } else if (isJsonArray(value)) {
    value.forEach((item, index) => {
      addFields(item, `${pointer}/${index}`, add);
    });
  } else {
    add(pointer, scalarOf(value) ?? writeJson(value));
  }
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function spaced(text: string | undefined): string {
  return text === undefined ? '' : ` ${text}`;
}
