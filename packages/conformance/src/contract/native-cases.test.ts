import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PromisedBody } from '../bodies/compile-body.ts';
import { readJson } from '../json/read-json.ts';
import { type JsonObject, objectOf } from '../pact/json-values.ts';
import {
  type PartReading,
  type PromisedPart,
  readMessagePart,
  readRequest,
  readResponse,
} from '../pact/pact-parts.ts';
import type { QueryValues } from '../pact/parse-query.ts';
import {
  compareMessage,
  compareRequest,
  compareResponse,
  type PartComparison,
  type PartVersion,
} from './compare-parts.ts';
import type { MessageSample, RequestSample, ResponseSample, SampleBody } from './sample.ts';

type Kind = 'request' | 'response' | 'message';

interface PartCase {
  readonly kind: Kind;
  readonly version: PartVersion;
  /** JSON texts of a pact's parts. */
  readonly expected: string;
  readonly actual: string;
}

/** What came, written as a pact would write it, as a real part. */
const COMPARE: Readonly<Record<Kind, (one: PartCase) => PartComparison>> = {
  request: ({ expected, actual, version }) =>
    compareRequest(expected, requestSample(objectFrom(actual), version), version),
  response: ({ expected, actual, version }) =>
    compareResponse(expected, responseSample(objectFrom(actual), version), version),
  message: ({ expected, actual, version }) =>
    compareMessage(expected, messageSample(objectFrom(actual), version), version),
};

function objectFrom(text: string): JsonObject {
  const reading = readJson(text);
  return reading.ok ? objectOf(reading.value) : {};
}

function readingOf(version: PartVersion): PartReading {
  return { notation: version === 4 ? 'wrapped' : 'bare', defects: [] };
}

function requestSample(actual: JsonObject, version: PartVersion): RequestSample {
  const request = readRequest(actual, readingOf(version));
  return {
    method: request.method,
    path: request.path,
    query: typeof actual.query === 'string' ? actual.query : queryText(request.query),
    headers: headersOf(actual),
    body: onTheWire(request),
  };
}

function responseSample(actual: JsonObject, version: PartVersion): ResponseSample {
  const response = readResponse(actual, readingOf(version));
  return { status: response.status, headers: headersOf(actual), body: onTheWire(response) };
}

function messageSample(
  actual: JsonObject,
  version: PartVersion,
): Pick<MessageSample, 'metadata' | 'body'> {
  const message = readMessagePart(actual, readingOf(version));
  return { metadata: message.metadata, body: bodyOf(message.body) };
}

/** What a body says of itself does not travel where a header says it. */
function onTheWire({ headers, body }: PromisedPart): SampleBody {
  const stated = headers.some(({ name }) => name.toLowerCase() === 'content-type');
  return { ...bodyOf(body), ...(stated ? { contentType: undefined } : {}) };
}

function headersOf({ headers }: JsonObject): ResponseSample['headers'] {
  return objectOf(headers) as ResponseSample['headers'];
}

function bodyOf(body: PromisedBody): SampleBody {
  return body.kind === 'present'
    ? { contentType: body.contentType, content: body.content }
    : { contentType: undefined, content: new Uint8Array() };
}

function queryText(query: QueryValues): string {
  return [...query]
    .flatMap(([name, values]) => values.map((value) => pairText(name, value)))
    .join('&');
}

function pairText(name: string, value: string | null): string {
  return value === null
    ? encodeURIComponent(name)
    : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
}

function isKept({ mismatches, unjudged }: PartComparison): boolean {
  return mismatches.length === 0 && unjudged.length === 0;
}

function casesIn<T>(name: string): readonly T[] {
  const file = new URL(`../../../../test/cases/${name}`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly T[] }).cases;
}

interface SpecificationCase {
  readonly caption: string;
  readonly version: string;
  readonly part: Kind;
  readonly match: boolean;
  readonly expected: JsonObject;
  readonly actual: JsonObject;
}

/** Where the native library disagrees with the specification's own case; its verdict counts. */
const NATIVE_DEVIATIONS: ReadonlySet<string> = new Set([
  'v1 request query: different param order',
  'v1 request query: trailing amperand',
  'v2 request body: matches with regex xml',
  'v3 request body: matches with regex xml',
]);

const specification = casesIn<SpecificationCase>('pact-specification/cases.json');

describe('the cases of the Pact specification', () => {
  test.each(specification)('$caption', ({ caption, part, match, expected, actual }) => {
    const comparison = COMPARE[part]({
      kind: part,
      version: 3,
      expected: JSON.stringify(expected),
      actual: JSON.stringify(actual),
    });
    expect(isKept(comparison)).toBe(match !== NATIVE_DEVIATIONS.has(caption));
  });

  test.each(specification.filter(({ version }) => version === 'v3'))(
    'in the notation of version 4: $caption',
    ({ caption, part, match, expected, actual }) => {
      const comparison = COMPARE[part]({
        kind: part,
        version: 4,
        expected: JSON.stringify(inVersion4(expected, part)),
        actual: JSON.stringify(inVersion4(actual, part)),
      });
      expect(isKept(comparison)).toBe(match !== NATIVE_DEVIATIONS.has(caption));
    },
  );
});

/** Headers as lists, the body in its wrapper. */
function inVersion4(part: JsonObject, kind: Kind): JsonObject {
  const reading = readingOf(3);
  if (kind === 'message') {
    const { metaData, contents: _contents, ...rest } = part;
    const metadata = part.metadata ?? metaData;
    const { body } = readMessagePart(part, reading);
    return {
      ...rest,
      ...(metadata === undefined ? {} : { metadata }),
      ...wrapped('contents', body),
    };
  }
  const { headers, body } = readResponse(part, reading);
  const lists = Object.fromEntries(headers.map(({ name, values }) => [name, values]));
  const { body: _body, ...rest } = part;
  return { ...rest, headers: lists, ...wrapped('body', body) };
}

function wrapped(key: string, body: PromisedBody): JsonObject {
  switch (body.kind) {
    case 'missing':
      return {};
    case 'null':
      return { [key]: { content: null } };
    case 'empty':
      return { [key]: { content: '' } };
    case 'present':
      return {
        [key]: { content: Buffer.from(body.content).toString('base64'), encoded: 'base64' },
      };
  }
}

interface NativeProbe {
  readonly caption: string;
  readonly kind: Kind;
  readonly version: string;
  readonly expected: JsonObject;
  readonly actual: JsonObject;
  readonly native: boolean;
  readonly error?: string;
  readonly mismatches: readonly {
    readonly type: string;
    readonly path: string;
    readonly text: string;
  }[];
}

/** Same verdict, other words: those of another regex or XML library, and what the recording of a probe brought with it. */
const OTHER_WORDS: ReadonlySet<string> = new Set([
  'regex: /(?s)a.c/ on "a\\nc"',
  'regex: /(/ on "x"',
  'regex: /(?P<n>a)/ on "a"',
  'xml: invalid xml',
  'content-type: text/json is json?',
  'path: regex unanchored',
  'path: case',
]);

const probes = casesIn<NativeProbe>('native-probes/probes.json');

describe('probes of the native library', () => {
  test.each(probes)('$caption', (probe) => {
    const comparison = COMPARE[probe.kind]({
      kind: probe.kind,
      version: probe.version === '4' ? 4 : 3,
      expected: withRawNumbers(probe.expected),
      actual: withRawNumbers(probe.actual),
    });
    expect(isKept(comparison)).toBe(probe.native);
    if (probe.error !== undefined) {
      // The native library refuses the whole pact; here the rest of it counts, and this interaction is not judged.
      expect(comparison.unjudged).toHaveLength(1);
      return;
    }
    if (OTHER_WORDS.has(probe.caption)) {
      expect(comparison.mismatches.length).toBeGreaterThan(0);
      return;
    }
    expect(new Set(comparison.mismatches.map(asNative))).toEqual(
      new Set(probe.mismatches.map(({ type, path, text }) => `${type} ${path} ${text}`)),
    );
  });
});

const TYPES = {
  body: 'BodyMismatch',
  'body-type': 'BodyTypeMismatch',
  header: 'HeaderMismatch',
  query: 'QueryMismatch',
  metadata: 'MetadataMismatch',
  status: 'StatusMismatch',
  path: 'PathMismatch',
  method: 'MethodMismatch',
} as const;

function asNative(mismatch: PartComparison['mismatches'][number]): string {
  const path = mismatch.part === 'body-type' ? '' : mismatch.path;
  return `${TYPES[mismatch.part]} ${path} ${mismatch.text}`;
}

/** Numbers whose spelling counts are written as texts. */
function withRawNumbers(part: JsonObject): string {
  return JSON.stringify(part).replaceAll(/"@@raw:(.*?)@@"/g, (_whole, text: string) =>
    JSON.parse(`"${text}"`),
  );
}
