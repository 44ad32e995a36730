import { sql } from 'kysely';
import { added } from '../database/added-columns.ts';
import type { Database } from '../database/database.ts';
import type { OperationLinksTable } from '../database/tables/insight-tables.ts';
import { type CallFilter, inBuckets, inEnvironment } from './call-count-store.ts';

/** An operation of a service and what it called for it. */
export interface OperationLink {
  readonly operation: string;
  readonly kind: 'server' | 'consumer';
  readonly calledOperation: string;
  readonly calls: number;
  readonly lastSeen: number;
  readonly exemplarTraceId: string;
}

const MOST_LINKS = 100;

/** During which operations services called others. Every write adds to what is there, so several hubs may share a database. */
export class OperationLinkStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Rows with equal keys must not stand twice in one list. */
  async add(rows: readonly OperationLinksTable[]): Promise<void> {
    await this.#db
      .insertInto('operation_links')
      .values([...rows])
      .onConflict((conflict) =>
        conflict
          .columns([
            'service',
            'called_service',
            'bucket',
            'transport',
            'operation',
            'kind',
            'called_operation',
            'environment',
          ])
          .doUpdateSet({
            ...added('operation_links', ['calls']),
            last_seen: later('last_seen'),
            exemplar_trace_id: later('exemplar_trace_id'),
          }),
      )
      .execute();
  }

  /** The most frequent first. Of messages it is the provider that sends, so the pair is looked for the other way round. */
  async between(
    { consumer, provider }: { readonly consumer: string; readonly provider: string },
    filter: CallFilter,
  ): Promise<readonly OperationLink[]> {
    const rows = await this.#db
      .selectFrom('operation_links')
      .select(['operation', 'kind', 'called_operation as calledOperation'])
      .select(({ fn }) => [
        fn.sum<number>('calls').as('calls'),
        fn.max('last_seen').as('lastSeen'),
        fn.max('exemplar_trace_id').as('exemplarTraceId'),
      ])
      .where(({ or, and, eb }) =>
        or([
          and([
            eb('service', '=', consumer),
            eb('called_service', '=', provider),
            eb('transport', '<>', 'message'),
          ]),
          and([
            eb('service', '=', provider),
            eb('called_service', '=', consumer),
            eb('transport', '=', 'message'),
          ]),
        ]),
      )
      .where(inBuckets(filter))
      .where(inEnvironment(filter))
      .groupBy(['operation', 'kind', 'called_operation'])
      .orderBy('calls', 'desc')
      .orderBy('operation')
      .orderBy('calledOperation')
      .limit(MOST_LINKS)
      .execute();
    return rows.map((row) => ({ ...row, kind: row.kind === 'consumer' ? 'consumer' : 'server' }));
  }

  /** Forgets the minutes before this one; totals stay. */
  async forgetBefore(minute: number): Promise<void> {
    await this.#db
      .deleteFrom('operation_links')
      .where('bucket', '>', 0)
      .where('bucket', '<', minute)
      .execute();
  }
}

/** What came later of the kept and the added row. */
function later<Column extends 'last_seen' | 'exemplar_trace_id'>(column: Column) {
  const [kept, fresh] = [sql.ref(`operation_links.${column}`), sql.ref(`excluded.${column}`)];
  return sql<
    OperationLinksTable[Column]
  >`case when ${sql.ref('excluded.last_seen')} >= ${sql.ref('operation_links.last_seen')} then ${fresh} else ${kept} end`;
}
