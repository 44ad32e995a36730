import { expect, test } from 'vitest';
import type { CleanHistory } from './clean-history.ts';
import { type CleanPolicy, defaultCleanPolicy } from './clean-policy.ts';
import { type CleanDecision, decideClean } from './decide-clean.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-21T00:00:00Z');
const SEEDS = Array.from({ length: 300 }, (_, seed) => seed + 1);

/** A result of a provider version, as the database has it; what the rules are given is drawn from these. */
interface Result {
  readonly contentId: number;
  readonly providerVersionId: number;
  readonly success: boolean;
}

interface World {
  readonly history: Omit<CleanHistory, 'results' | 'reliedOn'>;
  /** The oldest first. */
  readonly results: readonly Result[];
}

/** Numbers from 0 to `below`, the same for the same seed. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) | 0;
    return ((state >>> 8) % 65_536) % below;
  };
}

function randomWorld(seed: number): World {
  const random = randomNumbers(seed);
  const size = 4 + random(40);
  const people = [1, 2, 3].map((id) => ({
    id,
    name: `p${id}`,
    mainBranch: random(3) ? 'b0' : null,
  }));
  const versions = Array.from({ length: size }, (_, index) => ({
    id: index + 1,
    pacticipantId: 1 + random(3),
    createdAt: NOW - (size - index) * (1 + random(8)) * DAY,
  }));
  const branchVersions = versions.flatMap(({ id, pacticipantId, createdAt }) =>
    Array.from({ length: random(3) }, () => ({
      branchId: pacticipantId * 10 + random(3),
      versionId: id,
      addedAt: Math.min(NOW, createdAt + random(60) * DAY),
    })),
  );
  const branches = [1, 2, 3].flatMap((pacticipantId) =>
    [0, 1, 2].map((index) => {
      const id = pacticipantId * 10 + index;
      const own = branchVersions.filter(({ branchId }) => branchId === id);
      const head = own.length === 0 || random(9) === 0 ? null : own[random(own.length)];
      const headVersionId = head?.versionId ?? null;
      return { id, pacticipantId, name: `b${index}`, headVersionId, createdAt: NOW - 100 * DAY };
    }),
  );
  const publications = versions.flatMap(({ id, pacticipantId }) =>
    [1, 2, 3]
      .filter((providerId) => providerId !== pacticipantId && random(2) === 0)
      .map((providerId) => {
        const contentId = pacticipantId * 100 + providerId * 10 + random(5);
        return { versionId: id, providerId, contentId };
      }),
  );
  const results = Array.from({ length: random(60) }, () => {
    const verified = publications[random(publications.length || 1)];
    const own = versions.filter(({ pacticipantId }) => pacticipantId === verified?.providerId);
    const provider = own[random(own.length || 1)];
    return {
      contentId: verified?.contentId ?? 0,
      providerVersionId: provider?.id ?? 0,
      success: random(2) === 0,
    };
  }).filter(({ providerVersionId }) => providerVersionId > 0);
  const placements = versions
    .filter(() => random(8) === 0)
    .map(({ id }) => ({
      versionId: id,
      kind: random(2) ? ('deployed' as const) : ('released' as const),
      environment: `e${random(2)}`,
    }));
  const tags = versions
    .filter(() => random(4) === 0)
    .map(({ id }) => ({ versionId: id, name: `t${random(3)}` }));
  return {
    history: {
      pacticipants: people,
      versions,
      branches,
      branchVersions,
      tags,
      placements,
      publications,
    },
    results,
  };
}

function randomPolicy(seed: number): CleanPolicy {
  const random = randomNumbers(seed + 7_777);
  const selectors: CleanPolicy['keepVersionSelectors'] = [
    { branch: true, latest: true },
    { tag: true, latest: true },
    { mainBranch: true },
    { pacticipant: 'p1', tag: 't1' },
    { environment: 'e0' },
    { maxAge: 30 },
  ];
  return {
    ...defaultCleanPolicy,
    keepVersionSelectors: selectors.filter(() => random(3) === 0),
    minimumAge: random(20),
    staleBranches: random(4) ? { maxAge: random(90), keep: random(2) ? ['b1'] : [] } : null,
  };
}

/** What the store hands over: folded results, and the contents that running versions have verified. */
function historyOf({ history, results }: World): CleanHistory {
  const placed = new Set(history.placements.map(({ versionId }) => versionId));
  const mainBranches = history.pacticipants.flatMap(({ id, mainBranch }) =>
    history.branches
      .filter(({ pacticipantId, name }) => pacticipantId === id && name === mainBranch)
      .map((branch) => branch.id),
  );
  const onMain = new Set(
    history.branchVersions
      .filter(({ branchId }) => mainBranches.includes(branchId))
      .map(({ versionId }) => versionId),
  );
  const newest = (of: readonly Result[]): readonly number[] =>
    of.slice(-1).map(({ providerVersionId }) => providerVersionId);
  const contents = [...new Set(results.map(({ contentId }) => contentId))];
  return {
    ...history,
    results: contents.map((contentId) => {
      const own = results.filter((result) => result.contentId === contentId);
      const good = own.filter(({ success }) => success);
      const goodOnMain = good.filter(({ providerVersionId }) => onMain.has(providerVersionId));
      return { contentId, neededVersions: [own, good, goodOnMain].flatMap(newest) };
    }),
    reliedOn: results
      .filter(({ providerVersionId }) => placed.has(providerVersionId))
      .map(({ contentId }) => contentId),
  };
}

/** What is left of a world: what hangs on a version goes with it, what hangs on a content goes with its last publication. */
function without(world: World, { removed, branches }: CleanDecision): World {
  const { history, results } = world;
  const gone = new Set(removed.map(({ versionId }) => versionId));
  const goneBranches = new Set(branches.map(({ id }) => id));
  const stays = ({ versionId }: { readonly versionId: number }): boolean => !gone.has(versionId);
  const branchVersions = history.branchVersions.filter(
    (each) => stays(each) && !goneBranches.has(each.branchId),
  );
  const publications = history.publications.filter(stays);
  const contents = new Set(publications.map(({ contentId }) => contentId));
  return {
    history: {
      ...history,
      versions: history.versions.filter(({ id }) => !gone.has(id)),
      branches: history.branches
        .filter(({ id }) => !goneBranches.has(id))
        .map((branch) => ({
          ...branch,
          headVersionId: gone.has(branch.headVersionId ?? 0) ? null : branch.headVersionId,
        })),
      branchVersions,
      tags: history.tags.filter(stays),
      placements: history.placements.filter(stays),
      publications,
    },
    results: results.filter(
      ({ contentId, providerVersionId }) => contents.has(contentId) && !gone.has(providerVersionId),
    ),
  };
}

const cases = SEEDS.map((seed) => {
  const world = randomWorld(seed);
  const policy = randomPolicy(seed);
  const history = historyOf(world);
  const decision = decideClean(history, { policy, now: NOW });
  const left = without(world, decision);
  const leftContents = new Set(left.history.publications.map(({ contentId }) => contentId));
  const gone = new Set(decision.removed.map(({ versionId }) => versionId));
  return { seed, world, policy, history, decision, left, leftContents, gone };
});

/** A property of every random history; the number of the history that lacks it is in the message. */
function holds(title: string, check: (each: (typeof cases)[number]) => void): void {
  test(title, () => {
    for (const each of cases) {
      try {
        check(each);
      } catch (error) {
        throw new Error(`history ${each.seed}: ${(error as Error).message}`, { cause: error });
      }
    }
  });
}

test('the histories are worth it: most lose something and keep something', () => {
  const telling = cases.filter(
    ({ decision }) => decision.removed.length > 2 && decision.kept.length > 2,
  );
  expect(telling.length).toBeGreaterThan(cases.length / 2);
  const reasons = new Set(
    cases.flatMap(({ decision }) => decision.kept.map(({ because }) => because)),
  );
  expect(reasons).toContain('relied-on');
  expect(reasons).toContain('newest-result');
});

holds('every version is judged once', ({ decision, history }) => {
  const judged = [...decision.removed, ...decision.kept].map(({ versionId }) => versionId);
  expect(judged.sort((a, b) => a - b)).toEqual(history.versions.map(({ id }) => id));
});

holds('what runs or is supported stays', ({ history, gone }) => {
  expect(history.placements.filter(({ versionId }) => gone.has(versionId))).toEqual([]);
});

holds('the newest version of a pacticipant stays', ({ history, gone }) => {
  for (const { id } of history.pacticipants) {
    const newest = history.versions.findLast(({ pacticipantId }) => pacticipantId === id);
    expect(gone).not.toContain(newest?.id);
  }
});

holds('what is younger than the minimum age stays', ({ history, gone, policy }) => {
  const young = history.versions.filter(
    ({ createdAt }) => NOW - createdAt < policy.minimumAge * DAY,
  );
  expect(young.filter(({ id }) => gone.has(id))).toEqual([]);
});

holds('head and newest version of a branch that stays are kept', ({ history, gone, decision }) => {
  const staying = history.branches.filter((branch) => !decision.branches.includes(branch));
  for (const { id, headVersionId } of staying) {
    const own = history.branchVersions.filter(({ branchId }) => branchId === id);
    expect(gone).not.toContain(headVersionId);
    expect(gone).not.toContain(own.at(-1)?.versionId);
  }
});

holds('the main branch stays', ({ history, decision }) => {
  for (const { name, pacticipantId } of decision.branches) {
    expect(name).not.toBe(history.pacticipants[pacticipantId - 1]?.mainBranch);
  }
});

holds('contents that running versions rest on stay', ({ history, leftContents }) => {
  const published = new Set(history.publications.map(({ contentId }) => contentId));
  const needed = history.reliedOn.filter((contentId) => published.has(contentId));
  expect(needed.filter((contentId) => !leftContents.has(contentId))).toEqual([]);
});

holds(
  'newest result, newest success and newest success on main of a content that stays are the same',
  (each) => {
    const before = each.history.results.filter(({ contentId }) => each.leftContents.has(contentId));
    expect(byContent(historyOf(each.left).results)).toEqual(byContent(before));
  },
);

holds('the newest pact of a pair is the same', ({ left, world }) => {
  expect(newestPacts(left, world)).toEqual(newestPacts(world, world));
});

holds('a second run removes nothing more', ({ left, policy }) => {
  const again = decideClean(historyOf(left), { policy, now: NOW });
  expect([again.removed, again.branches]).toEqual([[], []]);
});

function byContent(results: CleanHistory['results']): CleanHistory['results'] {
  return [...results].sort((one, other) => one.contentId - other.contentId);
}

function newestPacts({ history }: World, { history: { versions } }: World): readonly string[] {
  const newest = new Map<string, number>();
  for (const { versionId, providerId } of history.publications) {
    const pair = `${versions[versionId - 1]?.pacticipantId} ${providerId}`;
    newest.set(pair, Math.max(versionId, newest.get(pair) ?? 0));
  }
  return [...newest].map((entry) => entry.join(' ')).sort();
}
