import { describe, expect, test } from 'vitest';
import {
  describeMissing,
  describeSelector,
  infersOthers,
  type MatrixSelector,
  picksVersions,
} from './matrix-selector.ts';

const bar = { pacticipant: 'Bar' };

describe('a selector is described with the version it found', () => {
  test.each<readonly [MatrixSelector, string, string]>([
    [{ ...bar, version: '1' }, 'version 1 of Bar', 'version 1 of Bar (no such version exists)'],
    [
      { ...bar, latest: true, tag: 'prod' },
      'the latest version of Bar with tag prod (2)',
      'the latest version of Bar with tag prod (no such version exists)',
    ],
    [
      { ...bar, tag: 't' },
      'a version of Bar with tag t (2)',
      'a version of Bar with tag t (no such version exists)',
    ],
    [
      { ...bar, latest: true, branch: 'main' },
      'the latest version of Bar from branch main (2)',
      'the latest version of Bar from branch main (no versions exist for this branch)',
    ],
    [
      { ...bar, latest: true, mainBranch: true },
      'the latest version of Bar from the main branch (2)',
      'the latest version of Bar from the main branch (no versions exist for this branch)',
    ],
    [
      { ...bar, branch: 'b' },
      'the version of Bar from branch b (2)',
      'any version of Bar from branch b (no versions exist for this branch)',
    ],
    [
      { ...bar, mainBranch: true },
      'the version of Bar from the main branch (2)',
      'any version of Bar from the main branch (no versions exist for this branch)',
    ],
    [
      { ...bar, latest: true },
      'the latest version of Bar (2)',
      'the latest version of Bar (no such version exists)',
    ],
    [
      { ...bar, environment: 'test' },
      'the version of Bar currently in test (2)',
      'a version of Bar currently in test (no version is currently recorded as deployed/released in this environment)',
    ],
    [bar, 'any version of Bar', 'any version of Bar'],
  ])('%j', (selector, found, missing) => {
    expect(describeSelector(selector, { number: '2', isOneOfMany: false })).toBe(found);
    expect(describeSelector(selector)).toBe(missing);
  });

  test.each<readonly [MatrixSelector, string]>([
    [{ ...bar, environment: 'test' }, 'one of the versions of Bar currently in test (2)'],
    [{ ...bar, branch: 'b' }, 'one of the versions of Bar from branch b (2)'],
  ])('as one of many: %j', (selector, text) => {
    expect(describeSelector(selector, { number: '2', isOneOfMany: true })).toBe(text);
  });
});

test.each<readonly [MatrixSelector, string]>([
  [{ ...bar, version: '9' }, 'No pacts or verifications have been published for version 9 of Bar'],
  [{ ...bar, tag: 't', latest: true }, 'No version with tag t exists for Bar'],
  [{ ...bar, branch: 'b' }, 'No version of Bar from branch b exists'],
  [{ ...bar, mainBranch: true }, 'No version of Bar from the main branch exists'],
  [
    { ...bar, environment: 'e' },
    'No version of Bar is currently recorded as deployed or released in environment e',
  ],
  [{ ...bar, latest: true }, 'No pacts or verifications have been published for Bar'],
])('%j that finds nothing says so', (selector, text) => {
  expect(describeMissing(selector)).toBe(text);
});

test('a bare name picks no versions, anything more does', () => {
  expect(picksVersions(bar)).toBe(false);
  expect(picksVersions({ ...bar, latest: true })).toBe(true);
});

test('only a destination lets other pacticipants be inferred', () => {
  expect(infersOthers({})).toBe(false);
  expect(infersOthers({ latest: false })).toBe(false);
  expect(infersOthers({ tag: 'prod' })).toBe(true);
});
