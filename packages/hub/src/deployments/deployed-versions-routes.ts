import type { Request, Response, Router } from 'express';
import { transact } from '../database/transact.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf, pathTo } from '../http/hal.ts';
import { documentNotFound } from '../http/hub-error.ts';
import { textParameter } from '../http/rack-query.ts';
import { readOptionalJsonObject } from '../http/read-json-object.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendHal } from '../http/send.ts';
import { type DeployedVersion, DeploymentStore } from './deployment-store.ts';
import { announcePlacement, detailedPlacement, notePlacement } from './placement-answer.ts';
import type { PlacementDeps } from './placement-deps.ts';
import {
  applicationInstanceOf,
  endAsked,
  environmentOf,
  placeOf,
  queryOf,
  selfUrl,
} from './placement-request.ts';
import { deployedVersionResource, placedVersion } from './placement-resource.ts';
import { recordDeployment as recordDeploymentOf } from './record-deployment.ts';

/** Recording that a version runs somewhere, that it runs there no more, and asking what runs. */
export function deployedVersionsRoutes(deps: PlacementDeps): Router {
  const router = createRouter();
  resource(
    router,
    '/pacticipants/:pacticipant/versions/:version/deployed-versions/environment/:uuid',
    {
      GET: (request, response) => listOfVersion(request, response, deps),
      POST: (request, response) => recordDeployment(request, response, deps),
    },
  );
  resource(router, '/environments/:uuid/deployed-versions/currently-deployed', {
    GET: (request, response) => listCurrent(request, response, deps),
  });
  resource(router, '/deployed-versions/:uuid', {
    GET: async (request, response) => {
      const store = new DeploymentStore(deps.db);
      const row = await found(request, store);
      const environment = await store.environmentById(row.environmentId);
      sendHal(response, detail(row, { environment, response, deps }));
    },
    PATCH: (request, response) => recordUndeployment(request, response, deps),
    consumes: { PATCH: ['application/merge-patch+json'] },
  });
  return router;
}

async function recordDeployment(
  request: Request,
  response: Response,
  deps: PlacementDeps,
): Promise<void> {
  const applicationInstance = applicationInstanceOf(await readOptionalJsonObject(request));
  const { row, environment } = await recordDeploymentOf(
    (tx) => placeOf(request, new DeploymentStore(tx)),
    applicationInstance,
    deps,
  );
  notePlacement(response, row, environment);
  response.setHeader('Location', `${baseUrlOf(response)}${pathTo('deployed-versions', row.uuid)}`);
  sendHal(response, detail(row, { environment, response, deps }), 201);
}

async function recordUndeployment(
  request: Request,
  response: Response,
  deps: PlacementDeps,
): Promise<void> {
  const isEnd = endAsked(await readOptionalJsonObject(request), 'currentlyDeployed');
  const at = deps.now();
  const { row, environment } = await transact(deps.db, async (tx) => {
    const store = new DeploymentStore(tx);
    const before = await found(request, store);
    if (isEnd) await store.undeploy(before.uuid, at.toISOString());
    const row = await found(request, store);
    return { row, environment: await store.environmentById(row.environmentId) };
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
  const store = new DeploymentStore(db);
  const { version, environment } = await placeOf(request, store);
  const rows = await store.ofVersion(version.versionId, environment.id);
  const baseUrl = baseUrlOf(response);
  const name = parameter(request, 'pacticipant');
  const number = parameter(request, 'version');
  sendHal(response, {
    _embedded: { deployedVersions: rows.map((row) => deployedVersionResource(row, baseUrl)) },
    _links: {
      self: {
        title: `Deployed versions for ${name} version ${number} in environment ${environment.display_name}`,
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
  const store = new DeploymentStore(db);
  const environment = await environmentOf(request, store);
  const query = queryOf(request);
  const pacticipant = textParameter(query, 'pacticipant');
  const instance = query.applicationInstance ?? query.target;
  const rows = await store.current(environment.id, {
    ...(pacticipant === undefined ? {} : { pacticipant }),
    ...(typeof instance === 'string' ? { applicationInstance: instance.trim() } : {}),
  });
  const baseUrl = baseUrlOf(response);
  sendHal(response, {
    _embedded: {
      deployedVersions: rows.map((row) => ({
        ...deployedVersionResource(row, baseUrl),
        _embedded: placedVersion(row, baseUrl),
      })),
    },
    _links: {
      self: {
        title: `Currently deployed versions for ${environment.display_name}`,
        href: selfUrl(request, baseUrl),
      },
    },
  });
}

function detail(row: DeployedVersion, context: Parameters<typeof detailedPlacement>[2]): object {
  return detailedPlacement(row, deployedVersionResource(row, baseUrlOf(context.response)), context);
}

async function found(request: Request, store: DeploymentStore): Promise<DeployedVersion> {
  const row = await store.find(parameter(request, 'uuid'));
  if (row === undefined) throw documentNotFound();
  return row;
}
