import { randomBytes } from 'node:crypto';
import type { WebhookRequest } from '@concordat/domain';
import type { Request, Response, Router } from 'express';
import { transact } from '../database/transact.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf, pathTo } from '../http/hal.ts';
import { documentNotFound, HubError } from '../http/hub-error.ts';
import { parameter, resource } from '../http/resource.ts';
import { HAL_JSON, send, sendEmpty, sendHal } from '../http/send.ts';
import { exactText } from './exact-json.ts';
import { executeWebhook, type TrialDeps } from './execute-webhook.ts';
import { readDescription, readWebhook, withSecretsOf } from './webhook-requests.ts';
import { webhookListResource, webhookResource, webhookUrl } from './webhook-resource.ts';
import { type StoredWebhook, type WebhookPair, WebhookStore } from './webhook-store.ts';

const UUID = /^[A-Za-z0-9_-]{16,200}$/;
const ROLES = ['consumer', 'provider'] as const;

/** Webhooks: all, those of a pair or of one side, one, and trying one out. */
export function webhooksRoutes(deps: TrialDeps): Router {
  const router = createRouter();
  resource(
    router,
    [
      '/webhooks',
      '/webhooks/provider/:provider/consumer/:consumer',
      '/webhooks/provider/:provider',
      '/webhooks/consumer/:consumer',
      '/pacts/provider/:provider/consumer/:consumer/webhooks',
    ],
    {
      GET: (request, response) => list(request, response, deps),
      POST: (request, response) => create(request, response, deps),
    },
  );
  resource(router, '/webhooks/execute', {
    POST: (request, response) => tryUnsaved(request, response, deps),
  });
  resource(router, '/webhooks/:uuid', {
    GET: async (request, response) => {
      const webhook = await findWebhook(new WebhookStore(deps.db), request);
      sendExact(response, webhookResource(webhook, baseUrlOf(response)));
    },
    PUT: (request, response) => put(request, response, deps),
    DELETE: async (request, response) => {
      const uuid = parameter(request, 'uuid');
      if (!(await transact(deps.db, (tx) => new WebhookStore(tx).remove(uuid)))) {
        throw documentNotFound();
      }
      sendEmpty(response);
    },
  });
  resource(router, '/webhooks/:uuid/execute', {
    consumes: { POST: ['*'] },
    POST: (request, response) => trySaved(request, response, deps),
  });
  return router;
}

async function list(request: Request, response: Response, { db }: TrialDeps): Promise<void> {
  const store = new WebhookStore(db);
  const webhooks = await store.list(await namedIn(request, store));
  const baseUrl = baseUrlOf(response);
  const url = `${baseUrl}${pathOf(request)}`;
  const title = request.path.startsWith('/pacts/') ? 'Pact webhooks' : 'Webhooks';
  sendHal(response, webhookListResource(webhooks, { baseUrl, url, title, createUrl: url }));
}

async function create(request: Request, response: Response, deps: TrialDeps): Promise<void> {
  const described = await readDescription(request);
  const at = deps.now().toISOString();
  const webhook = await transact(deps.db, async (tx) => {
    const store = new WebhookStore(tx);
    await namedIn(request, store);
    const fields = { ...described.fields, ...sidesIn(request) };
    const sent = await readWebhook({ ...described, fields }, { store, ...deps });
    // 22 characters, as the broker's are.
    const uuid = randomBytes(16).toString('base64url');
    await store.add(sent, uuid, at);
    return store.find(uuid);
  });
  answer(response, webhook, 201);
}

async function put(request: Request, response: Response, deps: TrialDeps): Promise<void> {
  const described = await readDescription(request);
  const at = deps.now().toISOString();
  const uuid = parameter(request, 'uuid');
  const { webhook, created } = await transact(deps.db, async (tx) => {
    const store = new WebhookStore(tx);
    const stored = await store.find(uuid);
    const defects = stored === undefined ? uuidDefects(uuid) : {};
    const sent = await readWebhook(described, { store, ...deps, defects });
    const created = stored === undefined && (await store.add(sent, uuid, at));
    const known = stored ?? (await store.find(uuid));
    if (!created && known !== undefined) {
      await store.replace(known.id, withSecretsOf(known, sent), at);
    }
    return { webhook: await store.find(uuid), created };
  });
  answer(response, webhook, created ? 201 : 200);
}

async function tryUnsaved(request: Request, response: Response, deps: TrialDeps): Promise<void> {
  const described = await readDescription(request);
  const webhook = await readWebhook(described, { store: new WebhookStore(deps.db), ...deps });
  const baseUrl = baseUrlOf(response);
  const links = { 'try-again': tryAgain(`${baseUrl}/webhooks/execute`) };
  await tryOut(response, webhook, { ...deps, links });
}

async function trySaved(request: Request, response: Response, deps: TrialDeps): Promise<void> {
  const webhook = await findWebhook(new WebhookStore(deps.db), request);
  const href = webhookUrl(webhook, baseUrlOf(response));
  const links = { webhook: { href }, 'try-again': tryAgain(`${href}/execute`) };
  await tryOut(response, webhook, { ...deps, links });
}

async function tryOut(
  response: Response,
  webhook: WebhookRequest,
  deps: TrialDeps & { readonly links: object },
): Promise<void> {
  sendExact(response, await executeWebhook(webhook, { ...deps, baseUrl: baseUrlOf(response) }));
}

function tryAgain(href: string): object {
  return { title: 'Execute the webhook again', href };
}

function answer(response: Response, webhook: StoredWebhook | undefined, status: number): void {
  if (webhook === undefined) throw documentNotFound();
  const baseUrl = baseUrlOf(response);
  if (status === 201) response.setHeader('Location', webhookUrl(webhook, baseUrl));
  sendExact(response, webhookResource(webhook, baseUrl), status);
}

function sendExact(response: Response, resource: object, status = 200): void {
  send(response, { status, type: HAL_JSON, text: exactText(resource) });
}

async function findWebhook(store: WebhookStore, request: Request): Promise<StoredWebhook> {
  const webhook = await store.find(parameter(request, 'uuid'));
  if (webhook === undefined) throw documentNotFound();
  return webhook;
}

/** Ids of the pacticipants that the URL names; one that does not exist is a 404 that says so. */
async function namedIn(request: Request, store: WebhookStore): Promise<Partial<WebhookPair>> {
  const ids = await store.pacticipantIds(Object.values(namesIn(request)));
  const named: { consumerId?: number; providerId?: number } = {};
  for (const [role, name] of Object.entries(namesIn(request))) {
    const id = ids.get(name);
    if (id === undefined) throw new HubError('NOT_FOUND', `No ${role} with name '${name}' found`);
    named[role === 'consumer' ? 'consumerId' : 'providerId'] = id;
  }
  return named;
}

function namesIn(request: Request): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ROLES.flatMap((role) =>
      typeof request.params[role] === 'string' ? [[role, parameter(request, role)]] : [],
    ),
  );
}

/** The URL says whose webhook it is, whatever the body says. */
function sidesIn(request: Request): object {
  return Object.fromEntries(
    Object.entries(namesIn(request)).map(([role, name]) => [role, { name }]),
  );
}

function pathOf(request: Request): string {
  const { consumer, provider } = namesIn(request);
  const side = (role: string, name: string | undefined): readonly string[] =>
    name === undefined ? [] : [role, name];
  const sides = [...side('provider', provider), ...side('consumer', consumer)];
  return request.path.startsWith('/pacts/')
    ? pathTo('pacts', ...sides, 'webhooks')
    : pathTo('webhooks', ...sides);
}

function uuidDefects(uuid: string): Readonly<Record<string, readonly string[]>> {
  if (UUID.test(uuid)) return {};
  return {
    uuid: ['can only contain A-Z, a-z, 0-9, _ and -, and must be 16 or more characters'],
  };
}
