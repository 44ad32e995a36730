import { expect, test } from 'vitest';
import { aSpan, aTrace, spanId } from '../testing/samples.tsx';
import { findSpans, spanTexts, stepMatch } from './find-spans.ts';
import { buildSpanTree } from './span-tree.ts';
import { matchWords } from './timeline-page.tsx';

const texts = spanTexts(
  buildSpanTree(
    aTrace([
      aSpan(1, { name: 'POST /Checkout', tags: [['http.response.status_code', '500']] }),
      aSpan(2, { parent: 1, service: 'bank', kind: 'client', failed: true }),
      aSpan(3, {
        parent: 1,
        resource: [['host.name', 'node-7']],
        logs: [{ at: 1, fields: [['exception.message', 'Card was <b>declined</b>']] }],
      }),
    ]),
  ),
);

test.each([
  ['', []],
  ['  ', []],
  ['checkout', [0]],
  ['status_code=500', [0]],
  ['BANK', [1]],
  ['error', [1]],
  ['client bank', [1]],
  ['client checkout', []],
  ['declined</b>', [2]],
  ['host.name=node-7', [2]],
  [spanId(3), [2]],
  ['work', [1, 2]],
])('%j is found in rows %j', (find, rows) => {
  expect(findSpans(texts, find)).toEqual(rows);
});

test.each([
  [[2, 5, 9], -1, 1, 2],
  [[2, 5, 9], 2, 1, 5],
  [[2, 5, 9], 3, 1, 5],
  [[2, 5, 9], 9, 1, 2],
  [[2, 5, 9], -1, -1, 9],
  [[2, 5, 9], 5, -1, 2],
  [[2, 5, 9], 2, -1, 9],
  [[], 4, 1, -1],
  [[], 4, -1, -1],
] as const)('of matches %j one goes from %i by %i to %i', (...[matches, current, step, to]) => {
  expect(stepMatch(matches, current, step)).toBe(to);
});

test.each([
  [[], 0, 'No match'],
  [[4], -1, '1 match'],
  [[4, 6], 1, '2 matches'],
  [[4, 6], 6, '2 of 2 matches'],
] as const)('matches %j seen from row %i are "%s"', (matches, current, words) => {
  expect(matchWords(matches, current)).toBe(words);
});
