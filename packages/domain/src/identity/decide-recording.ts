import { type DeploymentTruth, isRunning, type JudgedVersion } from './deployment-truth.ts';
import type { VersionMapping } from './map-version.ts';

export type RecordingRefusal =
  | 'not-seen-lately'
  | 'too-few-sightings'
  | 'ambiguous-version'
  | 'unknown-version'
  | 'rolling-out'
  | 'replaced';

/** What is known of a running version beside its state. */
export interface RunningEvidence {
  /** How often it was heard of, or really called. */
  readonly sightings: number;
  /** Of the calls in the last minutes, 0 to 1; undefined where there were none. */
  readonly share: number | undefined;
  readonly mapping: VersionMapping;
  /** The broker has a version of this number. */
  readonly exists: boolean;
}

export interface RecordingRules {
  readonly now: number;
  readonly minimumSightings: number;
  readonly createVersions: boolean;
}

export interface RecordingDecision {
  /** At most one: recording it ends the record of the one before. */
  readonly record: string | undefined;
  readonly skipped: readonly { readonly version: string; readonly reason: RecordingRefusal }[];
}

/** Which running version of a pacticipant is to be recorded as deployed, and why the others that run unrecorded are not. */
export function decideRecording(
  truth: DeploymentTruth,
  evidence: ReadonlyMap<string, RunningEvidence>,
  rules: RecordingRules,
): RecordingDecision {
  const asked = truth.versions.filter(
    ({ state }) => state === 'unrecorded' || state === 'replaced',
  );
  const judged = asked.map((version) => ({
    version,
    reason: refusalOf(version, evidence.get(version.version), rules),
  }));
  const fit = judged.filter(({ reason }) => reason === undefined).map(({ version }) => version);
  const record = leading(fit, truth, evidence);
  return {
    record: record?.version,
    skipped: judged
      .filter(({ version }) => version !== record)
      .map(({ version: { version }, reason = 'rolling-out' }) => ({ version, reason })),
  };
}

function refusalOf(
  { state, seen }: JudgedVersion,
  evidence: RunningEvidence | undefined,
  { now, minimumSightings, createVersions }: RecordingRules,
): RecordingRefusal | undefined {
  if (state === 'replaced') return 'replaced';
  if (seen === undefined || evidence === undefined || !isRunning(seen, now)) {
    return 'not-seen-lately';
  }
  if (evidence.sightings < minimumSightings) return 'too-few-sightings';
  if (evidence.mapping.kind === 'ambiguous') return 'ambiguous-version';
  return evidence.exists || createVersions ? undefined : 'unknown-version';
}

/** The one with most of the calls, without any the latest seen; none while most go to a version that is recorded, or will not be. */
function leading(
  fit: readonly JudgedVersion[],
  { mixed }: DeploymentTruth,
  evidence: ReadonlyMap<string, RunningEvidence>,
): JudgedVersion | undefined {
  const shareOf = (version: string): number => evidence.get(version)?.share ?? 0;
  const [best] = [...fit].sort((left, right) => shareOf(right.version) - shareOf(left.version));
  if (best === undefined || mixed === undefined) return best;
  const others = mixed.versions.filter((version) => version !== best.version);
  const isLed = others.some((version) => shareOf(version) > shareOf(best.version));
  return isLed ? undefined : best;
}
