import type { Database } from '../database/database.ts';
import type { Feature } from '../feature.ts';
import type { Log } from '../log.ts';
import { type KnownToken, TokenBook } from './token-book.ts';
import { TokenStore } from './token-store.ts';
import { tokensRoutes } from './tokens-routes.ts';

export interface Tokens extends Feature {
  /** By the SHA-256 of a secret, in hex. */
  readonly find: (sha256: string) => KnownToken | undefined;
  /** To be called when tokens were written past this feature. */
  readonly refresh: () => Promise<void>;
}

/** The tokens of the database: what the guard asks, and the routes that change them. An open hub asks for none. */
export async function openTokens(deps: {
  readonly db: Database;
  readonly isOpen: boolean;
  readonly now: () => Date;
  readonly log: Log;
}): Promise<Tokens> {
  const { db, isOpen, now } = deps;
  const book = new TokenBook({ store: new TokenStore(db), now, log: deps.log });
  const refresh = () => book.refresh();
  if (!isOpen) await book.start();
  return {
    routes: tokensRoutes({ db, isOpen, changed: refresh, now }),
    close: () => book.close(),
    find: (sha256) => book.find(sha256),
    refresh,
  };
}
