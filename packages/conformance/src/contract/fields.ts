import type { PromisedBody } from '../bodies/compile-body.ts';
import { bodyKindOf, mediaTypeOf } from '../bodies/media-type.ts';
import { isTooDeep } from '../json/compile-json-body.ts';
import { isList, isRecord, type Json } from '../json/json-value.ts';
import { readJson } from '../json/read-json.ts';
import { pointerTo } from '../rules/rule-path.ts';

/** JSON pointers of all members in a promised JSON body, positions in lists as `*`; none where the body is no JSON. */
export function fieldsIn(body: PromisedBody): readonly string[] {
  if (body.kind !== 'present') {
    return [];
  }
  const { content, contentType } = body;
  if (bodyKindOf(mediaTypeOf(contentType, content)) !== 'json') {
    return [];
  }
  const reading = readJson(Buffer.from(content).toString('utf8'));
  const fields = new Set<string>();
  if (reading.ok && !isTooDeep(reading.value)) {
    addFields(reading.value, [], fields);
  }
  return [...fields];
}

function addFields(value: Json, steps: readonly string[], fields: Set<string>): void {
  if (isList(value)) {
    for (const item of value) {
      addFields(item, [...steps, '*'], fields);
    }
  } else if (isRecord(value)) {
    for (const [key, member] of Object.entries(value)) {
      fields.add(pointerTo([...steps, key]));
      addFields(member, [...steps, key], fields);
    }
  }
}
