import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Database } from '../database/database.ts';
import type { TokensTable } from '../database/tables/token-tables.ts';

export type TokenRow = Selectable<TokensTable>;

export interface TokenToAdd {
  readonly description: string;
  readonly role: string;
  readonly sha256: string;
  readonly expiresAt: string | null;
  readonly at: string;
}

/** What is absent stays. */
export interface TokenUpdate {
  readonly role?: string;
  readonly sha256?: string;
  readonly expiresAt?: string | null;
}

/** Reads and writes bearer tokens; secrets never come here, only their hashes. */
export class TokenStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Oldest first. */
  list(): Promise<readonly TokenRow[]> {
    return this.#db.selectFrom('tokens').selectAll().orderBy('id').execute();
  }

  find(uuid: string): Promise<TokenRow | undefined> {
    return this.#db.selectFrom('tokens').selectAll().where('uuid', '=', uuid).executeTakeFirst();
  }

  /** Another token with this description or this secret. */
  rival(token: {
    readonly description: string;
    readonly sha256: string;
    readonly uuid?: string;
  }): Promise<TokenRow | undefined> {
    return this.#db
      .selectFrom('tokens')
      .selectAll()
      .where((where) =>
        where.or([
          where('description', '=', token.description),
          where('sha256', '=', token.sha256),
        ]),
      )
      .where('uuid', '!=', token.uuid ?? '')
      .executeTakeFirst();
  }

  add(token: TokenToAdd): Promise<TokenRow> {
    return this.#db
      .insertInto('tokens')
      .values({
        uuid: randomUUID(),
        description: token.description,
        role: token.role,
        sha256: token.sha256,
        expires_at: token.expiresAt,
        created_at: token.at,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  change(uuid: string, update: TokenUpdate): Promise<TokenRow> {
    return this.#db
      .updateTable('tokens')
      .set({
        // Always something to set, also when nothing changes.
        uuid,
        ...(update.role === undefined ? {} : { role: update.role }),
        ...(update.sha256 === undefined ? {} : { sha256: update.sha256 }),
        ...(update.expiresAt === undefined ? {} : { expires_at: update.expiresAt }),
      })
      .where('uuid', '=', uuid)
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /** False when there is none. */
  async remove(uuid: string): Promise<boolean> {
    const removed = await this.#db
      .deleteFrom('tokens')
      .where('uuid', '=', uuid)
      .returning('id')
      .executeTakeFirst();
    return removed !== undefined;
  }

  async used(uuid: string, at: string): Promise<void> {
    await this.#db
      .updateTable('tokens')
      .set({ last_used_at: at })
      .where('uuid', '=', uuid)
      .execute();
  }
}
