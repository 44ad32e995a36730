import {
  compareMessage,
  compareRequest,
  compareResponse,
  type Mismatch,
  type PartComparison,
  type SampleBody,
} from '@concordat/conformance';
import type { Batch, FuzzPart } from './batch.ts';
import { promisedText, queryText } from './pact-of-batch.ts';

/** What our engine says of a batch; rules that it does not judge count as mismatches of the whole. */
export function ourMismatches(batch: Batch): readonly Pick<Mismatch, 'path' | 'text'>[] {
  const { mismatches, unjudged } = compare(batch);
  return [...mismatches, ...unjudged.map((text) => ({ path: '', text: `not judged: ${text}` }))];
}

function compare(batch: Batch): PartComparison {
  const { actual, side } = batch;
  const body = bodyOf(actual);
  const promised = promisedText(batch);
  switch (side) {
    case 'message':
      return compareMessage(promised, { metadata: metadataOf(actual), body }, 4);
    case 'response':
      return compareResponse(
        promised,
        { status: actual.status, headers: headersOf(actual), body },
        batch.version === undefined ? 4 : 3,
      );
    case 'request':
      return compareRequest(
        promised,
        {
          method: 'POST',
          path: actual.path,
          query: queryText(actual),
          headers: headersOf(actual),
          body,
        },
        4,
      );
  }
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
