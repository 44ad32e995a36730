import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import type { VersionRegistry } from '../database/version-registry.ts';
import { documentNotFound, HubError } from '../http/hub-error.ts';
import {
  type DeployedVersion,
  DeploymentStore,
  type EnvironmentRow,
  type VersionKey,
} from './deployment-store.ts';
import { announcePlacement } from './placement-answer.ts';
import type { PlacementDeps } from './placement-deps.ts';

/** Finds what is to be recorded, in the transaction that records it. */
export type FindPlace = (
  tx: Database,
  at: Date,
) => Promise<{ readonly version: VersionKey; readonly environment: EnvironmentRow }>;

/** Records that a version runs somewhere, in place of the one before, and tells the rest of the hub. */
export async function recordDeployment(
  findPlace: FindPlace,
  applicationInstance: string,
  deps: PlacementDeps,
): Promise<{ readonly row: DeployedVersion; readonly environment: EnvironmentRow }> {
  const at = deps.now();
  const { row, environment } = await transact(deps.db, async (tx) => {
    const store = new DeploymentStore(tx);
    const { version, environment } = await findPlace(tx, at);
    const { uuid, isNew } = await store.record({
      ...version,
      environmentId: environment.id,
      applicationInstance,
      at: at.toISOString(),
    });
    const placed = { ...version, environment: environment.name, at };
    if (isNew) await deps.onPlaced(tx, { ...placed, event: 'version_deployed' });
    const row = await store.find(uuid);
    if (row === undefined) throw documentNotFound();
    return { row, environment };
  });
  await announcePlacement(row, environment, { deps, at });
  return { row, environment };
}

/** A place by its names; with a registry the version is made when it is not known. */
export function placeNamed(
  names: {
    readonly pacticipant: string;
    readonly version: string;
    readonly environment: string;
  },
  registryFor: ((tx: Database) => VersionRegistry) | undefined,
): FindPlace {
  return async (tx, at) => {
    const store = new DeploymentStore(tx);
    const environment = await store.environmentNamed(names.environment);
    if (environment === undefined) {
      throw new HubError('NOT_FOUND', `There is no environment "${names.environment}".`);
    }
    const known = await store.version(names.pacticipant, names.version);
    if (known !== undefined) return { version: known, environment };
    if (registryFor === undefined) {
      const what = `version ${names.version} of ${names.pacticipant}`;
      throw new HubError('NOT_FOUND', `There is no ${what}.`);
    }
    const registry = registryFor(tx);
    const pacticipant = await registry.pacticipant(names.pacticipant, at);
    const { row } = await registry.version(pacticipant, names.version, at);
    return { version: { versionId: row.id, pacticipantId: pacticipant.id }, environment };
  };
}
