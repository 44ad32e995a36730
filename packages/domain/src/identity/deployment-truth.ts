/** Times are microseconds since the epoch, as spans have them. */
export interface RecordedPlacement {
  readonly version: string;
  readonly how: 'deployed' | 'released';
  readonly since: number;
  /** When another took its place, or its support ended; undefined while it is current. */
  readonly until: number | undefined;
}

/** A version whose spans came, under the number that the broker knows it by. */
export interface SeenRunning {
  readonly version: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** One pacticipant in one environment, as records and spans tell it. */
export interface DeploymentFacts {
  readonly recorded: readonly RecordedPlacement[];
  readonly seen: readonly SeenRunning[];
  readonly now: number;
  /** Really seen calls of other versions than this since a time; asked only where the answer decides. */
  readonly otherCalls: (version: string, since: number) => number;
  readonly floor: { readonly minimumCalls: number; readonly minimumWindowSeconds: number };
}

/**
 * `running`: recorded and seen · `unrecorded`: seen, never recorded · `replaced`: seen after its record ended · `silent`: recorded, and
 * not seen although others of the service were · `no-evidence`: recorded and not seen, and nothing says that it should have been.
 */
export type DeploymentState = 'running' | 'unrecorded' | 'replaced' | 'silent' | 'no-evidence';

export interface JudgedVersion {
  readonly version: string;
  readonly state: DeploymentState;
  /** Records that hold now; empty for a version that has none. */
  readonly recorded: readonly RecordedPlacement[];
  readonly seen: SeenRunning | undefined;
}

/** Several versions answer at once. */
export interface MixedRollout {
  readonly versions: readonly string[];
  readonly since: number;
  /** It takes longer than a rollout does. */
  readonly isLasting: boolean;
}

export interface DeploymentTruth {
  readonly versions: readonly JudgedVersion[];
  readonly mixed: MixedRollout | undefined;
}

const MINUTE = 60_000_000;
/** Heard of this lately, a version runs. */
export const RUNNING_MICROS = 15 * MINUTE;
/** The version heard of last is taken to run that much longer: services are quiet at night. */
const QUIET_MICROS = 24 * 60 * MINUTE;
/** Versions that were both heard of this lately run side by side. */
const MIXED_MICROS = 5 * MINUTE;
const LASTING_MICROS = 60 * MINUTE;

/** What runs against what was recorded, the latest seen first; versions that neither runs nor is recorded any more are left out. */
export function deploymentTruth(facts: DeploymentFacts): DeploymentTruth {
  const numbers = new Set([...facts.recorded, ...facts.seen].map(({ version }) => version));
  const versions = [...numbers].flatMap((version) => judge(facts, version) ?? []);
  return {
    versions: versions.sort(
      (left, right) =>
        (right.seen?.lastSeen ?? 0) - (left.seen?.lastSeen ?? 0) ||
        left.version.localeCompare(right.version),
    ),
    mixed: mixedRollout(facts),
  };
}

/** Whether it was heard of so lately that it runs. */
export function isRunning(seen: SeenRunning, now: number): boolean {
  return now - seen.lastSeen <= RUNNING_MICROS;
}

function judge(facts: DeploymentFacts, version: string): JudgedVersion | undefined {
  const records = facts.recorded.filter((record) => record.version === version);
  const recorded = records.filter(({ until }) => until === undefined);
  const ends = records.flatMap(({ until }) => until ?? []);
  const seen = facts.seen.find((one) => one.version === version);
  if (recorded.length > 0) {
    const state = stateOfRecorded(facts, version, { recorded, seen });
    return { version, state, recorded, seen };
  }
  const state = seen === undefined ? undefined : stateOfSeen(facts, seen, ends);
  return state === undefined ? undefined : { version, state, recorded, seen };
}

function stateOfRecorded(
  facts: DeploymentFacts,
  version: string,
  { recorded, seen }: Pick<JudgedVersion, 'recorded' | 'seen'>,
): DeploymentState {
  const since = Math.min(...recorded.map((record) => record.since));
  const wasSeen = seen !== undefined && seen.lastSeen >= since - RUNNING_MICROS;
  if (wasSeen && isRunning(seen, facts.now)) return 'running';
  // What is released runs with whoever took it: that others are seen says nothing about it.
  const isExpected = recorded.some(({ how }) => how === 'deployed');
  const quietSince = wasSeen ? Math.max(since, seen.lastSeen) : since;
  if (isExpected && othersWereSeen(facts, version, quietSince)) return 'silent';
  return wasSeen ? 'running' : 'no-evidence';
}

/** Long enough and often enough to say that this one would have been seen too. */
function othersWereSeen(facts: DeploymentFacts, version: string, since: number): boolean {
  const others = facts.seen.filter((one) => one.version !== version && one.lastSeen > since);
  const from = Math.max(since, Math.min(...others.map(({ firstSeen }) => firstSeen)));
  const { minimumCalls, minimumWindowSeconds } = facts.floor;
  return (
    others.length > 0 &&
    facts.now - from >= minimumWindowSeconds * 1_000_000 &&
    facts.otherCalls(version, since) >= minimumCalls
  );
}

function stateOfSeen(
  facts: DeploymentFacts,
  seen: SeenRunning,
  ends: readonly number[],
): DeploymentState | undefined {
  if (ends.length > 0) {
    const isLate = isRunning(seen, facts.now) && seen.lastSeen > Math.max(...ends);
    return isLate ? 'replaced' : undefined;
  }
  return isRunning(seen, facts.now) || isLatest(facts, seen) ? 'unrecorded' : undefined;
}

function isLatest({ seen, now }: DeploymentFacts, one: SeenRunning): boolean {
  return (
    now - one.lastSeen <= QUIET_MICROS && seen.every(({ lastSeen }) => lastSeen <= one.lastSeen)
  );
}

/** One that was gone before the next one came is no mixture. */
function mixedRollout(facts: DeploymentFacts): MixedRollout | undefined {
  const running = facts.seen
    .filter(({ lastSeen }) => facts.now - lastSeen <= MIXED_MICROS)
    .map((seen) => ({ ...seen, start: startOf(facts, seen) }))
    .sort((left, right) => left.start - right.start);
  const newest = running.at(-1);
  const together = running.filter((one) => newest !== undefined && one.lastSeen >= newest.start);
  const since = together[1]?.start;
  if (since === undefined) return undefined;
  return {
    versions: together.map(({ version }) => version),
    since,
    isLasting: facts.now - since >= LASTING_MICROS,
  };
}

/** A version that was deployed once more runs since then. */
function startOf({ recorded }: DeploymentFacts, { version, firstSeen, lastSeen }: SeenRunning) {
  const again = recorded
    .filter((record) => record.version === version && record.how === 'deployed')
    .map(({ since }) => since)
    .filter((since) => since <= lastSeen);
  return Math.max(firstSeen, ...again);
}
