import { type Call, type GuardMismatch, type GuardVerdict, overflowName } from '@concordat/domain';
import type { GuardCountsTable, GuardMismatchesTable } from '../../database/tables/guard-tables.ts';

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };
type Counts = Mutable<GuardCountsTable>;
type Mismatches = Mutable<GuardMismatchesTable>;
type Names = Pick<Counts, 'consumer' | 'provider' | 'environment' | 'operation'>;

const MICROS_A_MINUTE = 60_000_000;
/** Told apart since the start; those beyond count as `overflowName`. */
interface GuardTallyLimits {
  readonly operations: number;
  readonly mismatches: number;
}

const defaultLimits: GuardTallyLimits = { operations: 20_000, mismatches: 50_000 };

/** What verdicts add to the database with the next write: by minute, and in bucket 0 for all time. */
export class GuardTally {
  readonly #limits: GuardTallyLimits;
  readonly #operations = new Set<string>();
  readonly #places = new Set<string>();
  #counts = new Map<string, Counts>();
  #mismatches = new Map<string, Mismatches>();

  constructor(limits: GuardTallyLimits = defaultLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** `latestMicros`: calls that claim to be later than this are counted at this time, because clocks go wrong. */
  add(call: Call, latestMicros: number): void {
    if (call.guard === undefined) return;
    const at = Math.min(Math.max(call.atMicros, 0), latestMicros);
    const minute = Math.max(1, Math.floor(at / MICROS_A_MINUTE));
    for (const verdict of call.guard) {
      const names = this.#namesOf(verdict, call.environment ?? '');
      for (const bucket of [0, minute]) this.#count(names, bucket, { verdict, call, at });
    }
  }

  takeCounts(): readonly GuardCountsTable[] {
    const rows = [...this.#counts.values()];
    this.#counts = new Map();
    return rows;
  }

  takeMismatches(): readonly GuardMismatchesTable[] {
    const rows = [...this.#mismatches.values()];
    this.#mismatches = new Map();
    return rows;
  }

  #namesOf({ consumer, provider, operation }: GuardVerdict, environment: string): Names {
    const names = { consumer, provider, environment, operation };
    const isKnown = admit(this.#operations, JSON.stringify(names), this.#limits.operations);
    return isKnown ? names : { ...names, operation: overflowName };
  }

  #count(
    names: Names,
    bucket: number,
    { verdict, call, at }: { verdict: GuardVerdict; call: Call; at: number },
  ): void {
    const key = JSON.stringify([names, bucket]);
    const row = this.#counts.get(key) ?? newCounts(names, bucket);
    this.#counts.set(key, row);
    row[verdict.verdict] += 1;
    if (verdict.verdict !== 'broken') return;
    if (at >= row.last_broken) {
      row.last_broken = at;
      row.exemplar_trace_id = call.traceId;
    }
    for (const place of placesOf(verdict.mismatches))
      this.#mismatch({ ...names, ...place, bucket }, call.traceId, at);
  }

  #mismatch(
    place: Omit<Mismatches, 'times' | 'last_seen' | 'exemplar_trace_id'>,
    traceId: string,
    at: number,
  ): void {
    const { bucket, ...names } = place;
    const isKnown = admit(this.#places, JSON.stringify(names), this.#limits.mismatches);
    const bounded = isKnown ? place : { ...place, rule: overflowName, pointer: '' };
    const key = JSON.stringify(bounded);
    const row = this.#mismatches.get(key) ?? {
      ...bounded,
      ...{ times: 0, last_seen: 0, exemplar_trace_id: '' },
    };
    this.#mismatches.set(key, row);
    row.times += 1;
    if (at >= row.last_seen) {
      row.last_seen = at;
      row.exemplar_trace_id = traceId;
    }
  }
}

function newCounts(names: Names, bucket: number): Counts {
  const none = { kept: 0, broken: 0, uncovered: 0, undecided: 0 };
  return { ...names, bucket, ...none, last_broken: 0, exemplar_trace_id: '' };
}

/** True for what was admitted before, or still finds room. */
function admit(known: Set<string>, key: string, limit: number): boolean {
  if (known.size < limit) known.add(key);
  return known.has(key);
}

/** Each once, however many items of an array it was broken in. */
function placesOf(mismatches: readonly GuardMismatch[]): readonly GuardMismatch[] {
  const places = new Map<string, GuardMismatch>();
  for (const mismatch of mismatches) {
    const place = { ...mismatch, pointer: withoutPositions(mismatch) };
    places.set(JSON.stringify(place), place);
  }
  return [...places.values()];
}

function withoutPositions({ part, pointer }: GuardMismatch): string {
  return part === 'body' || part === 'metadata' ? pointer.replace(/\/\d+(?=\/|$)/g, '/*') : pointer;
}
