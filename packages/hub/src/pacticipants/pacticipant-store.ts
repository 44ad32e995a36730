import { type Selectable, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { LabelsTable, PacticipantsTable } from '../database/tables/contract-tables.ts';

export type Pacticipant = Selectable<PacticipantsTable>;
export type Label = Selectable<LabelsTable>;

/** What a client may set; undefined leaves as it is, null clears. */
export interface PacticipantChanges {
  readonly display_name?: string | null;
  readonly repository_url?: string | null;
  readonly repository_name?: string | null;
  readonly repository_namespace?: string | null;
  readonly main_branch?: string | null;
}

/** A pacticipant with what its resource shows beside it. */
export interface PacticipantDetails {
  readonly pacticipant: Pacticipant;
  readonly labels: readonly string[];
  readonly latestVersion: string | undefined;
}

/** Reads and writes pacticipants and their labels. */
export class PacticipantStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(name: string): Promise<PacticipantDetails | undefined> {
    const rows = await this.#select().where('name', '=', name).execute();
    return (await this.#withDetails(rows))[0];
  }

  /** The name itself when there is such a pacticipant, else the first that differs in case only. */
  async nameLike(name: string): Promise<string | undefined> {
    const rows = await this.#db
      .selectFrom('pacticipants')
      .select('name')
      .where(sql<string>`lower(name)`, '=', name.toLowerCase())
      .orderBy('id')
      .execute();
    return rows.find((row) => row.name === name)?.name ?? rows[0]?.name;
  }

  /** By name without regard to case; `search` is part of a name, `label` a label it must carry. */
  async list(filter: {
    readonly search?: string | undefined;
    readonly label?: string | undefined;
  }): Promise<readonly PacticipantDetails[]> {
    const { search, label } = filter;
    const rows = await this.#select()
      .$if(search !== undefined, (query) =>
        query.where(sql<string>`lower(name)`, 'like', `%${(search ?? '').toLowerCase()}%`),
      )
      .$if(label !== undefined, (query) =>
        query.where('id', 'in', (labels) =>
          labels
            .selectFrom('labels')
            .select('pacticipant_id')
            .where('labels.name', '=', label ?? ''),
        ),
      )
      .execute();
    const key = (row: Pacticipant): string => row.name.toLowerCase();
    rows.sort((left, right) => (key(left) < key(right) ? -1 : Number(key(left) > key(right))));
    return this.#withDetails(rows);
  }

  async update(id: number, changes: PacticipantChanges, at: Date): Promise<void> {
    await this.#db
      .updateTable('pacticipants')
      .set({ ...changes, updated_at: at.toISOString() })
      .where('id', '=', id)
      .execute();
  }

  /** With all its versions, pacts, results and deployments. */
  async delete(name: string): Promise<boolean> {
    const result = await this.#db
      .deleteFrom('pacticipants')
      .where('name', '=', name)
      .executeTakeFirst();
    return result.numDeletedRows > 0n;
  }

  findLabel(pacticipantId: number, name: string): Promise<Label | undefined> {
    return this.#db
      .selectFrom('labels')
      .selectAll()
      .where('pacticipant_id', '=', pacticipantId)
      .where('name', '=', name)
      .executeTakeFirst();
  }

  async addLabel(pacticipantId: number, name: string, at: Date): Promise<void> {
    await this.#db
      .insertInto('labels')
      .values({ pacticipant_id: pacticipantId, name, created_at: at.toISOString() })
      .execute();
  }

  async deleteLabel(pacticipantId: number, name: string): Promise<boolean> {
    const result = await this.#db
      .deleteFrom('labels')
      .where('pacticipant_id', '=', pacticipantId)
      .where('name', '=', name)
      .executeTakeFirst();
    return result.numDeletedRows > 0n;
  }

  async labelNames(): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('labels')
      .select('name')
      .distinct()
      .orderBy('name')
      .execute();
    return rows.map((row) => row.name);
  }

  #select() {
    return this.#db.selectFrom('pacticipants').selectAll();
  }

  async #withDetails(rows: readonly Pacticipant[]): Promise<readonly PacticipantDetails[]> {
    if (rows.length === 0) return [];
    const only = rows.length === 1 ? rows[0]?.id : undefined;
    const labels = await this.#db
      .selectFrom('labels')
      .select(['pacticipant_id', 'name'])
      .$if(only !== undefined, (query) => query.where('pacticipant_id', '=', only ?? 0))
      .orderBy('name')
      .execute();
    const latest = await this.#db
      .selectFrom('versions')
      .innerJoin(
        (newest) =>
          newest
            .selectFrom('versions')
            .select((select) => select.fn.max('id').as('id'))
            .$if(only !== undefined, (query) => query.where('pacticipant_id', '=', only ?? 0))
            .groupBy('pacticipant_id')
            .as('newest'),
        (join) => join.onRef('newest.id', '=', 'versions.id'),
      )
      .select(['versions.pacticipant_id', 'versions.number'])
      .execute();
    const numbers = new Map(latest.map((row) => [row.pacticipant_id, row.number]));
    return rows.map((pacticipant) => ({
      pacticipant,
      labels: labels
        .filter((label) => label.pacticipant_id === pacticipant.id)
        .map((label) => label.name),
      latestVersion: numbers.get(pacticipant.id),
    }));
  }
}
