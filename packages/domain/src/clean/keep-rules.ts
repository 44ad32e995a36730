import type { CleanHistory, CleanVersion } from './clean-history.ts';
import type { CleanPolicy } from './clean-policy.ts';
import type { HistoryIndex } from './history-index.ts';
import { writeKeepSelector } from './keep-selector.ts';
import { selectKept } from './select-kept.ts';

/** From what nobody may remove to what only this run leaves. */
export type KeepReason =
  | 'deployed'
  | 'released'
  | 'latest-version'
  | 'latest-pact'
  | 'branch-head'
  | 'not-asked'
  | 'young'
  | 'selected'
  | 'relied-on'
  | 'newest-result'
  | 'over-limit';

/** What the rules look at, and where they say what stays; the first reason given for a version counts. */
export interface KeepContext {
  readonly history: CleanHistory;
  readonly index: HistoryIndex;
  readonly policy: CleanPolicy;
  readonly now: number;
  readonly onlyBranches?: ReadonlySet<number> | undefined;
  /** By id, the oldest first. */
  readonly versions: readonly CleanVersion[];
  /** Branches that go. */
  readonly gone: ReadonlySet<number>;
  readonly isKept: (versionId: number) => boolean;
  readonly keep: (versionId: number, because: KeepReason, about?: string) => void;
}

/** Says what stays, and why. */
export type KeepRule = (context: KeepContext) => void;

const DAY_MS = 86_400_000;

export function keepPlaced({ history, keep }: KeepContext): void {
  for (const { versionId, kind, environment } of history.placements) {
    keep(versionId, kind, environment);
  }
}

/** The newest version of each pacticipant, and of those with a pact the newest for each provider. */
export function keepNewest({ history, index, versions, keep }: KeepContext): void {
  const newest = new Map(versions.map(({ id, pacticipantId }) => [pacticipantId, id]));
  for (const id of newest.values()) keep(id, 'latest-version');
  const newestOfPair = new Map<string, number>();
  for (const { versionId, providerId } of history.publications) {
    const pair = `${index.versions.get(versionId)?.pacticipantId} ${providerId}`;
    newestOfPair.set(pair, Math.max(versionId, newestOfPair.get(pair) ?? 0));
  }
  for (const id of newestOfPair.values()) keep(id, 'latest-pact');
}

/** Of each branch that stays the version added last and the newest: clients ask for either. */
export function keepHeads({ history, index, gone, versions, keep }: KeepContext): void {
  for (const { id, name, headVersionId } of history.branches) {
    if (headVersionId !== null && !gone.has(id)) keep(headVersionId, 'branch-head', name);
  }
  const newest = new Map<number, { readonly versionId: number; readonly name: string }>();
  for (const version of versions) {
    for (const { id, name } of index.branchesOf.get(version.id) ?? []) {
      if (!gone.has(id)) newest.set(id, { versionId: version.id, name });
    }
  }
  for (const { versionId, name } of newest.values()) keep(versionId, 'branch-head', name);
}

/** When certain branches shall go, only versions on them that are on no other branch and have no tag are asked about. */
export function keepOthers({ index, gone, versions, keep, onlyBranches }: KeepContext): void {
  if (onlyBranches === undefined) return;
  for (const { id } of versions) {
    const branches = index.branchesOf.get(id) ?? [];
    const isOrphan = branches.length > 0 && branches.every((branch) => gone.has(branch.id));
    if (!isOrphan || index.tagsOf.has(id)) keep(id, 'not-asked');
  }
}

export function keepYoung({ versions, now, policy, keep }: KeepContext): void {
  for (const { id, createdAt } of versions) {
    if (now - createdAt < policy.minimumAge * DAY_MS) keep(id, 'young');
  }
}

/** Where certain branches shall go the selectors have no say: they would keep what is asked to go. */
export function selectorRules({ policy, onlyBranches }: Selecting): readonly KeepRule[] {
  if (onlyBranches !== undefined) return [];
  return policy.keepVersionSelectors.map((selector) => (context) => {
    const about = JSON.stringify(writeKeepSelector(selector));
    for (const id of selectKept(selector, context.versions, context)) {
      context.keep(id, 'selected', about);
    }
  });
}

type Selecting = Pick<KeepContext, 'policy' | 'onlyBranches'>;

/**
 * What the kept ones need: the newest publisher of a content that a running provider has verified, and the provider versions that the
 * standing of the contents of kept versions rests on; these bring contents of their own.
 */
export function keepNeeded(context: KeepContext): void {
  const { history, versions, isKept, keep } = context;
  const newestPublisher = newestPublishers(history);
  for (const contentId of history.reliedOn) {
    const publisher = newestPublisher.get(contentId);
    if (publisher !== undefined) keep(publisher, 'relied-on');
  }
  const results = new Map(
    history.results.map(({ contentId, neededVersions }) => [contentId, neededVersions]),
  );
  const waiting = versions.map(({ id }) => id).filter(isKept);
  const need = (versionId: number): void => {
    if (isKept(versionId)) return;
    keep(versionId, 'newest-result');
    waiting.push(versionId);
  };
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const { contentId } of context.index.publicationsOf.get(id) ?? []) {
      results.get(contentId)?.forEach(need);
    }
  }
}

function newestPublishers({ publications }: CleanHistory): ReadonlyMap<number, number> {
  const newest = new Map<number, number>();
  for (const { contentId, versionId } of publications) {
    newest.set(contentId, Math.max(versionId, newest.get(contentId) ?? 0));
  }
  return newest;
}

/** The newest of those that would go stay for the next run. */
export function keepOverLimit({ policy, versions, isKept, keep }: KeepContext): void {
  if (policy.deletionLimit === null) return;
  const going = versions.filter(({ id }) => !isKept(id));
  for (const { id } of going.slice(policy.deletionLimit)) keep(id, 'over-limit');
}
