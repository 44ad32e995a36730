import type { CleanPlan } from '@concordat/api';
import {
  type CleanDecision,
  type CleanHistory,
  type CleanPolicy,
  type CleanQuestion,
  type CleanVerdict,
  decideCleanInSteps,
} from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { CleanHistoryStore, type ReadHistory } from './clean-history-store.ts';

/** What shall be cleaned. */
export interface CleanRequest {
  readonly policy: CleanPolicy;
  /** Only these branches and their orphans; undefined for all that the policy says. */
  readonly onlyBranches?: ReadonlySet<number> | undefined;
}

export interface PlannedClean extends Omit<ReadHistory, 'history'> {
  readonly history: ReadHistory['history'];
  readonly decision: CleanDecision;
  /** What has been used since then was perhaps not seen: ISO text. */
  readonly usedSince: string;
  readonly summary: CleanPlan;
}

const DAY_MS = 86_400_000;
/** A request that was under way while the history was read says an earlier time than it commits at. */
const UNDER_WAY_MS = 60_000;

/** Reads the history and decides; changes nothing. */
export async function planClean(
  { policy, onlyBranches }: CleanRequest,
  { db, now }: { readonly db: Database; readonly now: Date },
): Promise<PlannedClean> {
  const time = now.getTime();
  const ago = (ms: number): string => new Date(Math.max(0, time - ms)).toISOString();
  const minimumAgeMs = policy.minimumAge * DAY_MS;
  const read = await new CleanHistoryStore(db).read({
    overwritten: ago(policy.overwrittenDataMaxAge * DAY_MS),
    orphan: ago(minimumAgeMs),
  });
  const decision = await decided(read.history, { policy, now: time, onlyBranches });
  const isAll = onlyBranches === undefined;
  const planned = {
    history: read.history,
    decision,
    overwrittenPublications: isAll ? read.overwrittenPublications : [],
    overwrittenResults: isAll ? read.overwrittenResults : [],
    orphanContents: isAll ? read.orphanContents : [],
    usedSince: ago(Math.min(UNDER_WAY_MS, minimumAgeMs)),
  };
  return { ...planned, summary: summaryOf(planned) };
}

/** Whoever waits for the thread comes between two steps. */
async function decided(history: CleanHistory, question: CleanQuestion): Promise<CleanDecision> {
  const steps = decideCleanInSteps(history, question);
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function summaryOf(planned: Omit<PlannedClean, 'summary'>): CleanPlan {
  const { decision } = planned;
  return {
    versions: decision.removed.length,
    branches: decision.branches.length,
    overwrittenPublications: planned.overwrittenPublications.length,
    overwrittenResults: planned.overwrittenResults.length,
    orphanContents: planned.orphanContents.length,
    removedBecause: byReason(decision.removed),
    keptBecause: byReason(decision.kept),
  };
}

function byReason(verdicts: readonly CleanVerdict[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { because } of verdicts) counts[because] = (counts[because] ?? 0) + 1;
  return counts;
}
