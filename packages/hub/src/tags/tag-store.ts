import type { Selectable } from 'kysely';
import type { Database } from '../database/database.ts';
import type { TagsTable } from '../database/tables/contract-tables.ts';

export type Tag = Selectable<TagsTable>;

/** Reads single tags and takes them away; putting one on is the version registry's work. */
export class TagStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  find(tag: {
    readonly pacticipant: string;
    readonly version: string;
    readonly name: string;
  }): Promise<Tag | undefined> {
    return this.#db
      .selectFrom('tags')
      .innerJoin('versions', 'versions.id', 'tags.version_id')
      .innerJoin('pacticipants', 'pacticipants.id', 'tags.pacticipant_id')
      .selectAll('tags')
      .where('pacticipants.name', '=', tag.pacticipant)
      .where('versions.number', '=', tag.version)
      .where('tags.name', '=', tag.name)
      .executeTakeFirst();
  }

  async delete({ version_id, name }: Tag): Promise<void> {
    await this.#db
      .deleteFrom('tags')
      .where('version_id', '=', version_id)
      .where('name', '=', name)
      .execute();
  }
}
