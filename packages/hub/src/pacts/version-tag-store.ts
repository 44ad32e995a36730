import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';

/** Reads the tags of consumer versions, as pacts show and compare them. */
export class VersionTagStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async tagsOf(versionId: number): Promise<readonly string[]> {
    const rows = await tagsOfVersion.all(this.#db, { versionId });
    return rows.map((row) => row.name);
  }

  /** The tags whose newest version is this one. */
  async headTagsOf(versionId: number): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('tags as own')
      .select('own.name')
      .where('own.version_id', '=', versionId)
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('tags as newer')
              .select('newer.name')
              .whereRef('newer.pacticipant_id', '=', 'own.pacticipant_id')
              .whereRef('newer.name', '=', 'own.name')
              .whereRef('newer.version_id', '>', 'own.version_id'),
          ),
        ),
      )
      .orderBy('own.name')
      .execute();
    return rows.map((row) => row.name);
  }
}

const tagsOfVersion = statement((db, { versionId }: { readonly versionId: number }) =>
  db.selectFrom('tags').select('name').where('version_id', '=', versionId).orderBy('name'),
);
