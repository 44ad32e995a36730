import type { Database } from '../database/database.ts';
import type { Events } from '../events.ts';
import type { EnvironmentRow, VersionKey } from './deployment-store.ts';

/** What recording deployments and releases needs from the rest of the hub. */
export interface PlacementDeps {
  readonly db: Database;
  readonly events: Events;
  readonly now: () => Date;
  /** Runs in the transaction that records it: a version was deployed or released now. */
  readonly onPlaced: (
    tx: Database,
    placed: VersionKey & {
      readonly event: 'version_deployed' | 'version_released';
      readonly environment: string;
      readonly at: Date;
    },
  ) => Promise<void>;
  /** How an environment is shown inside a record. */
  readonly environmentResource: (row: EnvironmentRow, baseUrl: string) => object;
}
