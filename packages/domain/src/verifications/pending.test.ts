import { describe, expect, test } from 'vitest';
import {
  type ContentSuccess,
  isWorkInProgress,
  type ProviderView,
  pendingState,
  settledWhereItRuns,
} from './pending.ts';

const MONDAY = '2026-01-05T00:00:00.000Z';
const TUESDAY = '2026-01-06T00:00:00.000Z';
const WEDNESDAY = '2026-01-07T00:00:00.000Z';

function success(by: string | undefined, firstAt = MONDAY, isWip = false): ContentSuccess {
  return { pactVersionId: 1, by, firstAt, isWip };
}

function onBranch(name: string, createdAt?: string): ProviderView {
  return { kind: 'branch', line: { name, createdAt } };
}

function withTags(...lines: readonly (readonly [string, string?])[]): ProviderView {
  return { kind: 'tags', lines: lines.map(([name, createdAt]) => ({ name, createdAt })) };
}

interface Case {
  readonly caption: string;
  readonly successes: readonly ContentSuccess[];
  readonly view: ProviderView;
  readonly isPending: boolean;
  readonly pendingTags?: readonly string[];
}

const cases: readonly Case[] = [
  { caption: 'nobody verified it', successes: [], view: { kind: 'none' }, isPending: true },
  {
    caption: 'anybody verified it and no branch is named',
    successes: [success(undefined)],
    view: { kind: 'none' },
    isPending: false,
  },
  {
    caption: 'a version on the branch verified it',
    successes: [success('main', WEDNESDAY)],
    view: onBranch('main', MONDAY),
    isPending: false,
  },
  {
    caption: 'a version without branch verified it',
    successes: [success(undefined)],
    view: onBranch('main', WEDNESDAY),
    isPending: true,
  },
  {
    caption: 'another branch verified it before this one began',
    successes: [success('main', MONDAY)],
    view: onBranch('feat', TUESDAY),
    isPending: false,
  },
  {
    caption: 'another branch verified it after this one began',
    successes: [success('main', WEDNESDAY)],
    view: onBranch('feat', TUESDAY),
    isPending: true,
  },
  {
    caption: 'another branch verified it and this one does not exist yet',
    successes: [success('main', WEDNESDAY)],
    view: onBranch('feat'),
    isPending: false,
  },
  {
    caption: 'only a work-in-progress run succeeded',
    successes: [success('main', MONDAY, true)],
    view: onBranch('main', MONDAY),
    isPending: false,
  },
  {
    caption: 'one of two tags misses a success',
    successes: [success('main', WEDNESDAY)],
    view: withTags(['main', MONDAY], ['feat', TUESDAY]),
    isPending: true,
    pendingTags: ['feat'],
  },
  {
    caption: 'both tags have one',
    successes: [success('main', MONDAY)],
    view: withTags(['main', MONDAY], ['feat', TUESDAY]),
    isPending: false,
  },
];

test.each(cases)(
  'pending when $caption: $isPending',
  ({ successes, view, isPending, pendingTags = [] }) => {
    expect(pendingState(successes, view)).toEqual({ isPending, pendingTags });
  },
);

describe('a head is work in progress', () => {
  const main = onBranch('main', MONDAY);
  const feat = onBranch('feat', TUESDAY);
  test.each<{
    when: string;
    successes: readonly ContentSuccess[];
    view: ProviderView;
    isWip: boolean;
  }>([
    { when: 'never without branch or tags', successes: [], view: { kind: 'none' }, isWip: false },
    { when: 'while nobody verified it', successes: [], view: main, isWip: true },
    {
      when: 'while only work-in-progress runs succeeded',
      successes: [success('main', MONDAY, true)],
      view: main,
      isWip: true,
    },
    {
      when: 'until the branch verified it explicitly',
      successes: [success('main', WEDNESDAY)],
      view: main,
      isWip: false,
    },
    {
      when: 'not when another branch did before',
      successes: [success('main', MONDAY)],
      view: feat,
      isWip: false,
    },
    {
      when: 'while one of the tags misses a success',
      successes: [success('main', WEDNESDAY)],
      view: withTags(['main', MONDAY], ['feat', TUESDAY]),
      isWip: true,
    },
    {
      when: 'not when all tags have one',
      successes: [success('main', MONDAY)],
      view: withTags(['main', MONDAY]),
      isWip: false,
    },
  ])('$when', ({ successes, view, isWip }) => {
    expect(isWorkInProgress(successes, view)).toBe(isWip);
  });
});

describe('what runs somewhere', () => {
  const pending = { isPending: true, pendingTags: ['dev'] };

  test('is not pending, and says where it runs', () => {
    expect(settledWhereItRuns(pending, ['test', 'production'])).toEqual({
      isPending: false,
      pendingTags: [],
      runsIn: ['test', 'production'],
    });
  });

  test('stays what it is when it runs nowhere, or is not pending anyway', () => {
    const verified = { isPending: false, pendingTags: [] };
    expect(settledWhereItRuns(pending, [])).toBe(pending);
    expect(settledWhereItRuns(verified, ['test'])).toBe(verified);
  });
});
