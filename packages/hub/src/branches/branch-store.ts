import type { Selectable } from 'kysely';
import type { Database } from '../database/database.ts';
import type { BranchesTable, BranchVersionsTable } from '../database/tables/contract-tables.ts';

export type Branch = Selectable<BranchesTable>;
export type BranchVersion = Selectable<BranchVersionsTable>;

/** Reads branches and takes them, or single versions of them, away; versions themselves stay. */
export class BranchStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  pacticipant(
    name: string,
  ): Promise<{ readonly id: number; readonly main_branch: string | null } | undefined> {
    return this.#db
      .selectFrom('pacticipants')
      .select(['id', 'main_branch'])
      .where('name', '=', name)
      .executeTakeFirst();
  }

  find(pacticipantId: number, name: string): Promise<Branch | undefined> {
    return this.#db
      .selectFrom('branches')
      .selectAll()
      .where('pacticipant_id', '=', pacticipantId)
      .where('name', '=', name)
      .executeTakeFirst();
  }

  /** The youngest first; `search` is part of a name. */
  async list(pacticipantId: number, search: string | undefined): Promise<readonly Branch[]> {
    const rows = await this.#db
      .selectFrom('branches')
      .selectAll()
      .where('pacticipant_id', '=', pacticipantId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .execute();
    const wanted = search?.toLowerCase() ?? '';
    return rows.filter((row) => row.name.toLowerCase().includes(wanted));
  }

  findVersion(branchId: number, versionNumber: string): Promise<BranchVersion | undefined> {
    return this.#db
      .selectFrom('branch_versions')
      .innerJoin('versions', 'versions.id', 'branch_versions.version_id')
      .selectAll('branch_versions')
      .where('branch_id', '=', branchId)
      .where('versions.number', '=', versionNumber)
      .executeTakeFirst();
  }

  async delete(ids: readonly number[]): Promise<void> {
    for (let start = 0; start < ids.length; start += 500) {
      await this.#db
        .deleteFrom('branches')
        .where('id', 'in', ids.slice(start, start + 500))
        .execute();
    }
  }

  /** The branch keeps its other versions; when the head goes, the one with the highest order takes its place. */
  async removeVersion({ id, branch_id, version_id }: BranchVersion): Promise<void> {
    await this.#db.deleteFrom('branch_versions').where('id', '=', id).execute();
    await this.#db
      .updateTable('branches')
      .set((set) => ({
        head_version_id: set
          .selectFrom('branch_versions')
          .select((select) => select.fn.max('branch_versions.version_id').as('head'))
          .whereRef('branch_versions.branch_id', '=', 'branches.id'),
      }))
      .where('id', '=', branch_id)
      .where('head_version_id', '=', version_id)
      .execute();
  }
}
