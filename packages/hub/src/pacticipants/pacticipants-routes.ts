import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import type { VersionRegistry } from '../database/version-registry.ts';
import type { Events } from '../events.ts';
import { createRouter } from '../http/app.ts';
import { noteChange } from '../http/change-note.ts';
import { baseUrlOf, type Links, pathTo } from '../http/hal.ts';
import { HubError } from '../http/hub-error.ts';
import { pageOf, pageParts, slicePage } from '../http/pagination.ts';
import { type RackMap, textParameter } from '../http/rack-query.ts';
import { readJsonObject } from '../http/read-json-object.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendEmpty, sendHal } from '../http/send.ts';
import { readPacticipant } from './pacticipant-request.ts';
import { pacticipantBody, pacticipantsBody } from './pacticipant-resource.ts';
import { type PacticipantDetails, PacticipantStore } from './pacticipant-store.ts';

export interface PacticipantDeps {
  readonly db: Database;
  readonly registryFor: (tx: Database) => VersionRegistry;
  /** Where the pacticipant is deployed, as links: `pb:deployed-environments`. */
  readonly environmentLinks: (pacticipantId: number, baseUrl: string) => Promise<Links>;
  readonly events: Events;
  readonly now: () => Date;
}

/** Pacticipants: all, by label, one. */
export function pacticipantsRoutes(deps: PacticipantDeps): Router {
  const router = createRouter();
  resource(router, '/pacticipants', {
    GET: (request, response) => {
      const search = textParameter(request.query as RackMap, 'q');
      return list(request, response, { deps, filter: { search }, withOldCollection: true });
    },
    POST: (request, response) => create(request, response, deps),
  });
  resource(router, '/pacticipants/label/:label', {
    GET: (request, response) => {
      const label = parameter(request, 'label');
      return list(request, response, { deps, filter: { label }, withOldCollection: false });
    },
  });
  resource(router, '/pacticipants/:pacticipant', {
    consumes: { PATCH: ['application/json', 'application/merge-patch+json'] },
    GET: (request, response) => show(request, response, deps),
    PUT: (request, response) => replace(request, response, deps),
    PATCH: (request, response) => patch(request, response, deps),
    DELETE: (request, response) => remove(request, response, deps),
  });
  return router;
}

async function list(
  request: Request,
  response: Response,
  context: {
    readonly deps: PacticipantDeps;
    readonly filter: Parameters<PacticipantStore['list']>[0];
    readonly withOldCollection: boolean;
  },
): Promise<void> {
  const { withOldCollection } = context;
  const page = pageOf(request.query as RackMap);
  const found = await new PacticipantStore(context.deps.db).list(context.filter);
  const baseUrl = baseUrlOf(response);
  const { links, members } = pageParts(page, {
    total: found.length,
    url: `${baseUrl}${request.originalUrl}`,
  });
  const items = slicePage(found, page);
  sendHal(
    response,
    pacticipantsBody({ items, baseUrl, withOldCollection, pageLinks: links, pageMembers: members }),
  );
}

/** Creating one that exists changes nothing and is answered like the first time. */
async function create(request: Request, response: Response, deps: PacticipantDeps): Promise<void> {
  const body = await readJsonObject(request);
  const changes = readPacticipant(body, { replace: true, nameRequired: true });
  const name = String(body.name);
  const details = await transact(deps.db, async (tx) => {
    const store = new PacticipantStore(tx);
    const existing = await store.find(name);
    if (existing !== undefined) return existing;
    const { id, created_at } = await deps.registryFor(tx).pacticipant(name, deps.now());
    await store.update(id, changes, new Date(created_at));
    return required(await store.find(name), name);
  });
  noteChange(response, { pacticipants: [name] });
  const baseUrl = baseUrlOf(response);
  response.setHeader('Location', `${baseUrl}${pathTo('pacticipants', name)}`);
  sendHal(response, pacticipantBody(details, baseUrl), 201);
}

async function show(request: Request, response: Response, deps: PacticipantDeps): Promise<void> {
  const name = parameter(request, 'pacticipant');
  const details = required(await new PacticipantStore(deps.db).find(name), name);
  await send(response, { details, deps });
}

async function send(
  response: Response,
  sent: {
    readonly details: PacticipantDetails;
    readonly deps: PacticipantDeps;
    readonly status?: number;
  },
): Promise<void> {
  const { details, deps, status = 200 } = sent;
  const baseUrl = baseUrlOf(response);
  const links = await deps.environmentLinks(details.pacticipant.id, baseUrl);
  sendHal(response, pacticipantBody(details, baseUrl, links), status);
}

async function replace(request: Request, response: Response, deps: PacticipantDeps): Promise<void> {
  const name = parameter(request, 'pacticipant');
  const body = await readJsonObject(request);
  const changes = readPacticipant(body, { replace: true, nameRequired: false });
  const details = await transact(deps.db, async (tx) => {
    const store = new PacticipantStore(tx);
    const { pacticipant } = required(await store.find(name), name);
    await store.update(pacticipant.id, changes, deps.now());
    return required(await store.find(name), name);
  });
  await send(response, { details, deps });
}

async function patch(request: Request, response: Response, deps: PacticipantDeps): Promise<void> {
  const name = parameter(request, 'pacticipant');
  const body = await readJsonObject(request);
  const changes = readPacticipant(body, { replace: false, nameRequired: false });
  const { details, created } = await transact(deps.db, async (tx) => {
    const store = new PacticipantStore(tx);
    const created = (await store.find(name)) === undefined;
    const at = deps.now();
    const { id } = await deps.registryFor(tx).pacticipant(name, at);
    await store.update(id, changes, at);
    return { details: required(await store.find(name), name), created };
  });
  const url = `${baseUrlOf(response)}${pathTo('pacticipants', name)}`;
  if (created) response.setHeader('Location', url);
  await send(response, { details, deps, status: created ? 201 : 200 });
}

async function remove(request: Request, response: Response, deps: PacticipantDeps): Promise<void> {
  const name = parameter(request, 'pacticipant');
  const isDeleted = await transact(deps.db, (tx) => new PacticipantStore(tx).delete(name));
  if (!isDeleted) throw pacticipantNotFound(name);
  await deps.events.emit({ kind: 'contractsDeleted', at: deps.now() });
  sendEmpty(response);
}

function required(details: PacticipantDetails | undefined, name: string): PacticipantDetails {
  if (details === undefined) throw pacticipantNotFound(name);
  return details;
}

function pacticipantNotFound(name: string): HubError {
  return new HubError('NOT_FOUND', `No pacticipant with name '${name}' found`);
}
