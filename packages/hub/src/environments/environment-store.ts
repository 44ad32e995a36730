import { randomUUID } from 'node:crypto';
import type { EnvironmentRequest } from '@concordat/domain';
import type { Selectable } from 'kysely';
import type { Database } from '../database/database.ts';
import type { EnvironmentsTable } from '../database/tables/decision-tables.ts';

export type EnvironmentRow = Selectable<EnvironmentsTable>;

/** Reads and writes environments; deployments and releases go with the environment they are in. */
export class EnvironmentStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** All, or the one of that name, by display name. */
  list(name?: string): Promise<readonly EnvironmentRow[]> {
    const query = this.#db.selectFrom('environments').selectAll().orderBy('display_name');
    return (name === undefined ? query : query.where('name', '=', name)).execute();
  }

  find(uuid: string): Promise<EnvironmentRow | undefined> {
    return this.#db
      .selectFrom('environments')
      .selectAll()
      .where('uuid', '=', uuid)
      .executeTakeFirst();
  }

  findByName(name: string): Promise<EnvironmentRow | undefined> {
    return this.#db
      .selectFrom('environments')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirst();
  }

  add(environment: EnvironmentRequest, at: string): Promise<EnvironmentRow> {
    return this.#db
      .insertInto('environments')
      .values({ uuid: randomUUID(), is_preset: 0, created_at: at, ...columns(environment, at) })
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /** Replaces what is said about the environment; `createdAt` only when it is a preset that somebody creates now. */
  replace(
    id: number,
    environment: EnvironmentRequest,
    time: { readonly at: string; readonly createdAt?: string },
  ): Promise<EnvironmentRow> {
    return this.#db
      .updateTable('environments')
      .set({
        is_preset: 0,
        ...(time.createdAt === undefined ? {} : { created_at: time.createdAt }),
        ...columns(environment, time.at),
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  async remove(id: number): Promise<void> {
    await this.#db.deleteFrom('environments').where('id', '=', id).execute();
  }

  /** Gives an empty database the environments `test` and `production`; anything in it, and nothing happens. */
  async preset(at: string): Promise<void> {
    const used =
      (await this.#db.selectFrom('environments').select('id').limit(1).executeTakeFirst()) ??
      (await this.#db.selectFrom('pacticipants').select('id').limit(1).executeTakeFirst());
    if (used !== undefined) return;
    await this.#db
      .insertInto('environments')
      .values([presetRow('test', at), presetRow('production', at)])
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
  }
}

function columns(environment: EnvironmentRequest, at: string) {
  return {
    name: environment.name,
    display_name: environment.displayName,
    production: environment.production ? 1 : 0,
    contacts: environment.contacts ?? null,
    updated_at: at,
  };
}

function presetRow(name: 'test' | 'production', at: string) {
  return {
    uuid: randomUUID(),
    name,
    display_name: name === 'test' ? 'Test' : 'Production',
    production: name === 'production' ? 1 : 0,
    contacts: null,
    is_preset: 1,
    created_at: at,
    updated_at: at,
  };
}
