import {
  type AliasSuggestion,
  suggestAliases,
  type UnknownService,
  virtualPeers,
} from '@concordat/domain';
import type { Database } from '../../database/database.ts';
import type { PromiseBook } from '../promise-book.ts';
import { AliasStore } from './alias-store.ts';
import { SeenNameStore } from './seen-name-store.ts';

/** What the pairing calls those that nothing is known of. */
const NOBODY: ReadonlySet<string> = new Set(Object.values(virtualPeers));

/** For services whose names nearly are those of pacticipants, the surest first. */
export async function suggestionsOf(
  db: Database,
  book: PromiseBook,
): Promise<readonly AliasSuggestion[]> {
  const seen: readonly UnknownService[] = await new SeenNameStore(db).all();
  const aliases = await new AliasStore(db).all();
  return suggestAliases(
    seen.filter(({ service }) => !NOBODY.has(service)),
    [...book.pacticipants],
    new Set(aliases.map(({ service }) => service)),
  );
}
