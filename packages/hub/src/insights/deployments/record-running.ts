import type { RecordedRunning, RecordRunning } from '@concordat/api';
import { decideRecording, type RecordingRefusal, type RunningEvidence } from '@concordat/domain';
import { HubError } from '../../http/hub-error.ts';
import { sharesOf, type VersionDetails } from './deployment-resource.ts';
import type { PacticipantTruth } from './deployments.ts';

/** Records a deployment as the broker does, with all that follows from one. */
export type RecordDeployment = (asked: {
  readonly pacticipant: string;
  readonly version: string;
  /** By name. */
  readonly environment: string;
  /** Makes the version when the broker does not know it. */
  readonly createsVersion: boolean;
}) => Promise<void>;

export interface RecordRunningDeps {
  readonly recordDeployment: RecordDeployment;
  readonly now: () => Date;
}

export interface DetailedTruth {
  readonly truth: PacticipantTruth;
  readonly details: VersionDetails;
}

const MINIMUM_SIGHTINGS = 5;

/** Records what runs and was never recorded, and tells of all the rest why not. */
export async function recordRunning(
  found: readonly DetailedTruth[],
  asked: RecordRunning,
  { recordDeployment, now }: RecordRunningDeps,
): Promise<RecordedRunning> {
  const { environment, dryRun = false, createVersions = false } = asked;
  const { minimumSightings = MINIMUM_SIGHTINGS } = asked;
  const rules = { now: now().getTime() * 1000, createVersions, minimumSightings };
  const answer: RecordedRunning = { environment, dryRun, recorded: [], skipped: [] };
  for (const { truth, details } of found) {
    const { pacticipant } = truth;
    const { record, skipped } = decideRecording(truth, evidenceOf(truth, details), rules);
    if (record !== undefined) {
      const created = !details.hasContracts.has(record);
      if (!dryRun) {
        const version = { pacticipant, version: record, environment };
        await recordDeployment({ ...version, createsVersion: created });
      }
      const replaces = replacedBy(truth);
      answer.recorded.push({ pacticipant, version: record, created, replaces });
    }
    for (const { version, reason } of skipped) {
      const detail = DETAILS[reason](truth, version);
      answer.skipped.push({ pacticipant, version, reason, detail });
    }
  }
  return answer;
}

/** 404 in the words of the asker when there is no such environment. */
export function refuseUnknownEnvironment(name: string, known: ReadonlySet<string>): void {
  if (known.has(name)) return;
  const names = [...known].sort().map((one) => `"${one}"`);
  const others = names.length === 0 ? 'there is none yet' : `there are ${names.join(', ')}`;
  throw new HubError('NOT_FOUND', `There is no environment "${name}"; ${others}.`);
}

function evidenceOf(
  { versions, running }: PacticipantTruth,
  details: VersionDetails,
): ReadonlyMap<string, RunningEvidence> {
  const shares = sharesOf(
    versions.map(({ version }) => version),
    details,
  );
  return new Map(
    running.map(({ version, sightings, mapping }) => [
      version,
      {
        sightings: Math.max(sightings, details.calls.get(version)?.sampled ?? 0),
        share: shares.get(version),
        mapping,
        exists: details.hasContracts.has(version),
      },
    ]),
  );
}

/** Deployments without an instance end with the next one; those of instances go on. */
function replacedBy({ placements }: PacticipantTruth): string[] {
  return placements
    .filter(({ how, applicationInstance }) => how === 'deployed' && applicationInstance === '')
    .map(({ version }) => version);
}

const DETAILS: Readonly<
  Record<RecordingRefusal, (truth: PacticipantTruth, version: string) => string>
> = {
  'not-seen-lately': ({ pacticipant }, version) =>
    `${pacticipant} ${version} was not heard of in the last quarter of an hour; it may run no more.`,
  'too-few-sightings': ({ pacticipant }, version) =>
    `${pacticipant} ${version} was heard of too seldom to be sure; ask again later, or ask for fewer sightings.`,
  'ambiguous-version': (truth, version) =>
    `${truth.pacticipant} ${version} may be any of ${candidatesOf(truth, version)}; record the right one by hand, or send its number as service.version.`,
  'unknown-version': ({ pacticipant }, version) =>
    `The broker knows no version ${version} of ${pacticipant}; publish its contracts first, send the published number as service.version, or have versions created.`,
  'rolling-out': ({ pacticipant }, version) =>
    `${pacticipant} ${version} does not take most of the calls yet; recording it would end the record of what still does. Ask again when the rollout is done.`,
  replaced: ({ pacticipant }, version) =>
    `${pacticipant} ${version} was recorded and replaced, and still runs; stop it, or record it again when that is meant.`,
};

function candidatesOf({ running }: PacticipantTruth, version: string): string {
  const mapping = running.find((one) => one.version === version)?.mapping;
  return mapping?.kind === 'ambiguous' ? mapping.candidates.join(', ') : 'several versions';
}
