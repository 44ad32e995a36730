/** A content type as far as comparing bodies asks; all in lower case but the values of parameters. */
export interface MediaType {
  readonly main: string;
  /** Without the suffix: `hal` of `hal+json`. */
  readonly sub: string;
  readonly suffix: string | undefined;
  readonly parameters: ReadonlyMap<string, string>;
}

export type BodyKind = 'json' | 'xml' | 'multipart' | 'form' | 'binary' | 'text';

const UNKNOWN: MediaType = { main: '*', sub: '*', suffix: undefined, parameters: new Map() };
const FORM = /^([\w!#$&^.*-]+)\/([\w!#$&^.*-]+)(?:\+([\w!#$&^.*+-]+))?\s*(?:;|$)/i;
const PARAMETER = /;\s*([\w!#$&^.*+-]+)=(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g;

const known = new Map<string, MediaType>();
const MOST_KNOWN = 500;

/** Reads a content-type header; what is no content type is the unknown one. Few are in use, so what was read is kept. */
export function parseMediaType(text: string): MediaType {
  const seen = known.get(text);
  if (seen !== undefined) {
    return seen;
  }
  const read = readMediaType(text);
  if (known.size < MOST_KNOWN && text.length < 200) {
    known.set(text, read);
  }
  return read;
}

function readMediaType(text: string): MediaType {
  const found = FORM.exec(text.trim());
  if (found === null) {
    return UNKNOWN;
  }
  const [, main = '', sub = '', suffix] = found;
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain] of text.matchAll(PARAMETER)) {
    parameters.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '');
  }
  return {
    main: main.toLowerCase(),
    sub: sub.toLowerCase(),
    suffix: suffix?.toLowerCase(),
    parameters,
  };
}

/** The stated content type, else what the first bytes look like; unknown where there are none. */
export function mediaTypeOf(stated: string | undefined, content: Uint8Array): MediaType {
  if (stated !== undefined && stated !== '') {
    return parseMediaType(stated);
  }
  return content.length === 0 ? UNKNOWN : detectMediaType(content);
}

const LOOKS_LIKE: readonly (readonly [start: RegExp, type: string])[] = [
  [/^\s*<\?xml\b/, 'application/xml'],
  [/^\s*(?:<!doctype|<html)/i, 'text/html'],
  [/^\s*<\w+/, 'application/xml'],
  [/^\s*(?:true|false|null|[0-9]+|"\w*|\{\s*(?:\}|"\w+)|\[\s*)/, 'application/json'],
];

/** By the first 32 bytes, as the native library tells it. */
export function detectMediaType(content: Uint8Array): MediaType {
  const start = content.subarray(0, 32);
  let text: string;
  try {
    // A letter that the cut tears apart says nothing about the rest: as a stream, it is waited for.
    text = new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
  } catch {
    return UNKNOWN;
  }
  return parseMediaType(LOOKS_LIKE.find(([form]) => form.test(text))?.[1] ?? 'text/plain');
}

export function isUnknown({ main, sub }: MediaType): boolean {
  return main === '*' || sub === '*';
}

/** A promised type without parameters allows any; one with parameters wants exactly those. XML is XML under both of its names. */
export function isEquivalent(promised: MediaType, actual: MediaType): boolean {
  const same = sameParameters(promised, actual);
  if (isPlainXml(promised) && isPlainXml(actual)) {
    return promised.parameters.size === 0 || same;
  }
  if (promised.main !== actual.main || promised.sub !== actual.sub) {
    return false;
  }
  return promised.parameters.size === 0 || (promised.suffix === actual.suffix && same);
}

/** The type by its suffix: `application/hal+json` is JSON. */
export function baseTypeOf({ main, sub, suffix }: MediaType): MediaType {
  return { main, sub: suffix ?? sub, suffix: undefined, parameters: new Map() };
}

export function withoutParameters({ main, sub, suffix }: MediaType): MediaType {
  return { main, sub, suffix, parameters: new Map() };
}

/** In the words of the native library, which leave no space before parameters. */
export function mediaTypeText({ main, sub, suffix, parameters }: MediaType): string {
  const type = `${main}/${sub}${suffix === undefined ? '' : `+${suffix}`}`;
  return [type, ...[...parameters].map(([name, value]) => `${name}=${value}`)].join(';');
}

/** Which comparison a promised body of this type is judged by. */
export function bodyKindOf(type: MediaType): BodyKind {
  if (isJson(type)) {
    return 'json';
  }
  if (isXml(type)) {
    return 'xml';
  }
  if (type.main === 'multipart') {
    return 'multipart';
  }
  if (type.main === 'application' && type.sub === 'x-www-form-urlencoded') {
    return 'form';
  }
  return BINARY_MAINS.has(type.main) ? 'binary' : 'text';
}

const BINARY_MAINS: ReadonlySet<string> = new Set([
  'audio',
  'font',
  'image',
  'video',
  'application',
]);

function isJson({ main, sub, suffix }: MediaType): boolean {
  return (
    main === 'application' && (sub.startsWith('json') || suffix === 'json' || sub === 'graphql')
  );
}

function isXml({ main, sub, suffix }: MediaType): boolean {
  return (main === 'application' || main === 'text') && (sub === 'xml' || suffix === 'xml');
}

function isPlainXml({ main, sub, suffix }: MediaType): boolean {
  return (main === 'application' || main === 'text') && sub === 'xml' && suffix === undefined;
}

function sameParameters(one: MediaType, other: MediaType): boolean {
  return (
    one.parameters.size === other.parameters.size &&
    [...one.parameters].every(([name, value]) => other.parameters.get(name) === value)
  );
}
