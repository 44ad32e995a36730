import type { EvidenceFloor } from '../usage/judge-usage.ts';

/** True for a version that goes on being seen after it was replaced: longer, and more often, than a rollout explains. */
export function outlivesRecord(facts: {
  readonly replacedAtMicros: number;
  readonly lastSeenMicros: number;
  /** Its sampled calls since then. */
  readonly calls: number;
  readonly floor: EvidenceFloor;
}): boolean {
  const { replacedAtMicros, lastSeenMicros, calls, floor } = facts;
  const seconds = (lastSeenMicros - replacedAtMicros) / 1e6;
  return (
    seconds > 0 && seconds >= floor.minimumWindowSeconds && calls >= Math.max(1, floor.minimumCalls)
  );
}
