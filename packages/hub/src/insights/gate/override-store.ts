import { randomUUID } from 'node:crypto';
import type { Override } from '@concordat/domain';
import type { Selectable } from 'kysely';
import type { Database } from '../../database/database.ts';
import type { OverridesTable } from '../../database/tables/override-tables.ts';

/** Which overrides are asked for; what is not given does not narrow. */
export interface OverrideFilter {
  readonly pacticipant?: string | undefined;
  readonly version?: string | undefined;
  readonly environment?: string | undefined;
}

/** Exceptions from can-i-deploy. Times are compared as UTC texts. */
export class OverrideStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** In force at that time, the one that ends first first. */
  async inForce(filter: OverrideFilter, now: Date): Promise<readonly Override[]> {
    let query = this.#db
      .selectFrom('overrides')
      .selectAll()
      .where('ends_at', '>', now.toISOString());
    for (const name of ['pacticipant', 'version', 'environment'] as const) {
      const value = filter[name];
      if (value !== undefined) query = query.where(name, '=', value);
    }
    const rows = await query.orderBy('ends_at').orderBy('uuid').execute();
    return rows.map(overrideOf);
  }

  async add(override: Omit<Override, 'id'>): Promise<Override> {
    const row = await this.#db
      .insertInto('overrides')
      .values({
        uuid: randomUUID(),
        pacticipant: override.pacticipant,
        version: override.version,
        environment: override.environment,
        consumer: override.consumer ?? null,
        provider: override.provider ?? null,
        reason: override.reason,
        created_by: override.by,
        created_at: override.createdAt,
        ends_at: override.until,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return overrideOf(row);
  }

  /** What was removed; undefined when none in force has the id. */
  async remove(id: string, now: Date): Promise<Override | undefined> {
    const row = await this.#db
      .deleteFrom('overrides')
      .where('uuid', '=', id)
      .where('ends_at', '>', now.toISOString())
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? undefined : overrideOf(row);
  }

  /** Takes away what has expired; of several hubs each override is told to one. */
  async expire(now: Date): Promise<readonly Override[]> {
    const rows = await this.#db
      .deleteFrom('overrides')
      .where('ends_at', '<=', now.toISOString())
      .returningAll()
      .execute();
    return rows.map(overrideOf);
  }

  /** Which of the names are those of no pacticipant, no version of it, or no environment. */
  async unknown(asked: {
    readonly pacticipants: readonly string[];
    readonly version: { readonly pacticipant: string; readonly number: string };
    readonly environment: string;
  }): Promise<{
    readonly pacticipants: readonly string[];
    readonly version: boolean;
    readonly environment: boolean;
  }> {
    const known = await this.#db
      .selectFrom('pacticipants')
      .select('name')
      .where('name', 'in', asked.pacticipants)
      .execute();
    const version = await this.#db
      .selectFrom('versions as v')
      .innerJoin('pacticipants as p', 'p.id', 'v.pacticipant_id')
      .select('v.id')
      .where('p.name', '=', asked.version.pacticipant)
      .where('v.number', '=', asked.version.number)
      .executeTakeFirst();
    const environment = await this.#db
      .selectFrom('environments')
      .select('id')
      .where('name', '=', asked.environment)
      .executeTakeFirst();
    const names = known.map(({ name }) => name);
    return {
      pacticipants: asked.pacticipants.filter((name) => !names.includes(name)),
      version: version === undefined,
      environment: environment === undefined,
    };
  }
}

function overrideOf(row: Selectable<OverridesTable>): Override {
  return {
    id: row.uuid,
    pacticipant: row.pacticipant,
    version: row.version,
    environment: row.environment,
    consumer: row.consumer ?? undefined,
    provider: row.provider ?? undefined,
    reason: row.reason,
    by: row.created_by,
    createdAt: row.created_at,
    until: row.ends_at,
  };
}
