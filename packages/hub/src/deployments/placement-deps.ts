import type { Database } from '../database/database.ts';
import type { Events } from '../events.ts';
import type { EnvironmentRow } from './deployment-store.ts';

/** What recording deployments and releases needs from the rest of the hub. */
export interface PlacementDeps {
  readonly db: Database;
  readonly events: Events;
  readonly now: () => Date;
  /** How an environment is shown inside a record. */
  readonly environmentResource: (row: EnvironmentRow, baseUrl: string) => object;
}
