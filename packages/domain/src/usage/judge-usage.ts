import type { Evidence, Usage } from './usage.ts';

/** Below these nothing is called unused. */
export interface EvidenceFloor {
  /** Sampled calls, not extrapolated ones: what was never looked at proves nothing. */
  readonly minimumCalls: number;
  readonly minimumWindowSeconds: number;
}

/** With fewer than one call in twenty sampled, a rare use is easily missed however many calls there are. */
export const LOWEST_SAMPLE_RATE = 0.05;

/** One match is use; without any, only enough traffic over enough time at a fair sample rate says `not-seen`. */
export function judgeUsage(count: number, evidence: Evidence, floor: EvidenceFloor): Usage {
  if (count > 0) {
    return 'used';
  }
  const looked = evidence.calls * evidence.sampleRate;
  const enough =
    looked >= floor.minimumCalls &&
    evidence.window >= floor.minimumWindowSeconds &&
    evidence.sampleRate >= LOWEST_SAMPLE_RATE &&
    looked > 0;
  return enough ? 'not-seen' : 'no-evidence';
}

/**
 * Operations that a consumer can be told to drop: every interaction of the operation is `not-seen`. An error example that traffic did
 * not bring about says nothing about an operation that is used otherwise.
 */
export function unusedOperations(
  interactions: readonly { readonly operation: string; readonly usage: Usage }[],
): readonly string[] {
  const operations = new Map<string, boolean>();
  for (const { operation, usage } of interactions) {
    operations.set(operation, (operations.get(operation) ?? true) && usage === 'not-seen');
  }
  return [...operations].filter(([, unused]) => unused).map(([operation]) => operation);
}
