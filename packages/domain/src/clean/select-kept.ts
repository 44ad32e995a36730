import type { CleanPlacement, CleanVersion } from './clean-history.ts';
import type { HistoryIndex } from './history-index.ts';
import type { KeepSelector } from './keep-selector.ts';

const DAY_MS = 86_400_000;

/** What a selector is judged by. */
export interface KeptSelection {
  readonly index: HistoryIndex;
  readonly now: number;
  /** Branches that go with this clean-up: no selector sees them. */
  readonly gone: ReadonlySet<number>;
}

/** The ids of the versions a selector fits. */
export function selectKept(
  selector: KeepSelector,
  versions: readonly CleanVersion[],
  selection: KeptSelection,
): ReadonlySet<number> {
  const kept = new Set<number>();
  const newest = new Map<string, number>();
  for (const version of versions) {
    const fit = fitOf(version, selector, selection);
    if (fit === undefined) continue;
    if (selector.latest !== true) {
      kept.add(version.id);
      continue;
    }
    for (const group of groupsOf(version, fit)) {
      newest.set(group, Math.max(version.id, newest.get(group) ?? 0));
    }
  }
  for (const id of newest.values()) kept.add(id);
  return kept;
}

/** The branches and tags by which a selector fits a version. */
interface Fit {
  readonly branches: readonly string[];
  readonly tags: readonly string[];
}

function fitOf(
  version: CleanVersion,
  selector: KeepSelector,
  { index, now, gone }: KeptSelection,
): Fit | undefined {
  const pacticipant = index.pacticipants.get(version.pacticipantId);
  if (selector.pacticipant !== undefined && selector.pacticipant !== pacticipant?.name) {
    return undefined;
  }
  if (!isYoungEnough(version, selector, now)) return undefined;
  if (!isPlaced(index.placementsOf.get(version.id) ?? [], selector)) return undefined;
  const names = (index.branchesOf.get(version.id) ?? [])
    .filter((branch) => !gone.has(branch.id))
    .map(({ name }) => name);
  const isOnMain = names.some((name) => name === pacticipant?.mainBranch);
  if (selector.mainBranch === true && !isOnMain) return undefined;
  const branches = fitting(names, selector.branch);
  const tags = fitting(index.tagsOf.get(version.id) ?? [], selector.tag);
  return branches.length === 0 || tags.length === 0 ? undefined : { branches, tags };
}

/** Of what the version may be the latest, one text each. The length tells where the branch ends. */
function groupsOf({ pacticipantId }: CleanVersion, { branches, tags }: Fit): readonly string[] {
  return branches.flatMap((branch) =>
    tags.map((tag) => `${pacticipantId} ${branch.length} ${branch}${tag}`),
  );
}

function isYoungEnough({ createdAt }: CleanVersion, selector: KeepSelector, now: number): boolean {
  return selector.maxAge === undefined || now - createdAt < selector.maxAge * DAY_MS;
}

function isPlaced(placements: readonly CleanPlacement[], selector: KeepSelector): boolean {
  const there = placements.filter(
    ({ environment }) => selector.environment === undefined || selector.environment === environment,
  );
  if (selector.environment !== undefined && there.length === 0) return false;
  if (selector.deployed === true && !there.some(({ kind }) => kind === 'deployed')) return false;
  return selector.released !== true || there.some(({ kind }) => kind === 'released');
}

/** The names the selector speaks of; one empty text when it speaks of none. */
function fitting(names: readonly string[], wanted: string | true | undefined): readonly string[] {
  if (wanted === undefined) return [''];
  return wanted === true ? names : names.filter((name) => name === wanted);
}
