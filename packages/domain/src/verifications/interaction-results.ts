import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { itemsOf, textOf } from '../json/read-member.ts';
import { writeJson } from '../json/write-json.ts';

/** What the run said about one interaction, or one check of it; verifiers name it by id, by description or by both. */
export interface InteractionResult {
  readonly interactionId: string | undefined;
  readonly description: string | undefined;
  /** Of the Ruby verifier, which knows no ids. */
  readonly providerState: string | undefined;
  readonly success: boolean;
  readonly mismatches: readonly ReportedMismatch[];
  /** Of a verifier that replays every interaction with a trace of its own. */
  readonly traceId: string | undefined;
}

/** One thing that was wrong, in the verifier's words. */
export interface ReportedMismatch {
  /** `body`, `status`, `header`, …; `exception` when nothing could be compared. */
  readonly attribute: string | undefined;
  /** JSON path, header name or class of the exception. */
  readonly identifier: string | undefined;
  readonly description: string;
}

/** Rust and JVM verifiers send a list, the Ruby one an object with `tests`; anything else says nothing about interactions. */
export function readInteractionResults(
  results: JsonValue | undefined,
): readonly InteractionResult[] {
  const list = isJsonObject(results) ? (results.get('tests') ?? results.get('examples')) : results;
  if (!isJsonArray(list)) return [];
  return list.flatMap((entry) => (isJsonObject(entry) ? interactionResult(entry) : []));
}

function interactionResult(entry: JsonObject): readonly InteractionResult[] {
  const success = successOf(entry);
  const interactionId = firstText(entry, ['interactionId', '_id']);
  const description = firstText(entry, [
    'interactionDescription',
    'testDescription',
    'fullDescription',
    'description',
  ]);
  if (success === undefined || (interactionId ?? description) === undefined) return [];
  return [
    {
      interactionId,
      description,
      providerState: firstText(entry, ['interactionProviderState']),
      success,
      mismatches: success ? [] : mismatchesOf(entry),
      traceId: firstText(entry, ['traceId']),
    },
  ];
}

function successOf(entry: JsonObject): boolean | undefined {
  const success = entry.get('success');
  if (typeof success === 'boolean') return success;
  const status = entry.get('status');
  return typeof status === 'string' ? status === 'passed' : undefined;
}

/** The Ruby verifier's exception repeats its differences at length, so it only counts without them. */
function mismatchesOf(entry: JsonObject): readonly ReportedMismatch[] {
  const listed = ['mismatches', 'exceptions', 'differences'].flatMap((key) =>
    itemsOf(entry.get(key)).map((item) => mismatchOf(item, key)),
  );
  const exception = entry.get('exception');
  if (listed.length > 0 || exception === undefined || exception === null) return listed;
  return [mismatchOf(exception, 'exceptions')];
}

function mismatchOf(item: JsonValue, list: string): ReportedMismatch {
  const attribute = list === 'exceptions' ? 'exception' : undefined;
  if (!isJsonObject(item)) {
    return { attribute, identifier: undefined, description: textOf(item) ?? writeJson(item) };
  }
  return {
    attribute: firstText(item, ['attribute']) ?? attribute,
    identifier: firstText(item, ['identifier', 'exceptionClass', 'class']),
    description: firstText(item, ['description', 'message', 'mismatch']) ?? writeJson(item),
  };
}

function firstText(entry: JsonObject, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = entry.get(key);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
