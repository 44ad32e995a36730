import { randomUUID } from 'node:crypto';
import type { Database } from '../database/database.ts';
import type { Placement } from './deployment-store.ts';

/** A version that is or was available in an environment. */
export interface ReleasedVersion {
  readonly uuid: string;
  readonly pacticipant: string;
  readonly version: string;
  readonly environmentId: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly support_ended_at: string | null;
}

/** Reads and writes releases: one record for a version and environment, which may end and be revived. */
export class ReleaseStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** A release that had ended is supported again under its old uuid. */
  async record(
    place: Placement & { readonly at: string },
  ): Promise<{ readonly uuid: string; readonly isNew: boolean }> {
    await this.#claimEnvironment(place.environmentId);
    const known = await this.#db
      .selectFrom('released_versions')
      .select(['uuid', 'support_ended_at'])
      .where('version_id', '=', place.versionId)
      .where('environment_id', '=', place.environmentId)
      .executeTakeFirst();
    if (known !== undefined) {
      if (known.support_ended_at !== null) await this.#revive(known.uuid, place.at);
      return { uuid: known.uuid, isNew: false };
    }
    const uuid = randomUUID();
    await this.#db
      .insertInto('released_versions')
      .values({
        uuid,
        version_id: place.versionId,
        pacticipant_id: place.pacticipantId,
        environment_id: place.environmentId,
        created_at: place.at,
        updated_at: place.at,
        support_ended_at: null,
      })
      .execute();
    return { uuid, isNew: true };
  }

  /** The first end counts. */
  async endSupport(uuid: string, at: string): Promise<void> {
    await this.#db
      .updateTable('released_versions')
      .set({ support_ended_at: at })
      .where('uuid', '=', uuid)
      .where('support_ended_at', 'is', null)
      .execute();
  }

  find(uuid: string): Promise<ReleasedVersion | undefined> {
    return this.#select().where('r.uuid', '=', uuid).executeTakeFirst();
  }

  /** What the environment supports, oldest record first. */
  current(
    environmentId: number,
    filter: { readonly pacticipant?: string; readonly version?: string } = {},
  ): Promise<readonly ReleasedVersion[]> {
    let query = this.#select()
      .where('r.environment_id', '=', environmentId)
      .where('r.support_ended_at', 'is', null);
    if (filter.pacticipant !== undefined) query = query.where('p.name', '=', filter.pacticipant);
    if (filter.version !== undefined) query = query.where('v.number', '=', filter.version);
    return query.orderBy('r.id').execute();
  }

  ofVersion(versionId: number, environmentId: number): Promise<readonly ReleasedVersion[]> {
    return this.#select()
      .where('r.version_id', '=', versionId)
      .where('r.environment_id', '=', environmentId)
      .execute();
  }

  async #claimEnvironment(id: number): Promise<void> {
    await this.#db.updateTable('environments').set({ is_preset: 0 }).where('id', '=', id).execute();
  }

  async #revive(uuid: string, at: string): Promise<void> {
    await this.#db
      .updateTable('released_versions')
      .set({ support_ended_at: null, updated_at: at })
      .where('uuid', '=', uuid)
      .execute();
  }

  #select() {
    return this.#db
      .selectFrom('released_versions as r')
      .innerJoin('versions as v', 'v.id', 'r.version_id')
      .innerJoin('pacticipants as p', 'p.id', 'r.pacticipant_id')
      .select([
        'r.uuid',
        'p.name as pacticipant',
        'v.number as version',
        'r.environment_id as environmentId',
        'r.created_at',
        'r.updated_at',
        'r.support_ended_at',
      ]);
  }
}
