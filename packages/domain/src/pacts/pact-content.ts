import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { compareCodePoints, writeJson, writeSortedJson } from '../json/write-json.ts';

/** SHA-1 of the text's UTF-8 bytes as 40 hex digits. */
export type Sha1 = (text: string) => string;

/**
 * The identity of a pact's content, by the Pact Broker's own algorithm: interactions (else messages) without regard to their
 * order or the order of keys, and the specification version; everything else is ignored. A document without either is
 * identified by its whole text.
 */
export function contentSha(document: JsonValue, sha1: Sha1): string {
  const parts = isJsonObject(document) ? identifyingParts(document) : [];
  if (parts.length > 0) return sha1(`{${parts.join(',')}}`);
  return sha1(sortsKeys(document) ? writeSortedJson(document) : writeJson(document));
}

/** The identity of content of which every part counts: names, metadata, order; only white space does not. */
export function documentSha(document: JsonValue, sha1: Sha1): string {
  return sha1(writeJson(document));
}

/**
 * The content as it is stored and served: compact, and every interaction or message begins with an `_id`, its own or the SHA-1
 * of its key-sorted text.
 */
export function servedContent(document: JsonValue, sha1: Sha1): string {
  if (!isJsonObject(document)) return writeJson(document);
  const served = new Map(document);
  for (const key of ['interactions', 'messages']) {
    const items = document.get(key);
    if (isJsonArray(items))
      served.set(
        key,
        items.map((item) => withId(item, sha1)),
      );
  }
  return writeJson(served);
}

/** The text of `key.name` when it is there: the names a pact claims for its two sides. */
export function nameInContent(
  document: JsonValue,
  key: 'consumer' | 'provider',
): string | undefined {
  const side = isJsonObject(document) ? document.get(key) : undefined;
  const name = isJsonObject(side) ? side.get('name') : undefined;
  return typeof name === 'string' ? name : undefined;
}

function identifyingParts(document: JsonObject): readonly string[] {
  const sortedKey = sortKey(document);
  const parts = (['interactions', 'messages'] as const).flatMap((key) => {
    const items = document.get(key);
    if (!isJsonArray(items)) return [];
    const texts = items.map(writeSortedJson);
    if (key === sortedKey) texts.sort(compareCodePoints);
    return [`"${key}":[${texts.join(',')}]`];
  });
  const version = specificationVersion(document);
  if (parts.length === 0 || version === undefined) return parts;
  return [...parts, `"pact_specification_version":${writeSortedJson(version)}`];
}

/** Only the first of the two that is there is sorted. */
function sortKey(document: JsonObject): 'interactions' | 'messages' | undefined {
  if (isTruthy(document.get('interactions'))) return 'interactions';
  return isTruthy(document.get('messages')) ? 'messages' : undefined;
}

function sortsKeys(document: JsonValue): boolean {
  return isJsonObject(document) && sortKey(document) !== undefined;
}

function specificationVersion(document: JsonObject): JsonValue | undefined {
  const metadata = document.get('metadata');
  if (!isJsonObject(metadata)) return undefined;
  const versions = [
    memberOf(metadata.get('pactSpecification'), 'version'),
    memberOf(metadata.get('pact-specification'), 'version'),
    metadata.get('pactSpecificationVersion'),
  ];
  return versions.find(isTruthy);
}

function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) ? value.get(key) : undefined;
}

function withId(item: JsonValue, sha1: Sha1): JsonValue {
  if (!isJsonObject(item)) return item;
  const { _id, rest } = withoutId(item);
  return new Map<string, JsonValue>([['_id', _id ?? sha1(writeSortedJson(rest))], ...rest]);
}

function withoutId(item: JsonObject): {
  readonly _id: JsonValue | undefined;
  readonly rest: JsonObject;
} {
  const rest = new Map(item);
  rest.delete('_id');
  return { _id: item.get('_id'), rest };
}

/** Ruby's truth: only null, false and what is not there are not. */
function isTruthy(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== false;
}
