import type { GuardMismatch } from '../guard/guard-verdict.ts';
import type { Evidence } from '../usage/usage.ts';
import type { FindingLife } from './finding-life.ts';

export type FindingKind =
  | 'uncovered-call'
  | 'unpromised-status'
  | 'not-seen'
  | 'broken-promise'
  | 'undeclared-event'
  | 'silent-event'
  | 'unrecorded-version'
  | 'silent-version'
  | 'unknown-consumer'
  | 'unknown-provider';

/** A disagreement of traffic and contract. Two sightings are the same finding when kind, peers, environment and operation agree. */
export interface Finding {
  /** Stable for the same disagreement: a hash of what names it. */
  readonly id: string;
  readonly kind: FindingKind;
  /**
   * undefined where the finding is about one pacticipant alone: of versions and of the events that a service sends, it is `provider`.
   */
  readonly consumer: string | undefined;
  readonly provider: string;
  readonly environment: string | undefined;
  /** Operation key: `GET /orders/{id}`, `send order.placed`; undefined where no operation is meant. */
  readonly operation: string | undefined;
  readonly versions: { readonly consumer: readonly string[]; readonly provider: readonly string[] };
  /** UTC, ISO 8601. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly count: number;
  readonly exemplarTraceId: string | undefined;
  /** The latest few, the latest first. */
  readonly exemplarTraceIds: readonly string[];
  /** Of `unpromised-status`: what was answered. */
  readonly statuses: readonly string[];
  /** Of `broken-promise`: what failed, where. */
  readonly mismatches: readonly GuardMismatch[];
  readonly evidence: Evidence;
  /** What is wrong, with names and values, and what to do. */
  readonly sentence: string;
  readonly life: FindingLife;
}
