import { type EvidenceFloor, judgeUsage, type Usage } from '@concordat/domain';
import type { PromiseStart } from '../promise-store.ts';
import type { LedgerEntry, PromiseEntry } from './ledger-entry.ts';

/** What was looked at, and from when on; times in microseconds since the epoch. */
export interface LookedAt {
  readonly window: number;
  readonly calls: number;
  readonly sampleRate: number;
  readonly since: number | undefined;
}

/** Uses added up; the times are undefined without any. */
export interface Uses {
  readonly count: number;
  readonly firstSeen: number | undefined;
  readonly lastSeen: number | undefined;
  /** The latest first. */
  readonly exemplarTraceIds: readonly string[];
}

export interface UsageVerdict extends Uses {
  readonly usage: Usage;
  readonly evidence: LookedAt;
}

const MOST_EXEMPLARS = 5;
const NOTHING: LookedAt = { window: 0, calls: 0, sampleRate: 1, since: undefined };

export function usesOf(entries: readonly (LedgerEntry | PromiseEntry)[]): Uses {
  const latest = [...entries].sort((left, right) => right.lastSeen - left.lastSeen);
  return {
    count: sumOf(entries, ({ count }) => count),
    firstSeen: entries.length === 0 ? undefined : firstOf(entries),
    lastSeen: latest[0]?.lastSeen,
    exemplarTraceIds: [...new Set(latest.map(({ exemplarTraceId }) => exemplarTraceId))]
      .filter((id) => id !== '')
      .slice(0, MOST_EXEMPLARS),
  };
}

/**
 * What these calls are evidence of. With the start of a promise only what came after it: of calls that began before nobody knows
 * which were which, so as many as the whole edge had before that are taken off.
 */
export function lookedAt(
  calls: readonly LedgerEntry[],
  start?: Pick<PromiseStart, 'since' | 'callsBefore'>,
): LookedAt {
  if (calls.length === 0) {
    return { ...NOTHING, since: start?.since };
  }
  const first = firstOf(calls);
  const since = Math.max(first, start?.since ?? first);
  const last = Math.max(...calls.map(({ lastSeen }) => lastSeen));
  const decided = sumOf(calls, (call) => call.decided);
  const before = start === undefined || first >= start.since ? 0 : start.callsBefore;
  const count = sumOf(calls, (call) => call.count);
  const sampled = sumOf(calls, (call) => call.sampled);
  const sampleRate = count > 0 ? Math.min(1, sampled / count) : 1;
  return {
    window: Math.max(0, (last - since) / 1e6),
    calls: Math.max(0, decided - before) / sampleRate,
    sampleRate,
    since: start?.since ?? first,
  };
}

/** Of a promise that nobody watches nothing can be said but that it was used. */
export function unwatched(): LookedAt {
  return NOTHING;
}

export function verdictOf(uses: Uses, evidence: LookedAt, floor: EvidenceFloor): UsageVerdict {
  return { ...uses, usage: judgeUsage(uses.count, evidence, floor), evidence };
}

function firstOf(entries: readonly { readonly firstSeen: number }[]): number {
  return entries.reduce((first, entry) => Math.min(first, entry.firstSeen), Infinity);
}

function sumOf<T>(entries: readonly T[], value: (entry: T) => number): number {
  return entries.reduce((sum, entry) => sum + value(entry), 0);
}
