import type { Insertable, Selectable } from 'kysely';
import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { AuditEntriesTable } from '../database/tables/audit-tables.ts';

export type NewAuditRow = Insertable<AuditEntriesTable>;
export type AuditRow = Selectable<AuditEntriesTable>;

/** Which entries are asked for; each narrows. */
export interface AuditFilter {
  /** ISO times: from, and before. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly actor?: string | undefined;
  /** An action, or the noun before its dot for all actions on it. */
  readonly action?: string | undefined;
  readonly pacticipant?: string | undefined;
}

/** Writes and reads the audit log; nothing in it is ever changed. */
export class AuditStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** All or none of them. */
  async add(entries: readonly NewAuditRow[]): Promise<void> {
    const [first, ...more] = entries;
    if (first !== undefined && more.length === 0) await newEntry.all(this.#db, first);
    else await this.#db.insertInto('audit_entries').values(entries).execute();
  }

  async count(filter: AuditFilter): Promise<number> {
    const { total } = await this.#fitting(filter)
      .select((select) => select.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    return total;
  }

  /** The newest first. */
  page(
    filter: AuditFilter,
    page: { readonly number: number; readonly size: number },
  ): Promise<readonly AuditRow[]> {
    return this.#fitting(filter)
      .selectAll()
      .orderBy('id', 'desc')
      .limit(page.size)
      .offset((page.number - 1) * page.size)
      .execute();
  }

  /** The newest below the id; undefined starts with the newest of all. */
  slice(
    filter: AuditFilter,
    range: { readonly below: number | undefined; readonly limit: number },
  ): Promise<readonly AuditRow[]> {
    const { below, limit } = range;
    return this.#fitting(filter)
      .selectAll()
      .$if(below !== undefined, (query) => query.where('id', '<', below ?? 0))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
  }

  /** Removes up to `limit` of the oldest entries before the time; answers how many. */
  async removeBefore(time: string, limit: number): Promise<number> {
    const removed = await this.#db
      .deleteFrom('audit_entries')
      .where('id', 'in', (old) =>
        old
          .selectFrom('audit_entries as old')
          .select('old.id')
          .where('old.at', '<', time)
          .orderBy('old.at')
          .limit(limit),
      )
      .executeTakeFirstOrThrow();
    return Number(removed.numDeletedRows);
  }

  #fitting({ since, until, actor, action, pacticipant }: AuditFilter) {
    let query = this.#db.selectFrom('audit_entries');
    if (since !== undefined) query = query.where('at', '>=', since);
    if (until !== undefined) query = query.where('at', '<', until);
    if (actor !== undefined) query = query.where('actor', '=', actor);
    if (action !== undefined) {
      query = query.where((where) =>
        where.or([
          where('action', '=', action),
          where(
            where.fn<string>('substr', ['action', where.lit(1), where.lit(action.length + 1)]),
            '=',
            `${action}.`,
          ),
        ]),
      );
    }
    if (pacticipant !== undefined) {
      // The list is JSON: the name with its quotes is an element of it, in whatever case the database compares patterns.
      query = query.where((where) =>
        where(
          where.fn<string>('replace', [
            'pacticipants',
            where.val(JSON.stringify(pacticipant)),
            where.val(''),
          ]),
          '!=',
          where.ref('pacticipants'),
        ),
      );
    }
    return query;
  }
}

/** Most entries are written alone. */
const newEntry = statement((db, entry: NewAuditRow) =>
  db.insertInto('audit_entries').values(entry),
);
