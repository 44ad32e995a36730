import type { FindingResource } from '@concordat/api';
import type { Finding } from '@concordat/domain';

/** The wire form of a finding: what is undefined becomes null. */
export function findingResource(finding: Finding): FindingResource {
  const { consumer, environment, operation, exemplarTraceId, versions, evidence } = finding;
  return {
    ...finding,
    consumer: consumer ?? null,
    environment: environment ?? null,
    operation: operation ?? null,
    versions: { consumer: [...versions.consumer], provider: [...versions.provider] },
    exemplarTraceId: exemplarTraceId ?? null,
    evidence: { ...evidence },
  };
}
