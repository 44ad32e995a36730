import type { CleanBranch, CleanHistory } from './clean-history.ts';
import type { CleanPolicy } from './clean-policy.ts';
import { type HistoryIndex, indexHistory } from './history-index.ts';
import {
  type KeepContext,
  type KeepReason,
  type KeepRule,
  keepHeads,
  keepNeeded,
  keepNewest,
  keepOthers,
  keepOverLimit,
  keepPlaced,
  keepYoung,
  selectorRules,
} from './keep-rules.ts';

export type RemoveReason = 'stale-branch' | 'superseded';

/** Why a version stays or goes; `about` is the environment, branch or selector it is because of. */
export interface CleanVerdict {
  readonly versionId: number;
  readonly because: KeepReason | RemoveReason;
  readonly about: string | undefined;
}

export interface CleanDecision {
  /** The oldest first. */
  readonly removed: readonly CleanVerdict[];
  readonly kept: readonly CleanVerdict[];
  /** Branches that go; versions on them go only when nothing else keeps them. */
  readonly branches: readonly CleanBranch[];
}

export interface CleanQuestion {
  readonly policy: CleanPolicy;
  readonly now: number;
  /** Only these branches go, whatever their age, and only versions that are on no other. */
  readonly onlyBranches?: ReadonlySet<number> | undefined;
}

const DAY_MS = 86_400_000;

/**
 * Which versions go. Whatever the policy says these stay: what runs or is supported, the newest version of a pacticipant, the head
 * and the newest version of each branch that stays, the newest pact of a pair, what is younger than the minimum age, the newest
 * publisher of a content that a running provider has verified, and the versions that the standing of a content that stays rests on.
 * Deciding again about what is left removes nothing more, unless a limit held something back.
 */
export function decideClean(history: CleanHistory, question: CleanQuestion): CleanDecision {
  const steps = decideCleanInSteps(history, question);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** The same decision, for whoever has other things to do in between: every step is a part of the work. */
export function* decideCleanInSteps(
  history: CleanHistory,
  question: CleanQuestion,
): Generator<undefined, CleanDecision> {
  const index = indexHistory(history);
  yield;
  const branches = goingBranches(history, index, question);
  const gone = new Set(branches.map(({ id }) => id));
  const verdicts = new Map<number, CleanVerdict>();
  const context: KeepContext = {
    ...question,
    history,
    index,
    gone,
    versions: [...history.versions].sort((one, other) => one.id - other.id),
    isKept: (versionId) => verdicts.has(versionId),
    keep: (versionId, because, about) => {
      if (!verdicts.has(versionId)) verdicts.set(versionId, { versionId, because, about });
    },
  };
  for (const rule of rulesOf(question)) {
    yield;
    rule(context);
  }
  yield;
  const removed = context.versions
    .filter(({ id }) => !verdicts.has(id))
    .map(({ id }) => removalOf(id, context));
  const kept = [...verdicts.values()].filter(({ versionId }) => index.versions.has(versionId));
  return { removed, kept, branches };
}

/** The first that speaks gives the reason; the last two build on what the others keep. */
function rulesOf(question: CleanQuestion): readonly KeepRule[] {
  return [
    keepPlaced,
    keepNewest,
    keepHeads,
    keepOthers,
    keepYoung,
    ...selectorRules(question),
    keepNeeded,
    keepOverLimit,
  ];
}

function goingBranches(
  history: CleanHistory,
  index: HistoryIndex,
  { policy, now, onlyBranches }: CleanQuestion,
): readonly CleanBranch[] {
  const placed = history.placements.flatMap(({ versionId }) => index.branchesOf.get(versionId));
  const inUse = new Set(placed.map((branch) => branch?.id));
  const named = new Set(policy.keepVersionSelectors.map(({ branch }) => branch));
  const stale = policy.staleBranches;
  const isStale = (branch: CleanBranch): boolean => {
    if (stale === null || stale.keep.includes(branch.name) || named.has(branch.name)) return false;
    const since = index.headAddedAt.get(branch.id) ?? branch.createdAt;
    return now - since >= stale.maxAge * DAY_MS;
  };
  return history.branches.filter((branch) => {
    const isMain = index.pacticipants.get(branch.pacticipantId)?.mainBranch === branch.name;
    if (isMain || inUse.has(branch.id)) return false;
    return onlyBranches === undefined ? isStale(branch) : onlyBranches.has(branch.id);
  });
}

function removalOf(versionId: number, { index, gone }: KeepContext): CleanVerdict {
  const branches = index.branchesOf.get(versionId) ?? [];
  const left = branches.find((branch) => gone.has(branch.id));
  const because = left === undefined ? 'superseded' : 'stale-branch';
  return { versionId, because, about: left?.name };
}
