import { sql } from 'kysely';
import { added } from '../../database/added-columns.ts';
import type { Database } from '../../database/database.ts';
import type { GuardCountsTable, GuardMismatchesTable } from '../../database/tables/guard-tables.ts';
import {
  type CallFilter,
  inBuckets,
  inEnvironment,
  latestExemplar,
  traceIdOf,
} from '../call-count-store.ts';

/** What guards said of one operation of a pair. */
export interface GuardTotals {
  readonly operation: string;
  readonly kept: number;
  readonly broken: number;
  readonly uncovered: number;
  readonly undecided: number;
  /** Microseconds since the epoch; 0 when none was broken. */
  readonly lastBroken: number;
  /** Of the last that was broken; empty when none was. */
  readonly exemplarTraceId: string;
}

/** What was broken, and how often. */
export interface MismatchTotals {
  readonly operation: string;
  readonly part: string;
  readonly rule: string;
  readonly pointer: string;
  readonly times: number;
  readonly lastSeen: number;
  readonly exemplarTraceId: string;
}

const MOST_MISMATCHES = 200;

interface Pair {
  readonly consumer: string;
  readonly provider: string;
}

/** Counts of verdicts. Every write adds to what is there, so several hubs may share a database. */
export class GuardCountStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Rows with equal keys must not stand twice in one list. */
  async addCounts(rows: readonly GuardCountsTable[]): Promise<void> {
    await this.#db
      .insertInto('guard_counts')
      .values([...rows])
      .onConflict((conflict) =>
        conflict
          .columns(['consumer', 'provider', 'bucket', 'operation', 'environment'])
          .doUpdateSet({
            ...added('guard_counts', ['kept', 'broken', 'uncovered', 'undecided']),
            last_broken: sql<number>`case when excluded.last_broken >= guard_counts.last_broken then excluded.last_broken else guard_counts.last_broken end`,
            exemplar_trace_id: sql<string>`case when excluded.last_broken >= guard_counts.last_broken then excluded.exemplar_trace_id else guard_counts.exemplar_trace_id end`,
          }),
      )
      .execute();
  }

  /** Rows with equal keys must not stand twice in one list. */
  async addMismatches(rows: readonly GuardMismatchesTable[]): Promise<void> {
    await this.#db
      .insertInto('guard_mismatches')
      .values([...rows])
      .onConflict((conflict) =>
        conflict
          .columns([
            'consumer',
            'provider',
            'bucket',
            'operation',
            'environment',
            'part',
            'rule',
            'pointer',
          ])
          .doUpdateSet({
            ...added('guard_mismatches', ['times']),
            last_seen: sql<number>`case when excluded.last_seen >= guard_mismatches.last_seen then excluded.last_seen else guard_mismatches.last_seen end`,
            exemplar_trace_id: sql<string>`case when excluded.last_seen >= guard_mismatches.last_seen then excluded.exemplar_trace_id else guard_mismatches.exemplar_trace_id end`,
          }),
      )
      .execute();
  }

  /** What guards said of a pair, by operation. */
  async operations(
    { consumer, provider }: Pair,
    filter: CallFilter,
  ): Promise<readonly GuardTotals[]> {
    const rows = await this.#db
      .selectFrom('guard_counts')
      .select(['operation', latestBroken.as('exemplar')])
      .select(({ fn }) => [
        fn.sum<number>('kept').as('kept'),
        fn.sum<number>('broken').as('broken'),
        fn.sum<number>('uncovered').as('uncovered'),
        fn.sum<number>('undecided').as('undecided'),
        fn.max('last_broken').as('lastBroken'),
      ])
      .where('consumer', '=', consumer)
      .where('provider', '=', provider)
      .where(inBuckets(filter))
      .where(inEnvironment(filter))
      .groupBy('operation')
      .orderBy('operation')
      .execute();
    return rows.map(({ exemplar, ...row }) => ({
      operation: row.operation,
      kept: Number(row.kept),
      broken: Number(row.broken),
      uncovered: Number(row.uncovered),
      undecided: Number(row.undecided),
      lastBroken: row.lastBroken,
      exemplarTraceId: traceIdOf(exemplar),
    }));
  }

  /** What was broken most often first. */
  async mismatches(
    { consumer, provider }: Pair,
    filter: CallFilter,
  ): Promise<readonly MismatchTotals[]> {
    const rows = await this.#db
      .selectFrom('guard_mismatches')
      .select(['operation', 'part', 'rule', 'pointer', latestExemplar.as('exemplar')])
      .select(({ fn }) => [fn.sum<number>('times').as('times'), fn.max('last_seen').as('lastSeen')])
      .where('consumer', '=', consumer)
      .where('provider', '=', provider)
      .where(inBuckets(filter))
      .where(inEnvironment(filter))
      .groupBy(['operation', 'part', 'rule', 'pointer'])
      .orderBy('times', 'desc')
      .orderBy('operation')
      .orderBy('pointer')
      .orderBy('rule')
      .limit(MOST_MISMATCHES)
      .execute();
    return rows.map(({ exemplar, ...row }) => ({
      ...row,
      times: Number(row.times),
      exemplarTraceId: traceIdOf(exemplar),
    }));
  }

  /** Forgets the minutes before this one; totals stay. */
  async forgetBefore(minute: number): Promise<void> {
    for (const table of ['guard_counts', 'guard_mismatches'] as const) {
      await this.#db
        .deleteFrom(table)
        .where('bucket', '>', 0)
        .where('bucket', '<', minute)
        .execute();
    }
  }
}

/** As `latestExemplar`, by the time of what was broken. */
const latestBroken = sql<string>`max(cast(last_broken as text) || ':' || exemplar_trace_id)`;
