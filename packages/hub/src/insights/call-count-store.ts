import { type Insertable, type RawBuilder, sql } from 'kysely';
import { added } from '../database/added-columns.ts';
import type { Database } from '../database/database.ts';
import type { CallCountsTable, UsageCountsTable } from '../database/tables/insight-tables.ts';

export type CallCount = Insertable<CallCountsTable>;
export type UsageCount = Insertable<UsageCountsTable>;

/** Which calls are asked about; minutes of the epoch, both included. Without either the totals of all time are read. */
export interface CallFilter {
  readonly environment?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export type Transport = 'http' | 'message' | 'database' | 'rpc';

export interface EdgeTotals {
  readonly consumer: string;
  readonly provider: string;
  readonly transport: Transport;
  readonly calls: number;
  readonly sampled: number;
  readonly decided: number;
  readonly failed: number;
  readonly durationMicros: number;
  readonly timed: number;
  /** True until the peer was seen sending spans of its own. */
  readonly consumerVirtual: boolean;
  readonly providerVirtual: boolean;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

export interface OperationTotals {
  readonly transport: Transport;
  readonly operation: string;
  readonly status: string;
  readonly calls: number;
  readonly failed: number;
  readonly lastSeen: number;
  readonly exemplarTraceId: string;
}

export interface ConsumerTotals {
  readonly consumer: string;
  /** Empty where the consumer tells none. */
  readonly version: string;
  readonly calls: number;
  readonly exemplarTraceId: string;
}

export interface UsageTotals {
  readonly consumer: string;
  readonly provider: string;
  readonly shape: string;
  readonly calls: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly exemplarTraceId: string;
}

const callSums = ['calls', 'sampled', 'decided', 'failed', 'duration_micros', 'timed'] as const;

/** Counts of observed calls and of used promises. Every write adds to what is there, so several hubs may share a database. */
export class CallCountStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Rows with equal keys must not stand twice in one list. */
  async addCalls(rows: readonly CallCount[]): Promise<void> {
    await this.#db
      .insertInto('call_counts')
      .values([...rows])
      .onConflict((conflict) =>
        conflict
          .columns([
            'consumer',
            'provider',
            'transport',
            'environment',
            'operation',
            'status',
            'consumer_version',
            'provider_version',
            'bucket',
          ])
          .doUpdateSet({
            ...added('call_counts', callSums),
            consumer_virtual: least('call_counts', 'consumer_virtual'),
            provider_virtual: least('call_counts', 'provider_virtual'),
            ...sightings('call_counts'),
          }),
      )
      .execute();
  }

  /** Rows with equal keys must not stand twice in one list. */
  async addUsage(rows: readonly UsageCount[]): Promise<void> {
    await this.#db
      .insertInto('usage_counts')
      .values([...rows])
      .onConflict((conflict) =>
        conflict
          .columns([
            'consumer',
            'provider',
            'shape',
            'environment',
            'consumer_version',
            'provider_version',
            'bucket',
          ])
          .doUpdateSet({
            ...added('usage_counts', ['calls', 'sampled']),
            ...sightings('usage_counts'),
          }),
      )
      .execute();
  }

  /** One row for each pair and transport that has calls. */
  async edges(filter: CallFilter): Promise<readonly EdgeTotals[]> {
    const rows = await this.#db
      .selectFrom('call_counts')
      .select(['consumer', 'provider', 'transport'])
      .select(({ fn }) => [
        fn.sum<number>('calls').as('calls'),
        fn.sum<number>('sampled').as('sampled'),
        fn.sum<number>('decided').as('decided'),
        fn.sum<number>('failed').as('failed'),
        fn.sum<number>('duration_micros').as('durationMicros'),
        fn.sum<number>('timed').as('timed'),
        fn.min('consumer_virtual').as('consumerVirtual'),
        fn.min('provider_virtual').as('providerVirtual'),
        fn.min('first_seen').as('firstSeen'),
        fn.max('last_seen').as('lastSeen'),
      ])
      .where(inBuckets(filter))
      .where(inEnvironment(filter))
      .groupBy(['consumer', 'provider', 'transport'])
      .execute();
    return rows.map((row) => ({
      ...row,
      transport: transportOf(row.transport),
      sampled: Number(row.sampled),
      decided: Number(row.decided),
      consumerVirtual: row.consumerVirtual === 1,
      providerVirtual: row.providerVirtual === 1,
    }));
  }

  /** The environments that each pair and transport was seen in; calls without one count as none. */
  async environments(filter: CallFilter): Promise<
    readonly {
      readonly consumer: string;
      readonly provider: string;
      readonly transport: string;
      readonly environment: string;
    }[]
  > {
    return await this.#db
      .selectFrom('call_counts')
      .select(['consumer', 'provider', 'transport', 'environment'])
      .distinct()
      .where(inBuckets(filter))
      .where(inEnvironment(filter))
      .where('environment', '<>', '')
      .orderBy('environment')
      .execute();
  }

  /** What one pair did, by operation and status. */
  async operations(
    pair: { readonly consumer: string; readonly provider: string },
    filter: CallFilter,
  ): Promise<readonly OperationTotals[]> {
    const rows = await this.#db
      .selectFrom('call_counts')
      .select(['transport', 'operation', 'status', latestExemplar.as('exemplar')])
      .select(({ fn }) => [
        fn.sum<number>('calls').as('calls'),
        fn.sum<number>('failed').as('failed'),
        fn.max('last_seen').as('lastSeen'),
      ])
      .where(inBuckets(filter))
      .where(inEnvironment(filter))
      .where('consumer', '=', pair.consumer)
      .where('provider', '=', pair.provider)
      .groupBy(['transport', 'operation', 'status'])
      .orderBy('operation')
      .orderBy('status')
      .execute();
    return rows.map(({ exemplar, transport, ...row }) => ({
      ...row,
      transport: transportOf(transport),
      exemplarTraceId: traceIdOf(exemplar),
    }));
  }

  /** Who called a provider, by version; the busiest first. */
  async consumers(provider: string, filter: CallFilter): Promise<readonly ConsumerTotals[]> {
    const rows = await this.#db
      .selectFrom('call_counts')
      .select(['consumer', 'consumer_version as version', latestExemplar.as('exemplar')])
      .select(({ fn }) => fn.sum<number>('calls').as('calls'))
      .where(inBuckets(filter))
      .where('provider', '=', provider)
      .groupBy(['consumer', 'consumer_version'])
      .orderBy('calls', 'desc')
      .orderBy('consumer')
      .orderBy('version')
      .execute();
    return rows.map(({ exemplar, ...row }) => ({ ...row, exemplarTraceId: traceIdOf(exemplar) }));
  }

  /** How often each promise was used, of one pair or of all. */
  async usage(
    filter: CallFilter & { readonly consumer?: string; readonly provider?: string },
  ): Promise<readonly UsageTotals[]> {
    let query = this.#db
      .selectFrom('usage_counts')
      .select(['consumer', 'provider', 'shape', latestExemplar.as('exemplar')])
      .select(({ fn }) => [
        fn.sum<number>('calls').as('calls'),
        fn.min('first_seen').as('firstSeen'),
        fn.max('last_seen').as('lastSeen'),
      ])
      .where(inBuckets(filter))
      .where(inEnvironment(filter))
      .groupBy(['consumer', 'provider', 'shape']);
    if (filter.consumer !== undefined && filter.provider !== undefined) {
      query = query.where('consumer', '=', filter.consumer).where('provider', '=', filter.provider);
    }
    const rows = await query.execute();
    return rows.map(({ exemplar, ...row }) => ({ ...row, exemplarTraceId: traceIdOf(exemplar) }));
  }

  /** Forgets the minutes before this one; totals stay. */
  async forgetBefore(minute: number): Promise<void> {
    for (const table of ['call_counts', 'usage_counts'] as const) {
      await this.#db
        .deleteFrom(table)
        .where('bucket', '>', 0)
        .where('bucket', '<', minute)
        .execute();
    }
  }
}

type CountTable = 'call_counts' | 'usage_counts';

function least(table: CountTable, column: string): RawBuilder<number> {
  const [kept, added] = [sql.ref(`${table}.${column}`), sql.ref(`excluded.${column}`)];
  return sql<number>`case when ${added} < ${kept} then ${added} else ${kept} end`;
}

/** Columns on the right of SET are the values from before, so the exemplar compares with the old `last_seen`. */
function sightings(table: CountTable) {
  const kept = sql.ref(`${table}.last_seen`);
  const added = sql.ref('excluded.last_seen');
  return {
    first_seen: least(table, 'first_seen'),
    last_seen: sql<number>`case when ${added} > ${kept} then ${added} else ${kept} end`,
    exemplar_trace_id: sql<string>`case when ${added} >= ${kept} then ${sql.ref('excluded.exemplar_trace_id')} else ${sql.ref(`${table}.exemplar_trace_id`)} end`,
  };
}

/** The latest row's trace id: times of this and the next two centuries have equally many digits, so texts compare as times. */
export const latestExemplar = sql<string>`max(cast(last_seen as text) || ':' || exemplar_trace_id)`;

export function traceIdOf(exemplar: string): string {
  return exemplar.slice(exemplar.indexOf(':') + 1);
}

export function inBuckets({ since, until }: CallFilter): RawBuilder<boolean> {
  if (since === undefined && until === undefined) {
    return sql<boolean>`bucket = 0`;
  }
  return sql<boolean>`bucket between ${Math.max(since ?? 1, 1)} and ${until ?? 2_000_000_000}`;
}

export function inEnvironment({ environment }: CallFilter): RawBuilder<boolean> {
  return environment === undefined
    ? sql<boolean>`1 = 1`
    : sql<boolean>`environment = ${environment}`;
}

export function transportOf(text: string): Transport {
  return text === 'message' || text === 'database' || text === 'rpc' ? text : 'http';
}
