import { overflowName } from '@concordat/domain';
import { type RawBuilder, sql } from 'kysely';
import { added } from '../../database/added-columns.ts';
import type { Database } from '../../database/database.ts';
import type { FieldUsageTable } from '../../database/tables/guard-tables.ts';
import { latestExemplar, traceIdOf } from '../call-count-store.ts';

/** Which fields are asked about. */
export interface FieldQuestion {
  readonly provider: string;
  readonly operation: string;
  readonly consumer?: string | undefined;
  readonly environment?: string | undefined;
  /** Minute of the epoch; days are kept, so that all of its day counts. All of time when not given. */
  readonly since?: number | undefined;
  /** This field and all below it, with `*` for positions; every field when not given. */
  readonly pointer?: string | undefined;
}

/** How often a field was there for one version of a consumer in one environment. */
export interface FieldUsage {
  readonly consumer: string;
  /** Empty where it is not known, as `environment`. */
  readonly consumerVersion: string;
  readonly environment: string;
  /** JSON pointer with `*` for positions; empty for the whole body. */
  readonly pointer: string;
  /** How often the fields of such an answer (event) were looked at; the field was `present` in that many of them. */
  readonly checks: number;
  readonly present: number;
  /** In how many of those it was watched whether the consumer's code reads it. */
  readonly watched: number;
  /** How often the consumer's code read it; undefined where reading was not watched. */
  readonly read: number | undefined;
  /** Microseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly exemplarTraceId: string;
}

export interface FieldAnswer {
  readonly fields: readonly FieldUsage[];
  /** False when the operation has more fields than are told apart: one that is not listed may have been there. */
  readonly isComplete: boolean;
}

const DAY_MINUTES = 1440;

/** Which fields live guards saw. Every write adds to what is there, so several hubs may share a database. */
export class FieldUsageStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Rows with equal keys must not stand twice in one list. */
  async add(rows: readonly FieldUsageTable[]): Promise<void> {
    await this.#db
      .insertInto('field_usage')
      .values([...rows])
      .onConflict((conflict) =>
        conflict
          .columns([
            'provider',
            'operation',
            'day',
            'pointer',
            'consumer',
            'consumer_version',
            'environment',
          ])
          .doUpdateSet({
            ...added('field_usage', ['present', 'watched', 'times_read']),
            first_seen: earlier,
            last_seen: later('last_seen'),
            exemplar_trace_id: later('exemplar_trace_id'),
          }),
      )
      .execute();
  }

  /** By pointer and consumer. */
  async of(question: FieldQuestion): Promise<FieldAnswer> {
    const rows = await this.#rows(question);
    const checks = new Map(
      rows.filter(({ pointer }) => pointer === '').map((row) => [groupOf(row), row.present]),
    );
    const isAsked = (pointer: string): boolean =>
      pointer !== overflowName && isUnder(pointer, question.pointer);
    return {
      fields: rows
        .filter(({ pointer }) => isAsked(pointer))
        .map(({ exemplar, timesRead, ...row }) => ({
          ...row,
          checks: checks.get(groupOf(row)) ?? row.present,
          read: row.watched > 0 ? timesRead : undefined,
          exemplarTraceId: traceIdOf(exemplar),
        })),
      isComplete: rows.every(({ pointer }) => pointer !== overflowName),
    };
  }

  async #rows({ provider, operation, consumer, environment, since, pointer }: FieldQuestion) {
    let query = this.#db
      .selectFrom('field_usage')
      .select([
        ...(['consumer', 'environment', 'pointer'] as const),
        'consumer_version as consumerVersion',
        latestExemplar.as('exemplar'),
      ])
      .select(({ fn }) => [
        fn.sum<number>('present').as('present'),
        fn.sum<number>('watched').as('watched'),
        fn.sum<number>('times_read').as('timesRead'),
        fn.min('first_seen').as('firstSeen'),
        fn.max('last_seen').as('lastSeen'),
      ])
      .where('provider', '=', provider)
      .where('operation', '=', operation)
      .where(inDays(since));
    if (consumer !== undefined) query = query.where('consumer', '=', consumer);
    if (environment !== undefined) query = query.where('environment', '=', environment);
    if (pointer !== undefined) query = query.where(isPointer(pointer));
    const rows = await query
      .groupBy(['pointer', 'consumer', 'consumer_version', 'environment'])
      .orderBy('pointer')
      .orderBy('consumer')
      .orderBy('consumer_version')
      .orderBy('environment')
      .execute();
    return rows.map((row) => ({
      ...row,
      present: Number(row.present),
      watched: Number(row.watched),
      timesRead: Number(row.timesRead),
    }));
  }

  /** Forgets the days before this minute's; totals stay. */
  async forgetBefore(minute: number): Promise<void> {
    await this.#db
      .deleteFrom('field_usage')
      .where('day', '>', 0)
      .where('day', '<', Math.floor(minute / DAY_MINUTES))
      .execute();
  }
}

function groupOf(row: {
  readonly consumer: string;
  readonly consumerVersion: string;
  readonly environment: string;
}): string {
  return JSON.stringify([row.consumer, row.consumerVersion, row.environment]);
}

function isUnder(pointer: string, asked = ''): boolean {
  return asked === '' || pointer === asked || pointer.startsWith(`${asked}/`);
}

/** With the whole and the overflow, which say what the numbers are worth. */
function isPointer(asked: string): RawBuilder<boolean> {
  const below = `${asked}/`;
  return sql<boolean>`(pointer in ('', ${overflowName}, ${asked}) or substr(pointer, 1, ${[...below].length}) = ${below})`;
}

function inDays(since: number | undefined): RawBuilder<boolean> {
  if (since === undefined) return sql<boolean>`day = 0`;
  return sql<boolean>`day >= ${Math.max(1, Math.floor(since / DAY_MINUTES))}`;
}

const earlier = sql<number>`case when excluded.first_seen < field_usage.first_seen then excluded.first_seen else field_usage.first_seen end`;

/** What came later of the kept and the added row. */
function later<Column extends 'last_seen' | 'exemplar_trace_id'>(column: Column) {
  const [kept, fresh] = [sql.ref(`field_usage.${column}`), sql.ref(`excluded.${column}`)];
  return sql<
    FieldUsageTable[Column]
  >`case when ${sql.ref('excluded.last_seen')} >= ${sql.ref('field_usage.last_seen')} then ${fresh} else ${kept} end`;
}
