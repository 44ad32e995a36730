import type { FindingEventKind } from '@concordat/domain';
import type { Selectable } from 'kysely';
import type { Database } from '../../database/database.ts';
import type { FindingEventsTable } from '../../database/tables/insight-tables.ts';

/** A turn in the life of a finding, as it is kept; `at` in microseconds. */
export interface StoredFindingEvent {
  readonly id: number;
  readonly findingId: string;
  readonly kind: FindingEventKind;
  readonly at: number;
  readonly by: string | undefined;
  readonly note: string | undefined;
}

export type NewFindingEvent = Pick<StoredFindingEvent, 'findingId' | 'kind' | 'at'> &
  Partial<Pick<StoredFindingEvent, 'by' | 'note'>>;

const DAY_MICROS = 86_400_000_000;
const LONGEST_HISTORY = 500;

/** Reads what became of findings. */
export class FindingEventStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Of one finding, in order; the latest where there are very many. */
  async history(findingId: string): Promise<readonly StoredFindingEvent[]> {
    const rows = await this.#db
      .selectFrom('finding_events')
      .selectAll()
      .where('finding_id', '=', findingId)
      .orderBy('id', 'desc')
      .limit(LONGEST_HISTORY)
      .execute();
    return rows.reverse().map(eventOf);
  }

  /** Of all findings, in order. */
  async after(id: number, limit: number): Promise<readonly StoredFindingEvent[]> {
    const rows = await this.#db
      .selectFrom('finding_events')
      .selectAll()
      .where('id', '>', id)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(eventOf);
  }

  /** The latest of all findings, in order. */
  async latest(limit: number): Promise<readonly StoredFindingEvent[]> {
    const rows = await this.#db
      .selectFrom('finding_events')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.reverse().map(eventOf);
  }
}

/** Notes a turn; call it inside the transaction that makes it. Of being seen again, only the last day is kept. */
export async function addFindingEvent(tx: Database, event: NewFindingEvent): Promise<void> {
  const { findingId, kind, at, by = null, note = null } = event;
  if (kind === 're-seen') {
    await tx
      .deleteFrom('finding_events')
      .where('finding_id', '=', findingId)
      .where('kind', '=', kind)
      .where('at', '<', at - DAY_MICROS)
      .execute();
  }
  await tx
    .insertInto('finding_events')
    .values({ finding_id: findingId, kind, at, by, note })
    .execute();
}

function eventOf(row: Selectable<FindingEventsTable>): StoredFindingEvent {
  return {
    id: row.id,
    findingId: row.finding_id,
    kind: row.kind as FindingEventKind,
    at: row.at,
    by: row.by ?? undefined,
    note: row.note ?? undefined,
  };
}
