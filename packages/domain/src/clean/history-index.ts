import type { CleanBranch, CleanHistory, CleanPlacement, CleanVersion } from './clean-history.ts';

/** The history by version, as the rules ask for it. */
export interface HistoryIndex {
  readonly versions: ReadonlyMap<number, CleanVersion>;
  readonly pacticipants: ReadonlyMap<number, CleanHistory['pacticipants'][number]>;
  readonly branchesOf: ReadonlyMap<number, readonly CleanBranch[]>;
  readonly tagsOf: ReadonlyMap<number, readonly string[]>;
  readonly placementsOf: ReadonlyMap<number, readonly CleanPlacement[]>;
  readonly publicationsOf: ReadonlyMap<number, CleanHistory['publications']>;
  /** When the head came to its branch, by branch. */
  readonly headAddedAt: ReadonlyMap<number, number>;
}

export function indexHistory(history: CleanHistory): HistoryIndex {
  const branches = byId(history.branches);
  const branchesOf = new Map<number, CleanBranch[]>();
  const headAddedAt = new Map<number, number>();
  for (const { branchId, versionId, addedAt } of history.branchVersions) {
    const branch = branches.get(branchId);
    if (branch === undefined) continue;
    add(branchesOf, versionId, branch);
    if (branch.headVersionId === versionId) headAddedAt.set(branchId, addedAt);
  }
  const tagsOf = new Map<number, string[]>();
  for (const { versionId, name } of history.tags) add(tagsOf, versionId, name);
  return {
    versions: byId(history.versions),
    pacticipants: byId(history.pacticipants),
    branchesOf,
    tagsOf,
    placementsOf: byVersion(history.placements),
    publicationsOf: byVersion(history.publications),
    headAddedAt,
  };
}

function byId<T extends { readonly id: number }>(items: readonly T[]): ReadonlyMap<number, T> {
  return new Map(items.map((item) => [item.id, item]));
}

function byVersion<T extends { readonly versionId: number }>(
  items: readonly T[],
): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) add(groups, item.versionId, item);
  return groups;
}

function add<T>(groups: Map<number, T[]>, key: number, item: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}
