import { judgeUsage, LOWEST_SAMPLE_RATE } from '../usage/judge-usage.ts';
import type { Evidence } from '../usage/usage.ts';
import { describeRow } from './describe-row.ts';
import { mayBeOperation } from './operation-likeness.ts';
import {
  type BlockedRow,
  type FailingInteraction,
  type JudgedInteraction,
  type RowJudgement,
  type SeenCalls,
  type SeenPromise,
  type TrafficReason,
  type TrafficVerdict,
  worstVerdict,
} from './traffic-verdict.ts';

const NOTHING: Evidence = { window: 0, calls: 0, sampleRate: 1 };

/** Of an obstacle that is no row: no pact, or no version. */
export const nothingToCompare: RowJudgement = {
  verdict: 'no-evidence',
  sentences: [
    'No pact of the pair is part of the answer, so traffic has nothing to be compared with.',
  ],
  interactions: [],
  evidence: NOTHING,
};

/** What the use of its failing interactions by what runs says about a row; a row of which no interaction is known has no evidence. */
export function judgeBlockedRow(row: BlockedRow): RowJudgement {
  const interactions = row.failing.map((interaction) => judgeInteraction(row, interaction));
  const otherwise = row.keptElsewhere > 0 ? 'unaffected' : 'no-evidence';
  const verdict = worstVerdict(interactions.map((each) => each.verdict)) ?? otherwise;
  const decisive = interactions.find((each) => each.verdict === verdict);
  return {
    verdict,
    sentences: describeRow(row, interactions),
    interactions,
    evidence: decisive?.evidence ?? NOTHING,
  };
}

function judgeInteraction(row: BlockedRow, interaction: FailingInteraction): JudgedInteraction {
  const uses = interaction.seen.promises.filter(({ shape }) => shape === interaction.shape);
  const own = uses.filter((use) => standingOf(row, use) === 'own');
  const unsure = uses.filter((use) => standingOf(row, use) === 'unsure');
  const usedBy = [...(own.length > 0 ? own : unsure)].sort(
    (left, right) => right.lastSeen - left.lastSeen,
  );
  const evidence = evidenceFor(row, interaction);
  return {
    interaction,
    ...decide(row, interaction, { own, unsure, evidence }),
    count: usedBy.reduce((sum, { count }) => sum + count, 0),
    usedBy,
    evidence,
  };
}

interface Decision {
  readonly verdict: TrafficVerdict;
  readonly reason: TrafficReason;
}

interface Uses {
  readonly own: readonly SeenPromise[];
  readonly unsure: readonly SeenPromise[];
  readonly evidence: Evidence;
}

function decide(row: BlockedRow, interaction: FailingInteraction, uses: Uses): Decision {
  if (uses.own.length > 0) return used(row, interaction);
  const doubt = uses.unsure.length > 0 ? 'other-version' : doubtOf(row, interaction);
  if (doubt !== undefined) return { verdict: 'potentially-affected', reason: doubt };
  return unused(row, interaction, uses.evidence);
}

function used(row: BlockedRow, interaction: FailingInteraction): Decision {
  const { outcome, indistinguishableFrom, guardedShape, seen } = interaction;
  if (outcome === 'untold') return { verdict: 'potentially-affected', reason: 'untold-results' };
  const isTold = seen.promises.some(
    (use) => use.shape === guardedShape && standingOf(row, use) === 'own',
  );
  return indistinguishableFrom.length > 0 && !isTold
    ? { verdict: 'potentially-affected', reason: 'indistinguishable' }
    : { verdict: 'broken', reason: 'used' };
}

/** Calls that may be uses though they were counted as none. */
function doubtOf(row: BlockedRow, interaction: FailingInteraction): TrafficReason | undefined {
  const calls = interaction.seen.calls.filter(
    (seen) => seen.transport === interaction.transport && standingOf(row, seen) !== 'elsewhere',
  );
  if (interaction.transport === 'message') {
    return calls.some(({ sampled, decided }) => decided < sampled) ? 'unnamed-events' : undefined;
  }
  const { operation } = interaction;
  const own = calls.filter((seen) => seen.operation === operation && isAnswer(seen));
  if (own.some((seen) => isUnpromised(row, seen))) return 'unpromised-status';
  if (exceeds(own, usesOf(row, interaction))) return 'unresolved-operation';
  const unknown = calls.filter((seen) => !row.knownOperations.has(seen.operation));
  return unknown.some((seen) => mayBeOperation(seen.operation, operation))
    ? 'unresolved-operation'
    : undefined;
}

/** Failures of the server are no answers to a request. */
function isAnswer({ status }: SeenCalls): boolean {
  return !(Number(status) >= 500);
}

/** 304 is a 200 from before. */
function isUnpromised({ promised }: BlockedRow, { operation, status }: SeenCalls): boolean {
  const code = Number(status);
  return code >= 100 && code !== 304 && promised.get(operation)?.statuses.includes(code) !== true;
}

/** Uses of everything that is promised for the operation. */
function usesOf(row: BlockedRow, { operation, seen }: FailingInteraction): readonly SeenPromise[] {
  const shapes = row.promised.get(operation)?.shapes ?? [];
  return seen.promises.filter(
    (use) => shapes.includes(use.shape) && standingOf(row, use) !== 'elsewhere',
  );
}

/** More calls than uses: some were no use of any promise. Half a call is what adding up shares of calls may be wrong by. */
function exceeds(calls: readonly SeenCalls[], uses: readonly SeenPromise[]): boolean {
  const sum = (items: readonly { readonly count: number }[]): number =>
    items.reduce((total, { count }) => total + count, 0);
  return sum(calls) > sum(uses) + 0.5;
}

function unused(row: BlockedRow, interaction: FailingInteraction, evidence: Evidence): Decision {
  if (!interaction.isPromisedByRunning) return { verdict: 'no-evidence', reason: 'new-promise' };
  if (judgeUsage(0, evidence, row.floor) === 'not-seen') {
    return { verdict: 'unaffected', reason: 'not-used' };
  }
  if (evidence.calls === 0) return { verdict: 'no-evidence', reason: 'no-traffic' };
  return evidence.sampleRate < LOWEST_SAMPLE_RATE
    ? { verdict: 'potentially-affected', reason: 'sampled-too-low' }
    : { verdict: 'no-evidence', reason: 'too-little-traffic' };
}

type Standing = 'own' | 'unsure' | 'elsewhere';

/**
 * Whose calls a row is judged by. For a consumer that is to be deployed: of all its versions, since it takes their place. For a provider:
 * of the row's own version; those of versions with other rows are judged there, and of a version without a row nobody knows what it
 * expects.
 */
function standingOf(row: BlockedRow, seen: { readonly consumerVersion: string }): Standing {
  const { consumerVersion } = seen;
  if (row.asked === 'consumer' || consumerVersion === row.consumerVersion) return 'own';
  if (row.otherVersions.includes(consumerVersion)) return 'elsewhere';
  return consumerVersion === '' && row.otherVersions.length === 0 ? 'own' : 'unsure';
}

function evidenceFor(row: BlockedRow, { seen, transport }: FailingInteraction): Evidence {
  const calls = seen.calls.filter(
    (each) => each.transport === transport && standingOf(row, each) === 'own',
  );
  const evidence = evidenceOfCalls(calls);
  const first = Math.min(...calls.map(({ firstSeen }) => firstSeen));
  const before = Math.max(0, (seen.watchedSince - first) / 1e6);
  return {
    ...evidence,
    window: Math.max(0, evidence.window - before),
    calls: Math.min(evidence.calls, seen.decidedAtMost / evidence.sampleRate),
  };
}

/** What calls are evidence of: only those count that told what they were. */
export function evidenceOfCalls(
  calls: readonly Pick<SeenCalls, 'count' | 'sampled' | 'decided' | 'firstSeen' | 'lastSeen'>[],
): Evidence {
  if (calls.length === 0) return NOTHING;
  const sum = (value: (call: (typeof calls)[number]) => number): number =>
    calls.reduce((total, call) => total + value(call), 0);
  const count = sum((call) => call.count);
  const sampleRate = count > 0 ? Math.min(1, sum((call) => call.sampled) / count) : 1;
  const first = Math.min(...calls.map(({ firstSeen }) => firstSeen));
  const last = Math.max(...calls.map(({ lastSeen }) => lastSeen));
  return {
    window: (last - first) / 1e6,
    calls: sum((call) => call.decided) / sampleRate,
    sampleRate,
  };
}
