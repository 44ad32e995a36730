import type { SpanKind } from '@concordat/domain';
import { type SelectQueryBuilder, sql } from 'kysely';
import { added, sums } from '../database/added-columns.ts';
import type { Database } from '../database/database.ts';
import { bucketsOf, latencyColumns } from '../database/latency-columns.ts';
import type { OperationMinutesTable } from '../database/tables/monitor-tables.ts';
import type { Tables } from '../database/tables.ts';
import type { MinuteRange } from './dependency-store.ts';
import { inSlices } from './in-slices.ts';

/** Calls, errors and latencies that were added up. */
export interface Counted {
  readonly calls: number;
  readonly errors: number;
  readonly durationMicros: number;
  /** By `latencyBucket`. */
  readonly buckets: readonly number[];
}

export interface CountedService extends Counted {
  readonly service: string;
  readonly environment: string;
  readonly kind: SpanKind;
  readonly lastMinute: number;
}

/** One operation in the minutes from this one on, `step` of the question together; of all operations its name is empty. */
export interface CountedOperation extends Counted {
  readonly service: string;
  readonly operation: string;
  readonly kind: SpanKind;
  readonly minute: number;
  readonly exemplarTraceId: string;
}

/** Of one environment; of all when none is named, those of tests left out when `testsToo` does not say otherwise. */
export interface ObservedMinutes extends MinuteRange {
  readonly environment?: string | undefined;
  readonly testsToo?: boolean;
}

export interface OperationQuestion extends ObservedMinutes {
  readonly services: readonly string[];
  /** Any when not given. */
  readonly kinds?: readonly SpanKind[];
  /** Minutes that are added up. */
  readonly step: number;
  /** False adds the operations and kinds of a service up. */
  readonly byOperation: boolean;
}

const counts = ['calls', 'errors', 'duration_micros', ...latencyColumns] as const;

/** Spans by operation and minute. Every write adds to what is there, so several hubs may share a database. */
export class OperationMinuteStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Rows with equal keys must not stand twice in one list. */
  async add(rows: readonly OperationMinutesTable[]): Promise<void> {
    await this.#db
      .insertInto('operation_minutes')
      .values([...rows])
      .onConflict((conflict) =>
        conflict.columns(['service', 'minute', 'kind', 'operation', 'environment']).doUpdateSet({
          ...added('operation_minutes', counts),
          exemplar_trace_id: sql<string>`excluded.exemplar_trace_id`,
        }),
      )
      .execute();
  }

  /** By service, environment and kind; one of them may have several rows. */
  async services(asked: ObservedMinutes): Promise<readonly CountedService[]> {
    const rows = await inSlices(asked, 1, (slice) =>
      this.#in({ ...asked, ...slice })
        .select(['service', 'environment', 'kind'])
        .select(sums(counts))
        .select(({ fn }) => fn.max('minute').as('lastMinute'))
        .groupBy(['service', 'environment', 'kind'])
        .orderBy('service')
        .orderBy('environment')
        .execute(),
    );
    return rows.map((row) => ({
      service: row.service,
      environment: row.environment,
      kind: row.kind as SpanKind,
      lastMinute: row.lastMinute,
      ...countedOf(row),
    }));
  }

  /** How many distinct operations every service has. */
  async operationCounts(asked: ObservedMinutes): Promise<ReadonlyMap<string, number>> {
    const rows = await inSlices(asked, 1, (slice) =>
      this.#in({ ...asked, ...slice })
        .select(['service', 'kind', 'operation'])
        .distinct()
        .execute(),
    );
    const byService = new Map<string, Set<string>>();
    for (const { service, kind, operation } of rows) {
      const known = byService.get(service) ?? new Set();
      byService.set(service, known.add(`${kind} ${operation}`));
    }
    return new Map([...byService].map(([service, names]) => [service, names.size]));
  }

  /** By service, step and, where asked for, operation and kind; in the order of time. */
  async operations(question: OperationQuestion): Promise<readonly CountedOperation[]> {
    const minute = stepped(question);
    const rows = await inSlices(question, question.step, (slice) =>
      this.#asked({ ...question, ...slice })
        .select(['service', minute.as('step')])
        .select(sums(counts))
        .select(sql<string>`max(exemplar_trace_id)`.as('exemplar'))
        .groupBy(['service', minute])
        .$if(question.byOperation, (query) =>
          query.select(['operation', 'kind']).groupBy(['operation', 'kind']),
        )
        .orderBy('step')
        .execute(),
    );
    return rows.map((row) => ({
      service: row.service,
      operation: row.operation ?? '',
      kind: (row.kind ?? 'unspecified') as SpanKind,
      minute: row.step,
      exemplarTraceId: row.exemplar,
      ...countedOf(row),
    }));
  }

  /** Where spans of the service came from at any time, '' for those that do not tell; empty when it never sent one. */
  async environments(service: string): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('operation_minutes')
      .select('environment')
      .distinct()
      .where('service', '=', service)
      .orderBy('environment')
      .execute();
    return rows.map(({ environment }) => environment);
  }

  async forgetBefore(minute: number): Promise<void> {
    await this.#db.deleteFrom('operation_minutes').where('minute', '<', minute).execute();
  }

  #asked({ services, kinds, ...minutes }: OperationQuestion) {
    const query = this.#in(minutes).where('service', 'in', [...services]);
    return kinds === undefined ? query : query.where('kind', 'in', [...kinds]);
  }

  #in({ since, until, environment, testsToo = false }: ObservedMinutes) {
    const query: SelectQueryBuilder<Tables, 'operation_minutes', object> = this.#db
      .selectFrom('operation_minutes')
      .where('minute', '>=', since)
      .where('minute', '<=', until);
    if (environment !== undefined) return query.where('environment', '=', environment);
    return testsToo ? query : query.where(sql`lower(environment)`, '<>', 'test');
  }
}

/** Steps are counted from the begin of the question; division of whole numbers drops the rest on both databases. */
function stepped({ since, step }: OperationQuestion) {
  const [from, width] = [sql.lit(since), sql.lit(step)];
  return sql<number>`(${from} + (minute - ${from}) / ${width} * ${width})`;
}

function countedOf(
  row: {
    readonly [Name in (typeof counts)[number]]: number;
  },
): Counted {
  const { calls, errors, duration_micros: durationMicros } = row;
  return { calls, errors, durationMicros, buckets: bucketsOf(row) };
}
