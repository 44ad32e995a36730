import { type EvidenceFloor, outlivesRecord } from '@concordat/domain';
import type { Database } from '../../database/database.ts';
import { DeploymentFactsStore } from '../deployments/deployment-facts-store.ts';
import type { Deployments, PacticipantTruth } from '../deployments/deployments.ts';
import type { RunningVersion } from '../identity/running-versions.ts';
import type { PromiseBook } from '../promise-book.ts';

/** A version that is recorded as deployed and sends nothing. Times are microseconds. */
export interface SilentVersion {
  readonly version: string;
  readonly since: number;
}

/** What of a pacticipant does not run in an environment as it was recorded. */
export interface VersionDefects {
  readonly pacticipant: string;
  readonly environment: string;
  /** Run and are not recorded, or go on long after they were replaced. */
  readonly unrecorded: readonly RunningVersion[];
  readonly silent: readonly SilentVersion[];
  /** Whatever of it was seen last, and how often it was. */
  readonly lastSeen: number;
  readonly sightings: number;
}

export interface VersionFactsDeps {
  readonly db: Database;
  readonly deployments: Deployments;
  readonly floor: EvidenceFloor;
}

const MICROS_A_MINUTE = 60_000_000;

/** Of every pacticipant, in the environments that the broker knows; those that run as recorded are left out. */
export async function versionDefects(
  deps: VersionFactsDeps,
  book: PromiseBook,
): Promise<readonly VersionDefects[]> {
  const truths = (await deps.deployments.truth(book)).filter(({ environment }) =>
    book.knowsEnvironment(environment),
  );
  const defects: VersionDefects[] = [];
  for (const truth of truths) {
    const unrecorded = await unrecordedOf(deps, truth);
    const silent = silentOf(truth);
    if (unrecorded.length + silent.length > 0) {
      const { pacticipant, environment, running } = truth;
      defects.push({
        ...{ pacticipant, environment, unrecorded, silent },
        lastSeen: Math.max(0, ...running.map((version) => version.lastSeen)),
        sightings: running.reduce((sum, version) => sum + version.sightings, 0),
      });
    }
  }
  return defects;
}

async function unrecordedOf(
  deps: VersionFactsDeps,
  truth: PacticipantTruth,
): Promise<readonly RunningVersion[]> {
  const found: RunningVersion[] = [];
  for (const { version, state } of truth.versions) {
    const running = truth.running.find((one) => one.version === version);
    if (running === undefined) continue;
    const isUnrecorded =
      state === 'unrecorded' || (state === 'replaced' && (await outlives(deps, running)));
    if (isUnrecorded) found.push(running);
  }
  return found;
}

async function outlives(
  { db, floor }: VersionFactsDeps,
  running: RunningVersion,
): Promise<boolean> {
  const { environment, pacticipant, version, lastSeen } = running;
  const facts = new DeploymentFactsStore(db);
  const ends = (await facts.ended([{ pacticipant, version }]))
    .filter((placement) => placement.environment === environment)
    .map(({ until }) => Date.parse(until ?? '') * 1000);
  const replacedAtMicros = Math.max(...ends);
  const minute = Math.floor(replacedAtMicros / MICROS_A_MINUTE);
  const calls = (await facts.calls(minute, { environment, pacticipant }))
    .filter((one) => one.version === version)
    .reduce((sum, { sampled }) => sum + sampled, 0);
  return outlivesRecord({ replacedAtMicros, lastSeenMicros: lastSeen, calls, floor });
}

function silentOf({ versions }: PacticipantTruth): readonly SilentVersion[] {
  return versions
    .filter(({ state }) => state === 'silent')
    .map(({ version, recorded }) => ({
      version,
      since: Math.min(...recorded.map(({ since }) => since)),
    }));
}
