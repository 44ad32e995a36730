import { type Batch, type FuzzPart, rulesOf } from './batch.ts';
import type { FuzzRules } from './fuzz-rules.ts';
import type { NativeAnswer, NativeRequest } from './native-library.ts';

const BODY = '"@@body@@"';
const METADATA = '"@@metadata@@"';

/** Interactions as one pact, each under the name of its place in the list. */
export function pactOf(batches: readonly Batch[]): string {
  const interactions = batches.map((batch, index) =>
    batch.side === 'message' ? messageText(batch, `b${index}`) : httpText(batch, `b${index}`),
  );
  return `{"consumer":{"name":"consumer"},"provider":{"name":"provider"},"interactions":[${interactions.join(',')}],"metadata":{"pactSpecification":{"version":"${batches[0]?.version ?? 4}.0.0"}}}`;
}

function messageText(batch: Batch, name: string): string {
  return `{"type":"Asynchronous/Messages","description":"${name}",${promisedText(batch).slice(1)}`;
}

function httpText(batch: Batch, name: string): string {
  const [request, response] =
    batch.side === 'request'
      ? [promisedText(batch), '{"status":200}']
      : [`{"method":"GET","path":"/${name}"}`, promisedText(batch)];
  return `{"type":"Synchronous/HTTP","description":"${name}","request":${request},"response":${response}}`;
}

/** The promised part as a pact has it; numbers stay as they are spelled. */
export function promisedText(batch: Batch): string {
  return JSON.stringify(partOf(batch))
    .replace(BODY, () => contentText(batch.promised))
    .replace(METADATA, () => metadataText(batch.promised));
}

function partOf(batch: Batch): object {
  const { promised, side } = batch;
  const matchingRules = rulesJson(batch);
  if (side === 'message') {
    return { metadata: METADATA.slice(1, -1), ...bodyOf('contents', promised), matchingRules };
  }
  const old = batch.version !== undefined;
  const headers = old ? joined(headersOf(promised)) : headersOf(promised);
  const body =
    old && promised.body !== undefined ? { body: BODY.slice(1, -1) } : bodyOf('body', promised);
  const rest = { headers, ...body, matchingRules };
  return side === 'response'
    ? { status: promised.status, ...rest }
    : { method: 'POST', path: promised.path, query: listsOf(promised.query), ...rest };
}

function metadataText({ metadata, contentType }: FuzzPart): string {
  const type: FuzzPart['metadata'] =
    contentType === undefined ? [] : [['contentType', JSON.stringify(contentType)]];
  const members = [...type, ...metadata].map(([key, json]) => `${JSON.stringify(key)}:${json}`);
  return `{${members.join(',')}}`;
}

function bodyOf(key: 'body' | 'contents', { body, contentType }: FuzzPart): object {
  if (body === undefined) {
    return {};
  }
  const type = contentType === undefined ? {} : { contentType };
  return { [key]: { ...type, encoded: false, content: BODY.slice(1, -1) } };
}

/** JSON as JSON where it is some, anything else as a text. */
function contentText({ body = '', contentType = '' }: FuzzPart): string {
  if (/^application\/(?:json|hal\+json|graphql)/.test(contentType)) {
    try {
      JSON.parse(body);
      return body;
    } catch {
      // A text it is.
    }
  }
  return JSON.stringify(body);
}

function headersOf({ headers, contentType }: FuzzPart): Record<string, string[]> {
  return {
    ...(contentType === undefined ? {} : { 'Content-Type': [contentType] }),
    ...listsOf(headers),
  };
}

/** Before version 4 a header is one text. */
function joined(headers: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [name, values.join(', ')]),
  );
}

/** By name, in the order of their values. */
function listsOf(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const lists: Record<string, string[]> = {};
  for (const [name, value] of pairs) {
    lists[name] = [...(lists[name] ?? []), value];
  }
  return lists;
}

function rulesJson(batch: Batch): Record<string, unknown> {
  const rules: FuzzRules = rulesOf(batch);
  const { category } = batch;
  if (batch.version === 2) {
    return flatRules(rules);
  }
  if (category === 'path' || category === 'status') {
    const [list] = Object.values(rules);
    return list === undefined ? {} : { [category]: list };
  }
  return Object.keys(rules).length === 0 ? {} : { [category]: rules };
}

/** Version 2 knows one rule a path, and paths from the part. */
function flatRules(rules: FuzzRules): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(rules).map(([path, { matchers }]) => [`$.body${path.slice(1)}`, matchers[0]]),
  );
}

export function answerOf({ side, actual }: Batch): NativeAnswer {
  const { metadata, ...rest } = actual;
  const text = metadataText({ ...rest, metadata, contentType: undefined });
  const proxied: FuzzPart['headers'] =
    side === 'message' ? [['Pact-Message-Metadata', Buffer.from(text).toString('base64')]] : [];
  return {
    status: actual.status,
    headers: [...typeHeader(actual), ...actual.headers, ...proxied],
    body: Buffer.from(actual.body ?? '').toString('base64'),
  };
}

function typeHeader({ contentType }: FuzzPart): FuzzPart['headers'] {
  return contentType === undefined ? [] : [['Content-Type', contentType]];
}

export function requestOf(batch: Batch): NativeRequest {
  const { promised, actual } = batch;
  const query = queryText(actual);
  return {
    method: 'POST',
    path: promised.path,
    query: numbered(promised.query),
    // With a body the builder adds the header itself.
    headers: numbered([...(promised.body ? [] : typeHeader(promised)), ...promised.headers]),
    body:
      promised.body === undefined
        ? undefined
        : { contentType: promised.contentType ?? '', content: promised.body },
    rules: JSON.stringify(rulesJson(batch)),
    sent: {
      method: 'POST',
      target: query === '' ? actual.path : `${actual.path}?${query}`,
      headers: [...typeHeader(actual), ...actual.headers],
      body: Buffer.from(actual.body ?? '').toString('base64'),
    },
  };
}

export function queryText({ query }: FuzzPart): string {
  return new URLSearchParams(
    query.map(([name, value]): [string, string] => [name, value]),
  ).toString();
}

/** Each value with its number among those of its name. */
function numbered(
  pairs: readonly (readonly [string, string])[],
): readonly (readonly [string, number, string])[] {
  const counts = new Map<string, number>();
  return pairs.map(([name, value]) => {
    const index = counts.get(name) ?? 0;
    counts.set(name, index + 1);
    return [name, index, value];
  });
}
