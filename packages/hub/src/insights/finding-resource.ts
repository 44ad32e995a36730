import type { FindingDetailResource, FindingEventResource, FindingResource } from '@concordat/api';
import type { Finding, FindingLife } from '@concordat/domain';
import type { StoredFindingEvent } from './findings/finding-event-store.ts';
import { timeOf } from './open-findings.ts';

/** The wire form of a finding: what is undefined becomes null. */
export function findingResource({ life, ...finding }: Finding): FindingResource {
  const { consumer, environment, operation, exemplarTraceId, versions, evidence } = finding;
  return {
    ...finding,
    consumer: consumer ?? null,
    environment: environment ?? null,
    operation: operation ?? null,
    versions: { consumer: [...versions.consumer], provider: [...versions.provider] },
    exemplarTraceId: exemplarTraceId ?? null,
    exemplarTraceIds: [...finding.exemplarTraceIds],
    statuses: [...finding.statuses],
    mismatches: [...finding.mismatches],
    evidence: { ...evidence },
    ...lifeResource(life),
  };
}

function lifeResource({ state, openedAt, resolvedAt, resolution, acknowledgement }: FindingLife) {
  return {
    ...{ state, openedAt, resolvedAt: resolvedAt ?? null, resolution: resolution ?? null },
    acknowledgement:
      acknowledgement === undefined
        ? null
        : { ...acknowledgement, until: acknowledgement.until ?? null },
  };
}

/** With what became of it, in order. */
export function findingDetailResource(
  finding: Finding,
  history: readonly StoredFindingEvent[],
): FindingDetailResource {
  return { ...findingResource(finding), history: history.map(findingEventResource) };
}

export function findingEventResource(event: StoredFindingEvent): FindingEventResource {
  const { id, kind, at, by, note } = event;
  return { id, kind, at: timeOf(at), by: by ?? null, note: note ?? null };
}
