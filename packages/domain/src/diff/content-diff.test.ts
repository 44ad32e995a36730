import { expect, test } from 'vitest';
import type { JsonValue } from '../json/json-value.ts';
import { parseJson } from '../json/parse-json.ts';
import { contentDiff, documentDiff } from './content-diff.ts';

function json(text: string): JsonValue {
  const result = parseJson(text);
  if (!result.ok) throw new Error(result.defect.message);
  return result.value;
}

const diff = (one: string, other: string): string => contentDiff(json(one), json(other));

test('a changed value is shown with three lines around it', () => {
  const one =
    '{"interactions":[{"_id":"1","description":"a","response":{"body":[1,{}],"headers":{},"status":200}}]}';
  expect(diff(one, one.replace('200', '201').replace('"1"', '"2"'))).toBe(
    [
      '           {}',
      '         ],',
      '         "headers": {},',
      '-        "status": 200',
      '+        "status": 201',
      '       }',
      '     }',
      '   ]',
    ].join('\n'),
  );
});

test('the order of keys and interactions makes no difference', () => {
  const one = '{"interactions":[{"a":1,"b":2},{"c":3},4]}';
  expect(diff(one, '{"interactions":[4,{"c":3},{"b":2,"a":1}]}')).toBe('');
});

test('equal interactions in other documents show what else differs', () => {
  const one = '{"interactions":[4,3],"metadata":{"pactSpecification":{"version":"2.0.0"}}}';
  expect(diff(one, one.replace('2.0.0', '3.0.0'))).toContain('-      "version": "2.0.0"');
});

test('documents as they are keep the order of interactions', () => {
  const [one, other] = [json('{"interactions":[1,2]}'), json('{"interactions":[2,1]}')];
  expect(documentDiff(one, other)).toMatch(/^-/m);
});

test('a value that is longer by a repetition shows the repetition', () => {
  expect(diff('{"messages":[1,1]}', '{"messages":[1,1,1]}')).toMatch(/^\+ {4}1/m);
});

test.each([
  ['{"some":"thing"}', '{"some":"other"}', ' {\n-  "some": "thing"\n+  "some": "other"\n }'],
  ['[1]', '[2]', ' [\n-  1\n+  2\n ]'],
  ['1', '2', '-1\n+2'],
])('other documents are compared whole: %s with %s', (one, other, expected) => {
  expect(diff(one, other)).toBe(expected);
});
