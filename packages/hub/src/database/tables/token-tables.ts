import type { Generated } from 'kysely';

/** A bearer token. Its secret was shown once and is nowhere: only its hash is kept. Timestamps are UTC text. */
export interface TokensTable {
  readonly id: Generated<number>;
  readonly uuid: string;
  readonly description: string;
  /** `read`, `publish` or `admin`. */
  readonly role: string;
  /** Of the secret, in hex. */
  readonly sha256: string;
  /** Null when it does not expire. */
  readonly expires_at: string | null;
  /** To the minute; null when it never was. */
  readonly last_used_at: string | null;
  readonly created_at: string;
}

export interface TokenTables {
  readonly tokens: TokensTable;
}
