import type { Request, Response, Router } from 'express';
import { transact } from '../database/transact.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf, pathTo } from '../http/hal.ts';
import { documentNotFound } from '../http/hub-error.ts';
import { pageOf, pageParts, slicePage } from '../http/pagination.ts';
import type { RackMap } from '../http/rack-query.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendEmpty, sendHal } from '../http/send.ts';
import { labelBody } from './pacticipant-resource.ts';
import { PacticipantStore } from './pacticipant-store.ts';
import type { PacticipantDeps } from './pacticipants-routes.ts';

/** Labels: all names, and one of a pacticipant. */
export function labelsRoutes(deps: PacticipantDeps): Router {
  const router = createRouter();
  resource(router, '/labels', {
    GET: (request, response) => list(request, response, deps),
  });
  resource(router, '/pacticipants/:pacticipant/labels/:label', {
    GET: (request, response) => show(request, response, deps),
    PUT: (request, response) => add(request, response, deps),
    DELETE: (request, response) => remove(request, response, deps),
  });
  return router;
}

async function list(request: Request, response: Response, deps: PacticipantDeps): Promise<void> {
  const page = pageOf(request.query as RackMap);
  const names = await new PacticipantStore(deps.db).labelNames();
  const url = `${baseUrlOf(response)}/labels`;
  const { links, members } = pageParts(page, { total: names.length, url });
  sendHal(response, {
    ...members,
    _embedded: { labels: slicePage(names, page).map((name) => ({ name })) },
    _links: { self: { title: 'Labels', href: url }, ...links },
  });
}

async function show(request: Request, response: Response, deps: PacticipantDeps): Promise<void> {
  const store = new PacticipantStore(deps.db);
  const pacticipant = parameter(request, 'pacticipant');
  const name = parameter(request, 'label');
  const details = await store.find(pacticipant);
  const label =
    details === undefined ? undefined : await store.findLabel(details.pacticipant.id, name);
  if (label === undefined) throw documentNotFound();
  const baseUrl = baseUrlOf(response);
  sendHal(response, labelBody({ pacticipant, name, createdAt: label.created_at, baseUrl }));
}

async function add(request: Request, response: Response, deps: PacticipantDeps): Promise<void> {
  const pacticipant = parameter(request, 'pacticipant');
  const name = parameter(request, 'label');
  const at = deps.now();
  const { createdAt, created } = await transact(deps.db, async (tx) => {
    const store = new PacticipantStore(tx);
    const { id } = await deps.registryFor(tx).pacticipant(pacticipant, at);
    const existing = await store.findLabel(id, name);
    if (existing !== undefined) return { createdAt: existing.created_at, created: false };
    await store.addLabel(id, name, at);
    return { createdAt: at.toISOString(), created: true };
  });
  const baseUrl = baseUrlOf(response);
  if (created) {
    const path = pathTo('pacticipants', pacticipant, 'labels', name);
    response.setHeader('Location', `${baseUrl}${path}`);
  }
  sendHal(response, labelBody({ pacticipant, name, createdAt, baseUrl }), created ? 201 : 200);
}

async function remove(request: Request, response: Response, deps: PacticipantDeps): Promise<void> {
  const store = new PacticipantStore(deps.db);
  const details = await store.find(parameter(request, 'pacticipant'));
  const isDeleted =
    details !== undefined &&
    (await store.deleteLabel(details.pacticipant.id, parameter(request, 'label')));
  if (!isDeleted) throw documentNotFound();
  sendEmpty(response);
}
