import type { CleanPlan, CleanPreview, CleanRunResource } from '@concordat/api';
import { describe, expect, test } from 'vitest';
import { describePreview, describeRun } from './describe-clean.ts';

const planned: CleanPlan = {
  ...{ versions: 2, branches: 1, overwrittenPublications: 3, overwrittenResults: 4 },
  ...{ orphanContents: 5, removedBecause: { old: 2 }, keptBecause: { deployed: 1, young: 6 } },
};
const preview: CleanPreview = {
  ...{ dryRun: true, policy: {}, planned },
  pacticipants: [
    { pacticipant: 'web', kept: 7, removed: 2 },
    { pacticipant: 'shop', kept: 3, removed: 0 },
  ],
  branches: [{ pacticipant: 'web', branch: 'feat/x' }],
  versions: [
    {
      ...{ pacticipant: 'web', version: '1', createdAt: '', verdict: 'keep' },
      ...{ because: 'deployed', about: 'production' },
    },
    {
      ...{ pacticipant: 'web', version: '2', createdAt: '', verdict: 'remove' },
      ...{ because: 'old', about: null },
    },
  ],
};
const run: CleanRunResource = {
  ...{ uuid: 'u', status: 'done', startedAt: '', finishedAt: null, startedBy: 'ann', policy: {} },
  ...{ planned, error: null },
  removed: {
    ...{ versions: 2, branches: 1, publications: 3, contents: 5, results: 4 },
  },
};

describe('a preview', () => {
  test('says what would go, of whom, and why each version goes or stays', () => {
    const text = describePreview(preview);
    expect(text).toContain(
      'Would remove 2 versions (2 old), 1 branches, 3 replaced publications, 4 replaced results, 5 contents nobody has.',
    );
    expect(text).toMatch(/web\s+7\s+2/);
    expect(text).not.toContain('shop');
    expect(text).toMatch(/web\s+feat\/x/);
    expect(text).toMatch(/keep\s+web\s+1\s+deployed production/);
    expect(text).toMatch(/remove\s+web\s+2\s+old/);
    expect(text).toContain('Stay: 1 deployed, 6 young.');
  });

  test('of nothing is short', () => {
    const nothing = { ...planned, versions: 0, removedBecause: {}, keptBecause: {} };
    const text = describePreview({
      ...preview,
      ...{ planned: nothing, pacticipants: [], branches: [], versions: [] },
    });
    expect(text.split('\n\n')).toHaveLength(2);
    expect(text).toContain('0 versions (none)');
    expect(text).toContain('Stay: none.');
  });
});

test.each<[string, Partial<CleanRunResource>, string]>([
  [
    'done',
    {},
    '✓ 2 versions, 1 branches, 3 publications, 5 contents and 4 results are gone (2 old).\nStay: 1 deployed, 6 young.',
  ],
  [
    'done without a plan',
    { planned: null },
    '✓ 2 versions, 1 branches, 3 publications, 5 contents and 4 results are gone.',
  ],
  [
    'failed',
    { status: 'failed', error: 'the disk is full' },
    '✕ The clean-up failed: the disk is full. 2 versions',
  ],
  ['stopped', { status: 'stopped' }, '✕ The clean-up was stopped: the hub closed. 2 versions'],
])('a run that is %s is told in words', (_name, changes, words) => {
  expect(describeRun({ ...run, ...changes })).toContain(words);
});
