import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf, pathTo } from '../http/hal.ts';
import { documentNotFound, HubError } from '../http/hub-error.ts';
import { mediaTypeOf, parameter, resource } from '../http/resource.ts';
import { HAL_JSON, send, sendHal } from '../http/send.ts';
import { EventFactsStore } from './event-facts-store.ts';
import { triggeredWebhooksResource, webhookStatusResource } from './triggered-webhook-resource.ts';
import { TriggeredWebhookStore } from './triggered-webhook-store.ts';
import { type WebhookPair, WebhookStore } from './webhook-store.ts';

const PAIR = '/pacts/provider/:provider/consumer/:consumer';

export interface TriggeredWebhookDeps {
  readonly db: Database;
  readonly retrySchedule: readonly number[];
}

/** What webhooks did: for a pact, for a version, for a pair, and the log of one. */
export function triggeredWebhooksRoutes(deps: TriggeredWebhookDeps): Router {
  const router = createRouter();
  resource(router, `${PAIR}/version/:version/triggered-webhooks`, {
    GET: (request, response) => showOfPact(request, response, deps),
  });
  resource(router, '/pacticipants/:pacticipant/versions/:version/triggered-webhooks', {
    GET: (request, response) => showOfVersion(request, response, deps),
  });
  resource(router, `${PAIR}/webhooks/status`, {
    GET: (request, response) => showStatus(request, response, deps),
  });
  resource(router, '/triggered-webhooks/:uuid/logs', {
    provides: ['text/plain', HAL_JSON],
    GET: (request, response) => showLogs(request, response, deps),
  });
  return router;
}

async function showOfPact(
  request: Request,
  response: Response,
  { db, retrySchedule }: TriggeredWebhookDeps,
): Promise<void> {
  const { consumer, provider, pair } = await pairOf(request, db);
  const version = parameter(request, 'version');
  const triggered = await new TriggeredWebhookStore(db).ofPublication(pair, version);
  if (triggered === undefined) throw documentNotFound();
  const baseUrl = baseUrlOf(response);
  const path = pathTo('pacts', 'provider', provider, 'consumer', consumer, 'version', version);
  const title = `Webhooks triggered by the publication of the pact between ${consumer} (${version}) and ${provider}`;
  const self = { title, href: `${baseUrl}${path}/triggered-webhooks` };
  sendHal(response, triggeredWebhooksResource(triggered, { baseUrl, retrySchedule, self }));
}

async function showOfVersion(
  request: Request,
  response: Response,
  { db, retrySchedule }: TriggeredWebhookDeps,
): Promise<void> {
  const pacticipant = parameter(request, 'pacticipant');
  const version = parameter(request, 'version');
  const triggered = await new TriggeredWebhookStore(db).ofVersion(pacticipant, version);
  if (triggered === undefined) throw documentNotFound();
  const baseUrl = baseUrlOf(response);
  const path = pathTo('pacticipants', pacticipant, 'versions', version, 'triggered-webhooks');
  const title = `Webhooks triggered by deployments, releases and tags of ${pacticipant} version ${version}`;
  const self = { title, href: `${baseUrl}${path}` };
  sendHal(response, triggeredWebhooksResource(triggered, { baseUrl, retrySchedule, self }));
}

async function showStatus(
  request: Request,
  response: Response,
  { db, retrySchedule }: TriggeredWebhookDeps,
): Promise<void> {
  const { consumer, provider, pair } = await pairOf(request, db);
  const triggered = await new TriggeredWebhookStore(db).latestOfPair(pair);
  const publication = await new EventFactsStore(db).publication(pair);
  const version = publication?.consumer.version;
  const baseUrl = baseUrlOf(response);
  const shown = { baseUrl, retrySchedule, consumer, provider, version };
  sendHal(response, webhookStatusResource(triggered, shown));
}

async function showLogs(
  request: Request,
  response: Response,
  { db }: TriggeredWebhookDeps,
): Promise<void> {
  const uuid = parameter(request, 'uuid');
  const logs = await new TriggeredWebhookStore(db).logs(uuid);
  if (logs === undefined) throw documentNotFound();
  if (mediaTypeOf(response) === HAL_JSON) {
    const href = `${baseUrlOf(response)}${pathTo('triggered-webhooks', uuid, 'logs')}`;
    sendHal(response, { logs, _links: { self: { title: 'Webhook execution logs', href } } });
    return;
  }
  send(response, { status: 200, type: 'text/plain', text: logs });
}

async function pairOf(
  request: Request,
  db: Database,
): Promise<{ readonly consumer: string; readonly provider: string; readonly pair: WebhookPair }> {
  const consumer = parameter(request, 'consumer');
  const provider = parameter(request, 'provider');
  const ids = await new WebhookStore(db).pacticipantIds([consumer, provider]);
  const consumerId = ids.get(consumer);
  const providerId = ids.get(provider);
  if (consumerId === undefined) throw unknown('consumer', consumer);
  if (providerId === undefined) throw unknown('provider', provider);
  return { consumer, provider, pair: { consumerId, providerId } };
}

function unknown(role: string, name: string): HubError {
  return new HubError('NOT_FOUND', `No ${role} with name '${name}' found`);
}
