import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf } from '../http/hal.ts';
import { HubError } from '../http/hub-error.ts';
import { pageOf, pageParts, slicePage } from '../http/pagination.ts';
import { type RackMap, textParameter } from '../http/rack-query.ts';
import { mediaTypeOf, parameter, resource } from '../http/resource.ts';
import { HAL_JSON, send, sendEmpty, sendHal } from '../http/send.ts';
import { integrationBody, integrationsDot } from './integration-resource.ts';
import { IntegrationStore, type StoredIntegration } from './integration-store.ts';
import { groupOf, relationshipsCsv } from './relationships.ts';

const DOT = 'text/vnd.graphviz';

export interface IntegrationDeps {
  readonly db: Database;
  /** Pacts went away. */
  readonly deleted: () => Promise<void>;
}

/** Who has contracts with whom: as HAL, as a graph, as the broker's CSV; and taking that away again. */
export function integrationsRoutes(deps: IntegrationDeps): Router {
  const router = createRouter();
  const store = new IntegrationStore(deps.db);
  resource(router, '/integrations', {
    provides: [DOT, HAL_JSON],
    GET: (request, response) => list(request, response, store),
    DELETE: (_request, response) => removeAll(response, deps),
  });
  resource(router, '/integrations/provider/:provider/consumer/:consumer', {
    // The broker's own: a client that insists on HAL JSON gets 406 here.
    provides: ['text/html'],
    DELETE: (request, response) => remove(request, response, deps),
  });
  resource(router, '/relationships', {
    provides: ['text/csv'],
    GET: async (_request, response) => sendCsv(response, await store.list()),
  });
  resource(router, '/groups/:pacticipant', {
    provides: ['text/csv'],
    GET: (request, response) => showGroup(request, response, store),
  });
  return router;
}

async function list(request: Request, response: Response, store: IntegrationStore): Promise<void> {
  const query = request.query as RackMap;
  const page = pageOf(query);
  const wanted = (textParameter(query, 'q') ?? '').toLowerCase();
  const all = (await store.list()).filter(({ consumer, provider }) =>
    [consumer, provider].some((name) => name.toLowerCase().includes(wanted)),
  );
  const shown = slicePage(all, page);
  if (mediaTypeOf(response) === DOT) {
    send(response, { status: 200, type: DOT, text: integrationsDot(shown) });
    return;
  }
  const baseUrl = baseUrlOf(response);
  const url = `${baseUrl}/integrations`;
  const { search } = new URL(request.originalUrl, baseUrl);
  const { links, members } = pageParts(page, { total: all.length, url: `${url}${search}` });
  sendHal(response, {
    ...members,
    _embedded: { integrations: shown.map((each) => integrationBody(each, baseUrl)) },
    _links: { self: { title: 'All integrations', href: url }, ...links },
  });
}

async function remove(request: Request, response: Response, deps: IntegrationDeps): Promise<void> {
  await transact(deps.db, async (tx) => {
    const store = new IntegrationStore(tx);
    const consumerId = await requirePacticipant(store, 'consumer', parameter(request, 'consumer'));
    const providerId = await requirePacticipant(store, 'provider', parameter(request, 'provider'));
    await store.remove({ consumerId, providerId });
  });
  await deps.deleted();
  sendEmpty(response);
}

async function removeAll(response: Response, deps: IntegrationDeps): Promise<void> {
  await transact(deps.db, async (tx) => {
    const store = new IntegrationStore(tx);
    for (const pair of await store.list()) await store.remove(pair);
  });
  await deps.deleted();
  sendEmpty(response);
}

async function showGroup(
  request: Request,
  response: Response,
  store: IntegrationStore,
): Promise<void> {
  const name = parameter(request, 'pacticipant');
  const id = await requirePacticipant(store, 'pacticipant', name);
  const limit = textParameter(request.query as RackMap, 'maxPacticipants');
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit)) {
    const errors = { maxPacticipants: ['must be greater than or equal to 1'] };
    throw new HubError('VALIDATION_FAILED', 'maxPacticipants is no count.', { errors });
  }
  const count = limit === undefined ? undefined : Number(limit);
  sendCsv(response, groupOf(await store.list(), id, count));
}

function sendCsv(response: Response, integrations: readonly StoredIntegration[]): void {
  send(response, { status: 200, type: 'text/csv', text: relationshipsCsv(integrations) });
}

async function requirePacticipant(
  store: IntegrationStore,
  role: string,
  name: string,
): Promise<number> {
  const id = await store.pacticipantId(name);
  if (id === undefined) throw new HubError('NOT_FOUND', `No ${role} with name '${name}' found`);
  return id;
}
