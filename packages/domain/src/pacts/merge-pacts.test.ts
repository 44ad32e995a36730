import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../json/json-value.ts';
import { parseJson } from '../json/parse-json.ts';
import { writeJson } from '../json/write-json.ts';
import { changedByMerge, mergeConflicts, mergePacts } from './merge-pacts.ts';

function json(text: string): JsonValue {
  const result = parseJson(text);
  if (!result.ok) throw new Error(result.defect.message);
  return result.value;
}

const merged = (one: string, other: string): string =>
  writeJson(mergePacts(json(one), json(other)));

describe('merging pacts', () => {
  test.each<[string, [string, string], string]>([
    [
      'a state that is null is like none',
      [
        '{"interactions":[{"description":"a","providerState":null}]}',
        '{"interactions":[{"description":"a"}]}',
      ],
      '{"interactions":[{"description":"a"}]}',
    ],
    [
      'a new interaction comes after the old ones',
      [
        '{"x":1,"interactions":[{"description":"a"}]}',
        '{"y":2,"interactions":[{"description":"b"}]}',
      ],
      '{"x":1,"interactions":[{"description":"a"},{"description":"b"}]}',
    ],
    [
      'one with the same description and state replaces the old one in its place',
      [
        '{"interactions":[{"description":"a","providerState":"s","v":1},{"description":"b"}]}',
        '{"interactions":[{"description":"a","providerState":"s","v":2}]}',
      ],
      '{"interactions":[{"description":"a","providerState":"s","v":2},{"description":"b"}]}',
    ],
    [
      'another state is another interaction',
      [
        '{"interactions":[{"description":"a","providerStates":[{"name":"s"}]}]}',
        '{"interactions":[{"description":"a"}]}',
      ],
      '{"interactions":[{"description":"a","providerStates":[{"name":"s"}]},{"description":"a"}]}',
    ],
    [
      'messages merge too',
      ['{"messages":[{"description":"a"}]}', '{"messages":[1]}'],
      '{"messages":[{"description":"a"},1]}',
    ],
    [
      'a list the old one lacks is added',
      ['{"a":1}', '{"messages":[{}]}'],
      '{"a":1,"messages":[{}]}',
    ],
    ['what is no object is replaced', ['[]', '{"interactions":[]}'], '{"interactions":[]}'],
  ])('%s', (_caption, [one, other], expected) => {
    expect(merged(one, other)).toBe(expected);
  });
});

describe('conflicts', () => {
  const old = '{"interactions":[{"description":"a","request":{"path":"/a"},"response":1},{}]}';
  test.each([
    [
      'another request for the same interaction',
      '{"interactions":[{"description":"a","request":{"path":"/b"}}]}',
      ['a'],
    ],
    [
      'another response is none',
      '{"interactions":[{"description":"a","request":{"path":"/a"},"response":2}]}',
      [],
    ],
    [
      'an unknown interaction is none',
      '{"interactions":[{"description":"b","request":{"path":"/b"}}]}',
      [],
    ],
    ['one without description has an empty name', '{"interactions":[{"request":{}}]}', ['']],
    ['a document without interactions has none', '{}', []],
    ['other JSON has none', '[]', []],
  ])('%s', (_caption, added, expected) => {
    expect(mergeConflicts(json(old), json(added))).toEqual(expected);
  });
});

describe('what a merge would change', () => {
  const old =
    '{"interactions":[{"_id":"x","description":"a","request":{},"response":{}}],"messages":[{"description":"m","contents":1},{}]}';
  test.each<[string, string, readonly string[]]>([
    [
      'an interaction said again, id or not',
      '{"interactions":[{"request":{},"response":{},"description":"a"}]}',
      [],
    ],
    [
      'a new interaction',
      '{"interactions":[{"description":"b"}],"messages":[{"description":"n"}]}',
      [],
    ],
    [
      'another response',
      '{"interactions":[{"description":"a","request":{},"response":{"status":1}}]}',
      ['a'],
    ],
    [
      'other contents of a message',
      '{"messages":[{"description":"m","contents":2},{"x":1}]}',
      ['m', ''],
    ],
    ['what is no pact', '[]', []],
  ])('%s', (_caption, added, changed) => {
    expect(changedByMerge(json(old), json(added))).toEqual(changed);
  });
});
