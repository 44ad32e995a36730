import { describe, expect, test } from 'vitest';
import type { CleanHistory } from './clean-history.ts';
import { type CleanPolicy, defaultCleanPolicy } from './clean-policy.ts';
import { type CleanQuestion, decideClean } from './decide-clean.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-21T00:00:00Z');
const daysAgo = (days: number): number => NOW - days * DAY;

/** Keeps only what no policy can remove. */
const strict: CleanPolicy = {
  ...defaultCleanPolicy,
  keepVersionSelectors: [],
  minimumAge: 7,
  staleBranches: { maxAge: 30, keep: ['lts'] },
};

const WEB = 1;
const SHOP = 2;

/** `web` with versions 11 to 15 and `shop` with 21 to 23, a day apart, all of them old. */
function aHistory(changes: Partial<CleanHistory> = {}): CleanHistory {
  const versionsOf = (pacticipantId: number, ids: readonly number[]) =>
    ids.map((id) => ({ id, pacticipantId, createdAt: daysAgo(200 - id) }));
  return {
    pacticipants: [
      { id: WEB, name: 'web', mainBranch: 'main' },
      { id: SHOP, name: 'shop', mainBranch: null },
    ],
    versions: [...versionsOf(WEB, [11, 12, 13, 14, 15]), ...versionsOf(SHOP, [21, 22, 23])],
    branches: [],
    branchVersions: [],
    tags: [],
    placements: [],
    publications: [],
    results: [],
    reliedOn: [],
    ...changes,
  };
}

function aBranch(id: number, name: string, versions: readonly (readonly [number, number])[]) {
  const [head] = versions.at(-1) ?? [null];
  return {
    branches: [{ id, pacticipantId: WEB, name, headVersionId: head, createdAt: daysAgo(190) }],
    branchVersions: versions.map(([versionId, age]) => ({
      branchId: id,
      versionId,
      addedAt: daysAgo(age),
    })),
  };
}

function removedBy(history: CleanHistory, question: Partial<CleanQuestion> = {}) {
  const { removed } = decideClean(history, { policy: strict, now: NOW, ...question });
  return removed.map(({ versionId }) => versionId);
}

function reasonOf(history: CleanHistory, versionId: number, policy = strict) {
  const { kept, removed } = decideClean(history, { policy, now: NOW });
  const verdict = [...kept, ...removed].find((each) => each.versionId === versionId);
  return verdict && [verdict.because, verdict.about];
}

test('without a reason to stay all but the newest version of a pacticipant go, the oldest first', () => {
  expect(removedBy(aHistory())).toEqual([11, 12, 13, 14, 21, 22]);
  expect(reasonOf(aHistory(), 11)).toEqual(['superseded', undefined]);
  expect(reasonOf(aHistory(), 15)).toEqual(['latest-version', undefined]);
});

describe('stays whatever the policy says', () => {
  test.each([
    [
      'what runs',
      { placements: [{ versionId: 12, kind: 'deployed', environment: 'test' }] },
      ['deployed', 'test'],
    ],
    [
      'what is supported',
      { placements: [{ versionId: 12, kind: 'released', environment: 'prod' }] },
      ['released', 'prod'],
    ],
    [
      'the version added last to a branch',
      aBranch(1, 'feat', [
        [13, 4],
        [12, 3],
      ]),
      ['branch-head', 'feat'],
    ],
    [
      'the newest version of a branch',
      aBranch(1, 'feat', [
        [12, 4],
        [11, 3],
      ]),
      ['branch-head', 'feat'],
    ],
    [
      'the head of the main branch, however old',
      aBranch(1, 'main', [[12, 150]]),
      ['branch-head', 'main'],
    ],
    [
      'the newest pact with a provider',
      {
        publications: [
          { versionId: 11, providerId: SHOP, contentId: 1 },
          { versionId: 12, providerId: SHOP, contentId: 1 },
        ],
      },
      ['latest-pact', undefined],
    ],
    [
      'what is younger than the minimum age',
      {
        versions: [
          { id: 12, pacticipantId: WEB, createdAt: daysAgo(6) },
          ...aHistory().versions.slice(2),
        ],
      },
      ['young', undefined],
    ],
    [
      'the newest publisher of a content that a running provider has verified',
      {
        publications: [
          { versionId: 11, providerId: SHOP, contentId: 1 },
          { versionId: 12, providerId: SHOP, contentId: 1 },
          { versionId: 13, providerId: SHOP, contentId: 2 },
        ],
        reliedOn: [1, 99],
      },
      ['relied-on', undefined],
    ],
  ] as const)('%s', (...[, changes, reason]) => {
    expect(reasonOf(aHistory(changes), 12)).toEqual(reason);
    expect(removedBy(aHistory(changes))).not.toContain(12);
  });

  test('the versions that the standing of a content that stays rests on', () => {
    const history = aHistory({
      publications: [
        { versionId: 15, providerId: SHOP, contentId: 1 },
        { versionId: 21, providerId: WEB, contentId: 2 },
        { versionId: 22, providerId: 99, contentId: 3 },
      ],
      results: [
        { contentId: 1, neededVersions: [22, 21] },
        { contentId: 2, neededVersions: [12] },
        { contentId: 7, neededVersions: [11] },
      ],
    });
    expect(removedBy(history)).toEqual([11, 13, 14]);
    expect(reasonOf(history, 12)).toEqual(['newest-result', undefined]);
  });
});

describe('branches', () => {
  const policyWith = (name: string): CleanPolicy => ({
    ...strict,
    keepVersionSelectors: [{ branch: name, latest: true }],
  });

  test('a stale branch goes, with the versions nothing else keeps', () => {
    const history = aHistory(aBranch(1, 'feat', [[12, 30]]));
    const { branches } = decideClean(history, { policy: strict, now: NOW });
    expect(branches.map(({ name }) => name)).toEqual(['feat']);
    expect(reasonOf(history, 12)).toEqual(['stale-branch', 'feat']);
  });

  test.each([
    ['it got a version lately', aHistory(aBranch(1, 'feat', [[12, 29]])), strict],
    ['it is the main branch', aHistory(aBranch(1, 'main', [[12, 99]])), strict],
    ['the policy names it', aHistory(aBranch(1, 'lts', [[12, 99]])), strict],
    ['a selector names it', aHistory(aBranch(1, 'feat', [[12, 99]])), policyWith('feat')],
    [
      'one of its versions runs',
      aHistory({
        ...aBranch(1, 'feat', [
          [11, 120],
          [12, 99],
        ]),
        placements: [{ versionId: 11, kind: 'deployed', environment: 'test' }],
      }),
      strict,
    ],
    [
      'the policy leaves branches alone',
      aHistory(aBranch(1, 'feat', [[12, 99]])),
      { ...strict, staleBranches: null },
    ],
  ])('a branch stays when %s', (_case, history, policy) => {
    expect(decideClean(history, { policy, now: NOW }).branches).toEqual([]);
    expect(reasonOf(history, 12, policy)?.[0]).toBe('branch-head');
  });

  test('an empty branch is as old as its creation', () => {
    const history = aHistory(aBranch(1, 'feat', []));
    expect(decideClean(history, { policy: strict, now: NOW }).branches).toHaveLength(1);
  });

  test('a version of a branch nobody knows is on none', () => {
    const history = aHistory({ branchVersions: [{ branchId: 5, versionId: 11, addedAt: NOW }] });
    expect(reasonOf(history, 11)).toEqual(['superseded', undefined]);
  });

  test('branches named by the question go alone, with the versions that are on no other and have no tag', () => {
    const feat = aBranch(
      1,
      'feat',
      [11, 12, 13].map((id) => [id, 2] as const),
    );
    const other = aBranch(2, 'other', [[12, 2]]);
    const history = aHistory({
      branches: [...feat.branches, ...other.branches],
      branchVersions: [...feat.branchVersions, ...other.branchVersions],
      tags: [{ versionId: 13, name: 'v13' }],
    });
    const question = { policy: defaultCleanPolicy, now: NOW, onlyBranches: new Set([1]) };
    const { branches, removed, kept } = decideClean(history, question);
    expect(branches.map(({ name }) => name)).toEqual(['feat']);
    expect(removed).toEqual([{ versionId: 11, because: 'stale-branch', about: 'feat' }]);
    expect(kept).toContainEqual({ versionId: 13, because: 'not-asked', about: undefined });
  });
});

describe('selectors', () => {
  const history = aHistory({
    ...aBranch(1, 'feat', [
      [11, 2],
      [12, 2],
      [13, 2],
    ]),
    tags: [
      { versionId: 11, name: 'a' },
      { versionId: 12, name: 'a' },
      { versionId: 12, name: 'b' },
      { versionId: 21, name: 'a' },
    ],
    placements: [
      { versionId: 14, kind: 'deployed', environment: 'test' },
      { versionId: 22, kind: 'released', environment: 'test' },
    ],
  });
  // Always there: 13 heads feat, 14 runs, 15 and 23 are newest, 22 is supported.
  test.each([
    [{ pacticipant: 'shop' }, [21]],
    [{ branch: true }, [11, 12]],
    [{ branch: 'feat' }, [11, 12]],
    [{ branch: 'none' }, []],
    [{ branch: true, latest: true }, []],
    [{ mainBranch: true }, []],
    [{ tag: true }, [11, 12, 21]],
    [{ tag: 'b' }, [12]],
    [{ tag: true, latest: true }, [12, 21]],
    [{ tag: 'a', latest: true, pacticipant: 'web' }, [12]],
    [{ maxAge: 189 }, [12, 21]],
    [{ deployed: true, tag: 'a' }, []],
    [{ released: true }, []],
    [{ environment: 'test' }, []],
    [{ environment: 'moon' }, []],
  ] as const)('%j keeps %j', (selector, expected) => {
    const policy = { ...strict, keepVersionSelectors: [selector] };
    const going = removedBy(history, { policy });
    expect([11, 12, 21].filter((id) => !going.includes(id))).toEqual(expected);
  });

  test('a selector does not see a branch that goes', () => {
    const policy = { ...strict, keepVersionSelectors: [{ branch: true, latest: true }] as const };
    expect(removedBy(aHistory(aBranch(1, 'feat', [[12, 99]])), { policy })).toContain(12);
  });

  test('a version of the main branch is known as such', () => {
    const policy = { ...strict, keepVersionSelectors: [{ mainBranch: true }] as const };
    const onMain = aHistory(
      aBranch(1, 'main', [
        [11, 99],
        [12, 98],
      ]),
    );
    expect(reasonOf(onMain, 11, policy)).toEqual(['selected', '{"main_branch":true}']);
  });

  test('what runs in the environment asked for is kept as what runs', () => {
    const policy = {
      ...strict,
      keepVersionSelectors: [{ environment: 'test', deployed: true }] as const,
    };
    expect(reasonOf(history, 14, policy)).toEqual(['deployed', 'test']);
  });
});

test('beyond the limit the newest wait for the next run', () => {
  const policy = { ...strict, deletionLimit: 2 };
  expect(removedBy(aHistory(), { policy })).toEqual([11, 12]);
  expect(reasonOf(aHistory(), 13, policy)).toEqual(['over-limit', undefined]);
});

test('a history that was read while it grew may name versions it does not have', () => {
  const history = aHistory({
    publications: [{ versionId: 90, providerId: SHOP, contentId: 1 }],
    results: [{ contentId: 1, neededVersions: [91] }],
    reliedOn: [1],
  });
  const { kept, removed } = decideClean(history, { policy: strict, now: NOW });
  expect(kept.map(({ versionId }) => versionId)).toEqual([15, 23]);
  expect(removed).toHaveLength(6);
});
