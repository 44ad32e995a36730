import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { writeSortedJson } from '../json/write-json.ts';

const LISTS = ['interactions', 'messages'] as const;
const STATE_KEYS = ['provider_state', 'providerState', 'providerStates'] as const;

/** Descriptions of the interactions that both documents have with another request; such documents should not be merged. */
export function mergeConflicts(existing: JsonValue, added: JsonValue): readonly string[] {
  const requests = new Map(
    interactionsOf(existing).map((item) => [identityOf(item), requestOf(item)]),
  );
  return interactionsOf(added)
    .filter((item) => {
      const request = requests.get(identityOf(item));
      return request !== undefined && request !== requestOf(item);
    })
    .map((item) => String(item.get('description') ?? ''));
}

/** Descriptions of the existing interactions and messages that a merge would replace with something else, not only add to. */
export function changedByMerge(existing: JsonValue, added: JsonValue): readonly string[] {
  return LISTS.flatMap((list) => {
    const olds = new Map(
      itemsOf(existing, list).map((item) => [identityOf(item), contentOf(item)]),
    );
    return itemsOf(added, list)
      .filter((item) => {
        const content = olds.get(identityOf(item));
        return content !== undefined && content !== contentOf(item);
      })
      .map((item) => String(item.get('description') ?? ''));
  });
}

/**
 * The existing document with the added one's interactions and messages: one with the same description and provider state
 * replaces the old one in its place, others come after. All else stays as it was.
 */
export function mergePacts(existing: JsonValue, added: JsonValue): JsonValue {
  if (!isJsonObject(existing) || !isJsonObject(added)) return added;
  const merged = new Map(existing);
  for (const list of LISTS) {
    const news = added.get(list);
    if (!isJsonArray(news)) continue;
    const olds = existing.get(list);
    merged.set(list, mergeLists(isJsonArray(olds) ? olds : [], news));
  }
  return merged;
}

function mergeLists(olds: readonly JsonValue[], news: readonly JsonValue[]): readonly JsonValue[] {
  const result = new Map<string, JsonValue>();
  for (const item of [...olds, ...news]) result.set(identityOf(item), item);
  return [...result.values()];
}

function interactionsOf(document: JsonValue): readonly JsonObject[] {
  return itemsOf(document, 'interactions');
}

function itemsOf(document: JsonValue, list: (typeof LISTS)[number]): readonly JsonObject[] {
  const items = isJsonObject(document) ? document.get(list) : undefined;
  return isJsonArray(items) ? items.filter(isJsonObject) : [];
}

/** Without the id that the broker gives. */
function contentOf(item: JsonObject): string {
  const bare = new Map(item);
  bare.delete('_id');
  return writeSortedJson(bare);
}

/** What is no interaction at all is only the same as itself. */
function identityOf(item: JsonValue): string {
  if (!isJsonObject(item)) return writeSortedJson(item);
  const stateKey = STATE_KEYS.find((key) => item.has(key));
  const state = stateKey === undefined ? null : (item.get(stateKey) ?? null);
  return writeSortedJson([item.get('description') ?? null, state]);
}

function requestOf(item: JsonObject): string {
  return writeSortedJson(item.get('request') ?? null);
}
