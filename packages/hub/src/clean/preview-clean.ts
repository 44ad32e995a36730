import type { CleanPreview, CleanVersion } from '@concordat/api';
import type { CleanVerdict } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { policyResource } from './clean-resource.ts';
import { NamedVersionStore } from './named-version-store.ts';
import type { CleanRequest, PlannedClean } from './plan-clean.ts';

const MOST_VERSIONS = 10_000;

/** The plan in words: versions that go, and with `explain` those that stay too, each with its reason. */
export async function previewClean(
  planned: PlannedClean,
  options: {
    readonly db: Database;
    readonly request: CleanRequest;
    readonly explain: boolean;
  },
): Promise<CleanPreview> {
  const { decision, history, summary } = planned;
  const { removed, kept, branches } = decision;
  const names = new Map(history.pacticipants.map(({ id, name }) => [id, name]));
  const nameOf = (id: number): string => names.get(id) ?? '';
  const listed = [
    ...removed.map((verdict) => ({ ...verdict, verdict: 'remove' as const })),
    ...(options.explain ? kept : []).map((verdict) => ({ ...verdict, verdict: 'keep' as const })),
  ].slice(0, MOST_VERSIONS);
  return {
    dryRun: true,
    policy: policyResource(options.request.policy),
    planned: summary,
    pacticipants: countsOf(planned, nameOf),
    branches: branches.map(({ pacticipantId, name }) => ({
      pacticipant: nameOf(pacticipantId),
      branch: name,
    })),
    versions: await namedVersions(listed, options.db),
  };
}

function countsOf(
  { decision, history }: PlannedClean,
  nameOf: (id: number) => string,
): CleanPreview['pacticipants'] {
  const gone = new Set(decision.removed.map(({ versionId }) => versionId));
  const counts = new Map<number, { kept: number; removed: number }>();
  for (const { id, pacticipantId } of history.versions) {
    const count = counts.get(pacticipantId) ?? { kept: 0, removed: 0 };
    count[gone.has(id) ? 'removed' : 'kept'] += 1;
    counts.set(pacticipantId, count);
  }
  return [...counts]
    .map(([id, count]) => ({ pacticipant: nameOf(id), ...count }))
    .sort((one, other) => (one.pacticipant < other.pacticipant ? -1 : 1));
}

async function namedVersions(
  verdicts: readonly (CleanVerdict & Pick<CleanVersion, 'verdict'>)[],
  db: Database,
): Promise<CleanVersion[]> {
  const ids = verdicts.map(({ versionId }) => versionId);
  const named = await new NamedVersionStore(db).versions(ids);
  const byId = new Map(named.map((version) => [version.id, version]));
  return verdicts.flatMap(({ versionId, verdict, because, about }) => {
    const version = byId.get(versionId);
    if (version === undefined) return [];
    const { pacticipant, number, createdAt } = version;
    return [{ pacticipant, version: number, createdAt, verdict, because, about: about ?? null }];
  });
}
