import type { Response } from 'express';
import { noteChange } from '../http/change-note.ts';
import { baseUrlOf } from '../http/hal.ts';
import type { EnvironmentRow } from './deployment-store.ts';
import type { PlacementDeps } from './placement-deps.ts';
import { type Placed, placedVersion } from './placement-resource.ts';

/** A deployed or released version as its own resource: `own` with the version and the environment it is about. */
export function detailedPlacement(
  row: Placed,
  own: object,
  context: {
    readonly environment: EnvironmentRow;
    readonly response: Response;
    readonly deps: PlacementDeps;
  },
): object {
  const baseUrl = baseUrlOf(context.response);
  return {
    ...own,
    _embedded: {
      ...placedVersion(row, baseUrl),
      environment: context.deps.environmentResource(context.environment, baseUrl),
    },
  };
}

/** Says for the audit log what was placed where: paths name environments and placements by their ids. */
export function notePlacement(
  response: Response,
  { pacticipant, version }: Placed,
  environment: EnvironmentRow,
): void {
  const names = { version, environment: environment.name };
  noteChange(response, { pacticipants: [pacticipant], names });
}

/** Tells the rest of the hub that what runs, or is available, in an environment has changed. */
export async function announcePlacement(
  { pacticipant, version }: Placed,
  environment: EnvironmentRow,
  { deps, at }: { readonly deps: PlacementDeps; readonly at: Date },
): Promise<void> {
  const where = environment.name;
  await deps.events.emit({
    kind: 'deploymentRecorded',
    at,
    pacticipant,
    version,
    environment: where,
  });
}
