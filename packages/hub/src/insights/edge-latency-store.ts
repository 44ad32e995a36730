import { added, sums } from '../database/added-columns.ts';
import type { Database } from '../database/database.ts';
import { bucketsOf, latencyColumns } from '../database/latency-columns.ts';
import type { EdgeLatenciesTable } from '../database/tables/insight-tables.ts';
import { type CallFilter, inBuckets, inEnvironment } from './call-count-store.ts';
import type { LatencySide } from './edge-latency-tally.ts';

/** Calls by latency bucket, of each side that told any. */
export type SideBuckets = { readonly [Side in LatencySide]?: readonly number[] };

interface Pair {
  readonly consumer: string;
  readonly provider: string;
}

export interface EdgeBuckets extends Pair {
  readonly transport: string;
  readonly sides: SideBuckets;
}

export interface OperationBuckets {
  readonly transport: string;
  readonly operation: string;
  readonly sides: SideBuckets;
}

const counts = ['timed', 'duration_micros', ...latencyColumns] as const;

/** How long calls took. Every write adds to what is there, so several hubs may share a database. */
export class EdgeLatencyStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Rows with equal keys must not stand twice in one list. */
  async add(rows: readonly EdgeLatenciesTable[]): Promise<void> {
    await this.#db
      .insertInto('edge_latencies')
      .values([...rows])
      .onConflict((conflict) =>
        conflict
          .columns([
            'consumer',
            'provider',
            'transport',
            'bucket',
            'environment',
            'operation',
            'side',
          ])
          .doUpdateSet(added('edge_latencies', counts)),
      )
      .execute();
  }

  async edges(filter: CallFilter): Promise<readonly EdgeBuckets[]> {
    const rows = await this.#db
      .selectFrom('edge_latencies')
      .select(['consumer', 'provider', 'transport', 'side'])
      .select(sums(latencyColumns))
      .where(inBuckets(filter))
      .where(inEnvironment(filter))
      .groupBy(['consumer', 'provider', 'transport', 'side'])
      .execute();
    return bySide(rows, ({ consumer, provider, transport }) => ({ consumer, provider, transport }));
  }

  async operations(
    { consumer, provider }: Pair,
    filter: CallFilter,
  ): Promise<readonly OperationBuckets[]> {
    const rows = await this.#db
      .selectFrom('edge_latencies')
      .select(['transport', 'operation', 'side'])
      .select(sums(latencyColumns))
      .where('consumer', '=', consumer)
      .where('provider', '=', provider)
      .where(inBuckets(filter))
      .where(inEnvironment(filter))
      .groupBy(['transport', 'operation', 'side'])
      .execute();
    return bySide(rows, ({ transport, operation }) => ({ transport, operation }));
  }

  /** Forgets the minutes before this one; totals stay. */
  async forgetBefore(minute: number): Promise<void> {
    await this.#db
      .deleteFrom('edge_latencies')
      .where('bucket', '>', 0)
      .where('bucket', '<', minute)
      .execute();
  }
}

function bySide<Row extends Parameters<typeof bucketsOf>[0] & { readonly side: string }, Names>(
  rows: readonly Row[],
  namesOf: (row: Row) => Names,
): readonly (Names & { readonly sides: SideBuckets })[] {
  const found = new Map<
    string,
    { readonly names: Names; readonly sides: Record<string, readonly number[]> }
  >();
  for (const row of rows) {
    const names = namesOf(row);
    const key = JSON.stringify(names);
    const known = found.get(key) ?? { names, sides: {} };
    known.sides[row.side] = bucketsOf(row);
    found.set(key, known);
  }
  return [...found.values()].map(({ names, sides }) => ({ ...names, sides }));
}
