import type { Request, Response, Router } from 'express';
import { transact } from '../database/transact.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf, pathTo } from '../http/hal.ts';
import { documentNotFound } from '../http/hub-error.ts';
import { textParameter } from '../http/rack-query.ts';
import { readOptionalJsonObject } from '../http/read-json-object.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendHal } from '../http/send.ts';
import { DeploymentStore } from './deployment-store.ts';
import { announcePlacement, detailedPlacement, notePlacement } from './placement-answer.ts';
import type { PlacementDeps } from './placement-deps.ts';
import { endAsked, environmentOf, placeOf, queryOf, selfUrl } from './placement-request.ts';
import { placedVersion, releasedVersionResource } from './placement-resource.ts';
import { type ReleasedVersion, ReleaseStore } from './release-store.ts';

/** Recording that a version is available somewhere, the end of its support, and asking what is supported. */
export function releasedVersionsRoutes(deps: PlacementDeps): Router {
  const router = createRouter();
  resource(
    router,
    '/pacticipants/:pacticipant/versions/:version/released-versions/environment/:uuid',
    {
      GET: (request, response) => listOfVersion(request, response, deps),
      POST: (request, response) => recordRelease(request, response, deps),
    },
  );
  resource(router, '/environments/:uuid/released-versions/currently-supported', {
    GET: (request, response) => listCurrent(request, response, deps),
  });
  resource(router, '/released-versions/:uuid', {
    GET: async (request, response) => {
      const row = await found(request, new ReleaseStore(deps.db));
      const environment = await new DeploymentStore(deps.db).environmentById(row.environmentId);
      sendHal(response, detail(row, { environment, response, deps }));
    },
    PATCH: (request, response) => recordEndOfSupport(request, response, deps),
    consumes: { PATCH: ['application/merge-patch+json'] },
  });
  return router;
}

async function recordRelease(
  request: Request,
  response: Response,
  deps: PlacementDeps,
): Promise<void> {
  await readOptionalJsonObject(request);
  const at = deps.now();
  const { row, environment, isNew } = await transact(deps.db, async (tx) => {
    const places = new DeploymentStore(tx);
    const releases = new ReleaseStore(tx);
    const { version, environment } = await placeOf(request, places);
    const { uuid, isNew } = await releases.record({
      ...version,
      environmentId: environment.id,
      at: at.toISOString(),
    });
    const placed = { ...version, environment: environment.name, at };
    if (isNew) await deps.onPlaced(tx, { ...placed, event: 'version_released' });
    const row = await releases.find(uuid);
    if (row === undefined) throw documentNotFound();
    return { row, environment, isNew };
  });
  await announcePlacement(row, environment, { deps, at });
  notePlacement(response, row, environment);
  response.setHeader('Location', `${baseUrlOf(response)}${pathTo('released-versions', row.uuid)}`);
  sendHal(response, detail(row, { environment, response, deps }), isNew ? 201 : 200);
}

async function recordEndOfSupport(
  request: Request,
  response: Response,
  deps: PlacementDeps,
): Promise<void> {
  const isEnd = endAsked(await readOptionalJsonObject(request), 'currentlySupported');
  const at = deps.now();
  const { row, environment } = await transact(deps.db, async (tx) => {
    const releases = new ReleaseStore(tx);
    const places = new DeploymentStore(tx);
    if (isEnd) await releases.endSupport(parameter(request, 'uuid'), at.toISOString());
    const row = await found(request, releases);
    return { row, environment: await places.environmentById(row.environmentId) };
  });
  if (isEnd) await announcePlacement(row, environment, { deps, at });
  notePlacement(response, row, environment);
  sendHal(response, detail(row, { environment, response, deps }));
}

async function listOfVersion(
  request: Request,
  response: Response,
  { db }: PlacementDeps,
): Promise<void> {
  const { version, environment } = await placeOf(request, new DeploymentStore(db));
  const rows = await new ReleaseStore(db).ofVersion(version.versionId, environment.id);
  const baseUrl = baseUrlOf(response);
  const name = parameter(request, 'pacticipant');
  const number = parameter(request, 'version');
  sendHal(response, {
    _embedded: { releasedVersions: rows.map((row) => releasedVersionResource(row, baseUrl)) },
    _links: {
      self: {
        title: `Released versions for ${name} version ${number} in ${environment.display_name}`,
        href: selfUrl(request, baseUrl),
      },
    },
  });
}

async function listCurrent(
  request: Request,
  response: Response,
  { db }: PlacementDeps,
): Promise<void> {
  const environment = await environmentOf(request, new DeploymentStore(db));
  const query = queryOf(request);
  const pacticipant = textParameter(query, 'pacticipant');
  const version = textParameter(query, 'version');
  const rows = await new ReleaseStore(db).current(environment.id, {
    ...(pacticipant === undefined ? {} : { pacticipant }),
    ...(version === undefined ? {} : { version }),
  });
  const baseUrl = baseUrlOf(response);
  sendHal(response, {
    _embedded: {
      releasedVersions: rows.map((row) => ({
        ...releasedVersionResource(row, baseUrl),
        _embedded: placedVersion(row, baseUrl),
      })),
    },
    _links: {
      self: {
        title: `Currently supported versions in ${environment.display_name}`,
        href: selfUrl(request, baseUrl),
      },
    },
  });
}

function detail(row: ReleasedVersion, context: Parameters<typeof detailedPlacement>[2]): object {
  return detailedPlacement(row, releasedVersionResource(row, baseUrlOf(context.response)), context);
}

async function found(request: Request, store: ReleaseStore): Promise<ReleasedVersion> {
  const row = await store.find(parameter(request, 'uuid'));
  if (row === undefined) throw documentNotFound();
  return row;
}
