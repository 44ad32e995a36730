import { expect, test } from 'vitest';
import { indentJson } from './indent-json.ts';

const documents: readonly unknown[] = [
  [],
  {},
  [[], {}],
  { a: 1, b: [true, null, -1.5e-7], c: { d: [], e: {} } },
  { '{': '[', '"': '\\', ',': ':', 'a\\"b': '},"x":[' },
  ['é', '\n', '\\\\"'],
  'just text, with: signs',
  12,
];

test.each(documents.map((document) => [JSON.stringify(document), document]))(
  '%s is laid out as JSON.stringify does it, wherever it is cut',
  (text, document) => {
    const expected = JSON.stringify(document, null, 4);
    for (let size = 1; size <= text.length; size += 1) {
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
        text.slice(at * size, (at + 1) * size),
      );
      expect([...indentJson(pieces)].join('')).toBe(expected);
    }
  },
);
