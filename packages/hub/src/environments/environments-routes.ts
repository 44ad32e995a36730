import { readEnvironmentRequest } from '@concordat/domain';
import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { createRouter } from '../http/app.ts';
import { noteChange } from '../http/change-note.ts';
import { baseUrlOf } from '../http/hal.ts';
import { documentNotFound, HubError } from '../http/hub-error.ts';
import { parseRackQuery, textParameter } from '../http/rack-query.ts';
import { readJsonObject } from '../http/read-json-object.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendEmpty, sendHal } from '../http/send.ts';
import { environmentResource, environmentUrl } from './environment-resource.ts';
import { type EnvironmentRow, EnvironmentStore } from './environment-store.ts';

export interface EnvironmentDeps {
  readonly db: Database;
  readonly now: () => Date;
}

/** `/environments` and each of them. */
export function environmentsRoutes(deps: EnvironmentDeps): Router {
  const router = createRouter();
  resource(router, '/environments', {
    GET: (request, response) => listEnvironments(request, response, deps),
    POST: (request, response) => createEnvironment(request, response, deps),
  });
  resource(router, '/environments/:uuid', {
    GET: async (request, response) => {
      const row = await findEnvironment(new EnvironmentStore(deps.db), request);
      sendHal(response, environmentResource(row, baseUrlOf(response)));
    },
    PUT: (request, response) => replaceEnvironment(request, response, deps),
    DELETE: async (request, response) => {
      await transact(deps.db, async (tx) => {
        const store = new EnvironmentStore(tx);
        await store.remove((await findEnvironment(store, request)).id);
      });
      sendEmpty(response);
    },
  });
  return router;
}

async function listEnvironments(
  request: Request,
  response: Response,
  { db }: EnvironmentDeps,
): Promise<void> {
  const query = parseRackQuery(new URL(request.originalUrl, 'http://hub').search.slice(1));
  const rows = await new EnvironmentStore(db).list(textParameter(query, 'name'));
  const baseUrl = baseUrlOf(response);
  sendHal(response, {
    _embedded: { environments: rows.map((row) => environmentResource(row, baseUrl)) },
    _links: {
      self: { title: 'Environments', href: `${baseUrl}/environments` },
      'pb:environments': rows.map((row) => ({
        title: 'Environment',
        name: row.name,
        href: environmentUrl(row, baseUrl),
      })),
    },
  });
}

async function createEnvironment(
  request: Request,
  response: Response,
  { db, now }: EnvironmentDeps,
): Promise<void> {
  const body = await readJsonObject(request);
  const at = now().toISOString();
  const row = await transact(db, async (tx) => {
    const store = new EnvironmentStore(tx);
    const rows = await store.list();
    const environment = checked(body, (name) =>
      rows.some((other) => other.name === name && other.is_preset === 0),
    );
    const preset = rows.find((other) => other.name === environment.name);
    return preset === undefined
      ? store.add(environment, at)
      : store.replace(preset.id, environment, { at, createdAt: at });
  });
  noteChange(response, { names: { environment: row.name } });
  const baseUrl = baseUrlOf(response);
  response.setHeader('Location', environmentUrl(row, baseUrl));
  sendHal(response, environmentResource(row, baseUrl), 201);
}

async function replaceEnvironment(
  request: Request,
  response: Response,
  { db, now }: EnvironmentDeps,
): Promise<void> {
  const body = await readJsonObject(request);
  const at = now().toISOString();
  const row = await transact(db, async (tx) => {
    const store = new EnvironmentStore(tx);
    const current = await findEnvironment(store, request);
    const rows = await store.list();
    // A replace may leave `production` out: it then stays as it is.
    const complete = { production: current.production === 1, ...body };
    const environment = checked(complete, (name) =>
      rows.some((other) => other.name === name && other.id !== current.id),
    );
    return store.replace(current.id, environment, { at });
  });
  noteChange(response, { names: { environment: row.name } });
  sendHal(response, environmentResource(row, baseUrlOf(response)));
}

function checked(body: unknown, isTaken: (name: string) => boolean) {
  const reading = readEnvironmentRequest(body, isTaken);
  if (reading.ok) return reading.environment;
  throw new HubError('VALIDATION_FAILED', 'The environment cannot be taken as described.', {
    errors: reading.defects,
  });
}

async function findEnvironment(store: EnvironmentStore, request: Request): Promise<EnvironmentRow> {
  const row = await store.find(parameter(request, 'uuid'));
  if (row === undefined) throw documentNotFound();
  return row;
}
