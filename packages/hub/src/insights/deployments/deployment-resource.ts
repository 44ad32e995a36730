import type { DeploymentResource, RunningVersionResource } from '@concordat/api';
import type { JudgedVersion } from '@concordat/domain';
import type { RunningVersion } from '../identity/running-versions.ts';
import { timeOf } from '../open-findings.ts';
import type { KeptPlacement, VersionCalls } from './deployment-facts-store.ts';
import type { PacticipantTruth } from './deployments.ts';

/** What is told of versions beside what was concluded; of one pacticipant in one environment. */
export interface VersionDetails {
  readonly environments: ReadonlySet<string>;
  /** By version; those that the broker does not know are absent. */
  readonly hasContracts: ReadonlyMap<string, boolean>;
  /** By version. */
  readonly calls: ReadonlyMap<string, VersionCalls>;
}

export function deploymentResource(
  truth: PacticipantTruth,
  details: VersionDetails,
): DeploymentResource {
  const { environment, pacticipant, mixed } = truth;
  const shares = sharesOf(mixed?.versions ?? [], details);
  return {
    environment,
    environmentExists: details.environments.has(environment),
    pacticipant,
    versions: truth.versions.map((version) => versionResource(version, truth, details)),
    mixed:
      mixed === undefined
        ? null
        : {
            since: timeOf(mixed.since),
            isLasting: mixed.isLasting,
            versions: mixed.versions.map((version) => ({
              version,
              share: shares.get(version) ?? null,
            })),
          },
  };
}

/** Of the calls of these versions together, 0 to 1; of none where there were no calls. */
export function sharesOf(
  versions: readonly string[],
  { calls }: Pick<VersionDetails, 'calls'>,
): ReadonlyMap<string, number> {
  const counts = versions.map((version) => [version, calls.get(version)?.calls ?? 0] as const);
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  return new Map(all === 0 ? [] : counts.map(([version, count]) => [version, count / all]));
}

function versionResource(
  { version, state, seen }: JudgedVersion,
  { running, placements }: PacticipantTruth,
  { hasContracts, calls }: VersionDetails,
): RunningVersionResource {
  const sent = running.find((one) => one.version === version);
  return {
    ...{ version, state },
    exists: hasContracts.has(version),
    hasContracts: hasContracts.get(version) ?? false,
    recorded: placements.filter((placement) => placement.version === version).map(recordResource),
    firstSeen: seen === undefined ? null : timeOf(seen.firstSeen),
    lastSeen: seen === undefined ? null : timeOf(seen.lastSeen),
    calls: calls.get(version)?.calls ?? 0,
    exemplarTraceId: sent?.exemplarTraceId ?? null,
    sentAs: [...(sent?.sentAs ?? [])],
    recognisedBy: recognisedBy(sent),
    candidates: sent?.mapping.kind === 'ambiguous' ? [...sent.mapping.candidates] : [],
  };
}

function recordResource({ how, since, applicationInstance }: KeptPlacement) {
  const instance = applicationInstance === '' ? null : applicationInstance;
  return { how, since, applicationInstance: instance };
}

function recognisedBy(sent: RunningVersion | undefined): RunningVersionResource['recognisedBy'] {
  switch (sent?.mapping.kind) {
    case undefined:
      return null;
    case 'exact':
    case 'ambiguous':
      return sent?.mapping.kind ?? null;
    case 'mapped':
      return sent?.mapping.kind === 'mapped' ? sent.mapping.by : null;
    case 'unknown':
      return 'none';
  }
}
