import {
  compareMessage,
  compareRequest,
  compareResponse,
  type HttpSample,
  type Mismatch,
  type PartComparison,
  type RequestSample,
  type ResponseSample,
  type SampleBody,
} from '@concordat/conformance';
import { type Batch, type FuzzPart, NOTHING } from './batch.ts';
import { promisedText, queryText } from './pact-of-batch.ts';

/** What our engine says of a batch; rules that it does not judge count as mismatches of the whole. */
export function ourMismatches(batch: Batch): readonly Pick<Mismatch, 'path' | 'text'>[] {
  const { mismatches, unjudged } = compare(batch);
  return [...mismatches, ...unjudged.map((text) => ({ path: '', text: `not judged: ${text}` }))];
}

function compare(batch: Batch): PartComparison {
  const { actual, side } = batch;
  const promised = promisedText(batch);
  const version = batch.version === undefined ? 4 : 3;
  switch (side) {
    case 'message':
      return compareMessage(
        promised,
        { metadata: metadataOf(actual), body: bodyOf(actual) },
        version,
      );
    case 'response':
      return compareResponse(promised, responseOf(actual), version);
    case 'request':
      return compareRequest(promised, requestOf(actual), version);
  }
}

/** The exchange around what came: the other side of it is as `pactOf` promises it for the first batch. */
export function exchangeOf({ side, actual }: Batch): HttpSample {
  return side === 'request'
    ? { request: requestOf(actual), response: responseOf(NOTHING) }
    : {
        request: { ...requestOf(NOTHING), method: 'GET', path: '/b0' },
        response: responseOf(actual),
      };
}

function responseOf(part: FuzzPart): ResponseSample {
  return { status: part.status, headers: headersOf(part), body: bodyOf(part) };
}

function requestOf(part: FuzzPart): RequestSample {
  const { path } = part;
  const query = queryText(part);
  return { method: 'POST', path, query, headers: headersOf(part), body: bodyOf(part) };
}

function bodyOf({ contentType, body }: FuzzPart): SampleBody {
  return { contentType, content: Buffer.from(body ?? '') };
}

function headersOf({ contentType, headers }: FuzzPart): Record<string, string[]> {
  const lists: Record<string, string[]> =
    contentType === undefined ? {} : { 'content-type': [contentType] };
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    lists[key] = [...(lists[key] ?? []), value];
  }
  return lists;
}

function metadataOf({ metadata, contentType }: FuzzPart): Record<string, unknown> {
  return {
    ...Object.fromEntries(metadata.map(([name, json]) => [name, JSON.parse(json)])),
    contentType: contentType ?? '',
  };
}
