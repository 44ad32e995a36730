import { describe, expect, test } from 'vitest';
import { defaultCleanPolicy, readCleanPolicy } from './clean-policy.ts';
import { writeKeepSelector } from './keep-selector.ts';

test('what a policy does not say is as built in', () => {
  expect(readCleanPolicy({})).toEqual({ ok: true, policy: defaultCleanPolicy });
});

test('a policy is read from the words of the broker and from our own', () => {
  const given = {
    keepVersionSelectors: [
      { pacticipant_name: 'web', branch: 'main', latest: true, tag: false },
      { mainBranch: true, max_age: 30, environment_name: null },
      { environment: 'production', deployed: true },
    ],
    minimumAge: 0,
    staleBranches: { maxAge: 10, keep: ['release'] },
    overwrittenDataMaxAge: 3,
    deletionLimit: 500,
  };
  expect(readCleanPolicy(given)).toEqual({
    ok: true,
    policy: {
      ...given,
      keepVersionSelectors: [
        { pacticipant: 'web', branch: 'main', latest: true },
        { mainBranch: true, maxAge: 30 },
        { environment: 'production', deployed: true },
      ],
    },
  });
});

test('what is not said is as in the policy it builds on', () => {
  const base = { ...defaultCleanPolicy, staleBranches: null, deletionLimit: 5 };
  expect(readCleanPolicy({ staleBranches: {} }, base)).toEqual({
    ok: true,
    policy: { ...base, staleBranches: { maxAge: 90, keep: [] } },
  });
  expect(readCleanPolicy({ staleBranches: null, deletionLimit: null })).toEqual({
    ok: true,
    policy: { ...defaultCleanPolicy, staleBranches: null, deletionLimit: null },
  });
});

test('a selector is written in the words of the broker', () => {
  const selector = { pacticipant: 'web', mainBranch: true, maxAge: 7 } as const;
  expect(writeKeepSelector(selector)).toEqual({
    pacticipant: 'web',
    main_branch: true,
    max_age: 7,
  });
});

describe('every defect is named with its place', () => {
  test.each([
    ['a list', [], ['the policy must be an object']],
    ['null', null, ['the policy must be an object']],
    [
      'a member that is none',
      { keep: [] },
      [
        'keep is no part of a policy; its parts are keepVersionSelectors, minimumAge, staleBranches, overwrittenDataMaxAge, deletionLimit',
      ],
    ],
    [
      'wrong members',
      {
        keepVersionSelectors: 'all',
        minimumAge: -1,
        staleBranches: 90,
        overwrittenDataMaxAge: '7',
        deletionLimit: 0,
      },
      [
        'keepVersionSelectors must be a list of selectors',
        'minimumAge must be a whole number of days, 0 to 36500',
        'staleBranches must be null or an object with maxAge and keep',
        'overwrittenDataMaxAge must be a whole number of days, 0 to 36500',
        'deletionLimit must be null or a whole number from 1',
      ],
    ],
    [
      'wrong members of stale branches',
      { staleBranches: { maxAge: 1.5, keep: [1], age: 1 } },
      [
        'staleBranches.age is no part of it; its parts are maxAge, keep',
        'staleBranches.maxAge must be a whole number of days, 0 to 36500',
        'staleBranches.keep must be a list of branch names',
      ],
    ],
    [
      'wrong selectors',
      {
        keepVersionSelectors: [
          7,
          {},
          { latest: false },
          { latest: true, max_age: 3 },
          { colour: 'red', branch: '', tag: 4 },
          { pacticipant: true, environment: '', deployed: 'yes', maxAge: 1e9 },
        ],
      },
      [
        'keepVersionSelectors[0] must be an object',
        'keepVersionSelectors[1] says nothing and would keep everything',
        'keepVersionSelectors[2] says nothing and would keep everything',
        'keepVersionSelectors[3] has latest and max_age; a selector can have one of them',
        'keepVersionSelectors[4].colour is not known; use pacticipant, branch, main_branch, tag, environment, deployed, released, latest, max_age',
        'keepVersionSelectors[4].branch must be a name or true',
        'keepVersionSelectors[4].tag must be a name or true',
        'keepVersionSelectors[5].pacticipant must be a name',
        'keepVersionSelectors[5].environment must be a name',
        'keepVersionSelectors[5].deployed must be true or false',
        'keepVersionSelectors[5].maxAge must be a whole number of days, 0 to 36500',
      ],
    ],
  ])('%s', (_case, policy, defects) => {
    expect(readCleanPolicy(policy)).toEqual({ ok: false, defects });
  });
});
