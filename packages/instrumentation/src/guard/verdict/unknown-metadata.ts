import type { Judgement } from '@concordat/conformance';

/** What a framework calls metadata may be named otherwise, or not at all, on the wire: what is not there cannot be judged. */
export function withoutUnknownMetadata(judgement: Judgement): Judgement {
  if (judgement.verdict !== 'broken') return judgement;
  const mismatches = judgement.mismatches.filter(
    ({ part, kind }) => part !== 'metadata' || kind !== 'missing',
  );
  if (mismatches.length === judgement.mismatches.length) return judgement;
  return mismatches.length === 0
    ? { ...judgement, verdict: 'undecided', mismatches }
    : { ...judgement, mismatches };
}
