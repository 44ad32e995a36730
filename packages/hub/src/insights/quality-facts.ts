import type { Finding } from '@concordat/domain';
import type { ConsumerTotals, OperationTotals } from './call-count-store.ts';
import type { SeenVersion } from './deployments/deployments.ts';
import type { InteractionUsage } from './interaction-usage.ts';

/** Promises and calls between the service and one of its others. */
export interface QualityPair {
  readonly consumer: string;
  readonly provider: string;
  readonly interactions: readonly InteractionUsage[];
  readonly operations: readonly OperationTotals[];
  /** Consumer versions whose pacts are in force, newest first. */
  readonly consumerVersions: readonly string[];
}

/** What there is to say about how well a service keeps its contracts, as consumer and as provider. */
export interface QualityFacts {
  readonly service: string;
  readonly pairs: readonly QualityPair[];
  /** Open ones that the service is part of. */
  readonly findings: readonly Finding[];
  /** Of the service itself, seen running in the window. */
  readonly versions: readonly SeenVersion[];
  /** Consumers of the service by version. */
  readonly consumers: readonly ConsumerTotals[];
}
