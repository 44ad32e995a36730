import type { CallFinding } from '@concordat/domain';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';

/** Calls of one flush that are the same finding. */
export interface FindingSighting {
  readonly id: string;
  readonly kind: CallFinding;
  readonly consumer: string;
  readonly provider: string;
  readonly environment: string;
  readonly operation: string;
  readonly calls: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly exemplarTraceId: string;
  readonly exemplarCall: string;
  readonly details: readonly FindingDetail[];
}

export interface FindingDetail {
  readonly name: 'consumer-version' | 'provider-version' | 'status';
  readonly value: string;
}

/** What calls showed and contracts do not explain. A sighting adds to what is there and opens a resolved finding again. */
export class FindingStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Call it inside a transaction: a finding and its details belong together. */
  async add(tx: Database, sighting: FindingSighting): Promise<void> {
    const { id, kind, consumer, provider, environment, operation, calls } = sighting;
    await tx
      .insertInto('findings')
      .values({
        ...{ id, kind, consumer, provider, environment, operation, calls },
        first_seen: sighting.firstSeen,
        last_seen: sighting.lastSeen,
        exemplar_trace_id: sighting.exemplarTraceId,
        exemplar_call: sighting.exemplarCall,
        resolved_at: null,
      })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet({
          calls: sql<number>`findings.calls + excluded.calls`,
          first_seen: sql<number>`case when excluded.first_seen < findings.first_seen then excluded.first_seen else findings.first_seen end`,
          last_seen: sql<number>`case when excluded.last_seen > findings.last_seen then excluded.last_seen else findings.last_seen end`,
          exemplar_trace_id: sql<string>`excluded.exemplar_trace_id`,
          exemplar_call: sql<string>`excluded.exemplar_call`,
          resolved_at: null,
        }),
      )
      .execute();
    const rows = sighting.details.map((detail) => ({ finding_id: id, ...detail }));
    if (rows.length > 0) {
      await tx
        .insertInto('finding_details')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  }

  /** Open findings with their details, the latest first. */
  async open(): Promise<readonly FindingSighting[]> {
    const rows = await this.#db
      .selectFrom('findings')
      .selectAll()
      .where('resolved_at', 'is', null)
      .orderBy('last_seen', 'desc')
      .orderBy('id')
      .execute();
    const details = await this.#db
      .selectFrom('finding_details')
      .innerJoin('findings', 'findings.id', 'finding_details.finding_id')
      .select(['finding_id', 'name', 'value'])
      .where('resolved_at', 'is', null)
      .orderBy('value')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind as CallFinding,
      consumer: row.consumer,
      provider: row.provider,
      environment: row.environment,
      operation: row.operation,
      calls: row.calls,
      firstSeen: row.first_seen,
      lastSeen: row.last_seen,
      exemplarTraceId: row.exemplar_trace_id,
      exemplarCall: row.exemplar_call,
      details: details
        .filter(({ finding_id }) => finding_id === row.id)
        .map(({ name, value }) => ({ name: name as FindingDetail['name'], value })),
    }));
  }

  /** `at` in microseconds. Findings that are resolved already keep their time. */
  async resolve(ids: readonly string[], at: number): Promise<void> {
    for (const id of ids) {
      await this.#db
        .updateTable('findings')
        .set({ resolved_at: at })
        .where('id', '=', id)
        .where('resolved_at', 'is', null)
        .execute();
    }
  }
}
