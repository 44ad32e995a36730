import type { Database } from '../database/database.ts';
import type { Events } from '../events.ts';
import type { Feature } from '../feature.ts';
import type { Log } from '../log.ts';
import { InteractionIndex } from './interaction-index.ts';
import { InteractionStore } from './interaction-store.ts';
import { interactionsRoutes } from './interactions-routes.ts';

/** The search over what was promised; it describes new contents by itself. */
export function openInteractions(deps: {
  readonly db: Database;
  readonly events: Events;
  readonly log: Log;
}): Feature {
  const index = new InteractionIndex(deps);
  deps.events.subscribe((event) => {
    if (event.kind === 'contractPublished' || event.kind === 'contractsImported') index.wake();
  });
  index.wake();
  return {
    routes: interactionsRoutes({ store: new InteractionStore(deps.db), index }),
    close: () => index.close(),
  };
}
