import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../json/json-value.ts';
import { parseJson } from '../json/parse-json.ts';
import { contentSha, documentSha, nameInContent, servedContent } from './pact-content.ts';

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

function json(text: string): JsonValue {
  const result = parseJson(text);
  if (!result.ok) throw new Error(result.defect.message);
  return result.value;
}

const sha = (text: string): string => contentSha(json(text), sha1);

test.each([
  ['/things/1', 'b868b7a19b66d0810bd42423beacedaccf25b6fb'],
  ['/things/2', '89ebba9b5a902c59f1cc440e9e16abed64b33978'],
])('all of a document counts where it is to: %s', (path, expected) => {
  const text = `{"consumer":{"name":"Foo"},"provider":{"name":"Bar"},"interactions":[{"request":{"method":"GET","path":"${path}"},"response":{"status":200}}]}`;
  expect(documentSha(json(text), sha1)).toBe(expected);
});

describe('the identity of content', () => {
  test.each([
    [
      '{"consumer":{"name":"Foo"},"provider":{"name":"Bar"},"interactions":[]}',
      'ed7c1aebc3e11064ce9afc29297e1e36203583cd',
    ],
    [
      '{"interactions":[{"b":2,"a":1},{"d":4,"c":3}],"metadata":{"pactSpecification":{"version":"1"}}}',
      '7a3af1942402693116ce9dbfbb232a11540f9c3c',
    ],
    [
      '{"interactions":[{"c":3,"d":4},{"a":1,"b":2}],"metadata":{"x":1,"pact-specification":{"version":"1"}}}',
      '7a3af1942402693116ce9dbfbb232a11540f9c3c',
    ],
    [
      '{"messages":[{"description":"m","contents":{"z":[3,1,2],"a":"é"}}],"metadata":{"pactSpecificationVersion":"3.0.0"}}',
      'ec9d3d1fc793c5090b48b415f0b3176e1a8723cc',
    ],
    ['{"some":"other content"}', '0f22f551a422b027066db7635cad8bd8a59ac869'],
  ])('%s has the sha the Pact Broker gives it', (text, expected) => {
    expect(sha(text)).toBe(expected);
  });

  test.each([
    ['the spelling of a number', '{"interactions":[{"n":1}]}', '{"interactions":[{"n":1.0}]}'],
    [
      'the order of a nested array',
      '{"interactions":[{"n":[1,2]}]}',
      '{"interactions":[{"n":[2,1]}]}',
    ],
    [
      'an interaction that is there twice',
      '{"interactions":[{"n":1}]}',
      '{"interactions":[{"n":1},{"n":1}]}',
    ],
    ['an own _id', '{"interactions":[{"n":1}]}', '{"interactions":[{"n":1,"_id":"x"}]}'],
    [
      'the specification version',
      '{"interactions":[]}',
      '{"interactions":[],"metadata":{"pactSpecification":{"version":"2"}}}',
    ],
    [
      'the order of messages beside interactions',
      '{"interactions":[],"messages":[1,2]}',
      '{"interactions":[],"messages":[2,1]}',
    ],
    ['key order of what is no pact', '{"a":1,"b":2}', '{"b":2,"a":1}'],
  ])('%s makes other content', (_caption, one, other) => {
    expect(sha(one)).not.toBe(sha(other));
  });

  test.each([
    ['messages alone are sorted', '{"messages":[1,2]}', '{"messages":[2,1]}'],
    [
      'keys of an odd pact are sorted',
      '{"interactions":{"a":1},"b":2}',
      '{"b":2,"interactions":{"a":1}}',
    ],
    ['odd metadata is ignored', '{"interactions":[],"metadata":"none"}', '{"interactions":[]}'],
    [
      'an odd specification is ignored',
      '{"interactions":[],"metadata":{"pactSpecification":3}}',
      '{"interactions":[]}',
    ],
    [
      'interactions that are false count as none',
      '{"interactions":false,"messages":[1,2]}',
      '{"interactions":false,"messages":[2,1]}',
    ],
  ])('%s', (_caption, one, other) => {
    expect(sha(one)).toBe(sha(other));
  });

  test('a document that is no object is identified by its text', () => {
    expect(sha('[1]')).toBe(sha1('[1]'));
  });
});

describe('the content as served', () => {
  test('every interaction begins with the sha of its sorted text', () => {
    const id = sha1('{"a":1,"b":2}');
    expect(servedContent(json('{"x":1,"interactions":[{"b":2,"a":1}]}'), sha1)).toBe(
      `{"x":1,"interactions":[{"_id":"${id}","b":2,"a":1}]}`,
    );
  });

  test('an own _id stays and moves to the front', () => {
    expect(servedContent(json('{"messages":[{"a":1,"_id":"own"},2]}'), sha1)).toBe(
      '{"messages":[{"_id":"own","a":1},2]}',
    );
  });

  test('other JSON is served as it is', () => {
    expect(servedContent(json('[1,{"interactions":[{}]}]'), sha1)).toBe(
      '[1,{"interactions":[{}]}]',
    );
  });
});

test.each([
  ['{"consumer":{"name":"web"}}', 'web'],
  ['{"consumer":{"name":1}}', undefined],
  ['{"consumer":"web"}', undefined],
  ['{}', undefined],
  ['[]', undefined],
])('the consumer %s names is %s', (text, expected) => {
  expect(nameInContent(json(text), 'consumer')).toBe(expected);
});
