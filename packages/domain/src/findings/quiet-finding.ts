import type { EvidenceFloor } from '../usage/judge-usage.ts';

export interface QuietFacts {
  readonly lastSeenMs: number;
  readonly nowMs: number;
  /** The setting: so long nothing may be seen of it. */
  readonly quietMs: number;
  /** Calls on its edge since it was last seen; sampled ones, not extrapolated ones. */
  readonly looked: number;
  readonly floor: EvidenceFloor;
}

/** After so many quiet windows nobody waits for traffic any more: an edge that is gone has no more to say. */
const GONE_AFTER = 30;

/** True when enough traffic went by without it; silence of the whole edge takes thirty times as long. */
export function isNoLongerSeen(facts: QuietFacts): boolean {
  const silentMs = facts.nowMs - facts.lastSeenMs;
  if (silentMs < facts.quietMs) return false;
  return (
    facts.looked >= Math.max(1, facts.floor.minimumCalls) || silentMs >= GONE_AFTER * facts.quietMs
  );
}
