import type { FoundFacts } from '../open-findings.ts';
import type { VersionDefects } from './version-facts.ts';

/** One finding of a kind for each pacticipant and environment, with all its versions. */
export function versionFindings(defects: readonly VersionDefects[]): readonly FoundFacts[] {
  return defects.flatMap((defect) => [...unrecordedVersions(defect), ...silentVersions(defect)]);
}

function unrecordedVersions({
  pacticipant,
  environment,
  unrecorded,
}: VersionDefects): readonly FoundFacts[] {
  const [latest] = unrecorded;
  if (latest === undefined) return [];
  const firstSeen = Math.min(...unrecorded.map((version) => version.firstSeen));
  const lastSeen = Math.max(...unrecorded.map((version) => version.lastSeen));
  const count = unrecorded.reduce((sum, version) => sum + version.sightings, 0);
  return [
    {
      names: {
        ...{ kind: 'unrecorded-version', consumer: undefined, provider: pacticipant },
        ...{ environment, operation: undefined },
      },
      versions: { consumer: [], provider: unrecorded.map(({ version }) => version) },
      ...{ firstSeen, lastSeen, count },
      exemplarTraceIds: [latest.exemplarTraceId],
      evidence: { window: (lastSeen - firstSeen) / 1e6, calls: count, sampleRate: 1 },
    },
  ];
}

function silentVersions(defect: VersionDefects): readonly FoundFacts[] {
  const { pacticipant, environment, silent, lastSeen, sightings } = defect;
  if (silent.length === 0) return [];
  const since = Math.min(...silent.map((version) => version.since));
  return [
    {
      names: {
        ...{ kind: 'silent-version', consumer: undefined, provider: pacticipant },
        ...{ environment, operation: undefined },
      },
      versions: { consumer: [], provider: silent.map(({ version }) => version) },
      ...{ firstSeen: Math.min(since, lastSeen), lastSeen, count: 0 },
      exemplarTraceIds: [],
      evidence: { window: Math.max(0, lastSeen - since) / 1e6, calls: sightings, sampleRate: 1 },
    },
  ];
}
