import { expect, test } from 'vitest';
import { type CleanResult, ResultFold } from './result-fold.ts';

/** Versions below 10 are on the main branch; results made before 100 are old. */
function fold(results: readonly (Partial<CleanResult> & { readonly id: number })[]): ResultFold {
  const folded = new ResultFold({ isOnMain: (id) => id < 10, overwrittenBefore: 100 });
  const defaults = { contentId: 1, versionId: 1, success: true, isLatest: true, createdAt: 50 };
  for (const result of results) folded.add({ ...defaults, ...result });
  return folded;
}

test.each([
  ['nothing', [], []],
  ['one version for all', [{ id: 1 }], [{ contentId: 1, neededVersions: [1] }]],
  [
    'the newest result, the newest success, and the newest success of the main branch',
    [
      { id: 1, versionId: 2 },
      { id: 2, versionId: 3 },
      { id: 3, versionId: 12 },
      { id: 4, versionId: 13, success: false },
      { id: 5, versionId: 20, contentId: 2, success: false },
    ],
    [
      { contentId: 1, neededVersions: [13, 12, 3] },
      { contentId: 2, neededVersions: [20] },
    ],
  ],
])('the standing of contents rests on %s', (_case, results, expected) => {
  expect(fold(results).results()).toEqual(expected);
});

test('overwritten are old results that newer ones replace and that nothing rests on', () => {
  const folded = fold([
    { id: 1, isLatest: false },
    { id: 2, isLatest: false },
    { id: 3, isLatest: false, success: false },
    { id: 4, success: false },
    { id: 5, isLatest: false, createdAt: 100 },
    { id: 6, isLatest: true, success: false },
  ]);
  expect(folded.overwritten()).toEqual([1, 2, 3]);
});

test('a replaced success that is the only one stays', () => {
  const folded = fold([
    { id: 1, isLatest: false },
    { id: 2, success: false },
  ]);
  expect(folded.overwritten()).toEqual([]);
});
