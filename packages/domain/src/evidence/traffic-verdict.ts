import type { EvidenceFloor } from '../usage/judge-usage.ts';
import type { Evidence } from '../usage/usage.ts';

/**
 * What traffic says about a row that stands in the way: what fails is used by what runs · something is used of which it cannot be told
 * whether it is what fails · there was enough traffic to see it, and it was not used · there was not enough to say.
 */
export type TrafficVerdict = 'broken' | 'potentially-affected' | 'unaffected' | 'no-evidence';

/** Why a verdict is as it is; a program can go by it, the sentences say the same to people. */
export type TrafficReason =
  | 'used'
  | 'untold-results'
  | 'indistinguishable'
  | 'other-version'
  | 'unpromised-status'
  | 'unresolved-operation'
  | 'unnamed-events'
  | 'sampled-too-low'
  | 'new-promise'
  | 'not-used'
  | 'no-traffic'
  | 'too-little-traffic';

/** Calls of the pair that are alike, in the environment and window that are asked about. */
export interface SeenCalls {
  readonly transport: string;
  readonly operation: string;
  /** Status as text; empty for messages. */
  readonly status: string;
  /** Empty where the spans tell none. */
  readonly consumerVersion: string;
  /** Extrapolated by the sample rate; `sampled` of them were seen, and `decided` of those told what they were. */
  readonly count: number;
  readonly sampled: number;
  readonly decided: number;
  /** Microseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** Uses of a promise. */
export interface SeenPromise {
  readonly shape: string;
  readonly consumerVersion: string;
  readonly count: number;
  readonly lastSeen: number;
  readonly exemplarTraceId: string;
}

/** What was seen of the pair since the promise was watched, within the window. */
export interface SeenTraffic {
  /** Microseconds since the epoch: before that a call was no use of it. */
  readonly watchedSince: number;
  /** How many of the calls, at most, came after that. */
  readonly decidedAtMost: number;
  readonly calls: readonly SeenCalls[];
  readonly promises: readonly SeenPromise[];
}

/** An interaction of the row's pact that was not kept, or of which nobody knows. */
export interface FailingInteraction {
  readonly description: string;
  readonly providerStates: readonly string[];
  readonly transport: 'http' | 'message';
  readonly operation: string;
  readonly status: number | undefined;
  readonly shape: string;
  /** What live guards count it by, who can tell it from others of its shape. */
  readonly guardedShape: string;
  /** `untold`: the pact failed, and the verifier did not say which of its interactions. */
  readonly outcome: 'failed' | 'unverified' | 'untold';
  /** Descriptions of the kept interactions that spans cannot tell from it. */
  readonly indistinguishableFrom: readonly string[];
  /** Whether a version of the consumer that runs there promises the same: only then traffic can say that it is not used. */
  readonly isPromisedByRunning: boolean;
  readonly seen: SeenTraffic;
}

export interface PromisedOperation {
  readonly statuses: readonly number[];
  readonly shapes: readonly string[];
}

/** A row that stands in the way, as the matrix knows it. */
export interface AskedRow {
  readonly consumer: string;
  readonly consumerVersion: string;
  readonly provider: string;
  readonly asked: 'consumer' | 'provider';
  readonly otherVersions: readonly string[];
  readonly sha: string;
  /** By id; undefined for a row without a result. */
  readonly verification: number | undefined;
  /** Ids of the provider's versions of which one had to verify it; empty for any. */
  readonly wanted: readonly number[];
}

/** A row that stands in the way, with everything traffic knows about it. */
export interface BlockedRow {
  readonly consumer: string;
  readonly consumerVersion: string;
  readonly provider: string;
  readonly environment: string;
  /** The side that is to be deployed. */
  readonly asked: 'consumer' | 'provider';
  /** Versions of the consumer that have rows of their own: their calls are judged there. */
  readonly otherVersions: readonly string[];
  readonly failing: readonly FailingInteraction[];
  /** How many interactions of it the same version of the provider has kept, as part of other pacts. */
  readonly keptElsewhere: number;
  /** What the pacts of the pair promise, by operation. */
  readonly promised: ReadonlyMap<string, PromisedOperation>;
  /** Operations that any contract of the provider names. */
  readonly knownOperations: ReadonlySet<string>;
  readonly floor: EvidenceFloor;
}

export interface JudgedInteraction {
  readonly interaction: FailingInteraction;
  readonly verdict: TrafficVerdict;
  readonly reason: TrafficReason;
  readonly count: number;
  /** Who used it, the latest first. */
  readonly usedBy: readonly SeenPromise[];
  readonly evidence: Evidence;
}

/** What traffic says about a row. */
export interface RowJudgement {
  readonly verdict: TrafficVerdict;
  readonly sentences: readonly string[];
  readonly interactions: readonly JudgedInteraction[];
  /** Of the interaction that decided. */
  readonly evidence: Evidence;
}

const ORDER: readonly TrafficVerdict[] = [
  'broken',
  'potentially-affected',
  'no-evidence',
  'unaffected',
];

/** The one to worry about most; undefined without any. */
export function worstVerdict(verdicts: readonly TrafficVerdict[]): TrafficVerdict | undefined {
  return ORDER.find((verdict) => verdicts.includes(verdict));
}
