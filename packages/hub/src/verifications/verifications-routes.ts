import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import type { VersionRegistry } from '../database/version-registry.ts';
import type { Events } from '../events.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf, type Link } from '../http/hal.ts';
import { documentNotFound } from '../http/hub-error.ts';
import { readText } from '../http/read-body.ts';
import { mediaTypeOf, parameter, resource } from '../http/resource.ts';
import { HAL_JSON, send, sendEmpty, sendHal } from '../http/send.ts';
import { interactionsUrl } from './interaction-report-resource.ts';
import { addInteractionsRoute } from './interactions-route.ts';
import { publishVerification, readVerification, runOf } from './publish-verification.ts';
import { verificationBody, verificationUrl } from './verification-resource.ts';
import {
  type ContentKey,
  type StoredVerification,
  VerificationStore,
} from './verification-store.ts';
import { versionSummary } from './version-summary.ts';

const PAIR = '/pacts/provider/:provider/consumer/:consumer';
const CONTENT = `${PAIR}/pact-version/:sha`;
const EXTENDED = 'application/vnd.pactbrokerextended.v1+json';
const RESULT_TYPES = [HAL_JSON, 'application/json', EXTENDED];

export interface VerificationDeps {
  readonly db: Database;
  readonly registryFor: (tx: Database) => VersionRegistry;
  readonly events: Events;
  readonly webhooks: ResultWebhooks;
  readonly now: () => Date;
}

/** What happens to webhooks when a result is published, and what a result has triggered. */
export interface ResultWebhooks {
  /** Writes down, in the result's transaction, which of them have to tell of it. */
  readonly trigger: (
    tx: Database,
    published: {
      readonly content: ContentKey;
      readonly verificationId: number;
      readonly success: boolean;
      /** Of the URL the result came to. */
      readonly metadata: string | undefined;
      readonly baseUrl: string;
      readonly at: Date;
    },
  ) => Promise<unknown>;
  /** After the transaction: they may go. */
  readonly wake: () => void;
  /** As a HAL resource with this link to itself. */
  readonly ofResult: (
    verificationId: number,
    shown: { readonly baseUrl: string; readonly self: Link },
  ) => Promise<object>;
}

/** Publishing verification results, and reading the latest of whatever has some. */
export function verificationsRoutes(deps: VerificationDeps): Router {
  const router = createRouter();
  const { db } = deps;
  resource(
    router,
    [`${CONTENT}/verification-results`, `${CONTENT}/metadata/:metadata/verification-results`],
    { POST: (request, response) => publish(request, response, deps) },
  );
  resource(
    router,
    [
      `${CONTENT}/verification-results/:number`,
      `${CONTENT}/metadata/:metadata/verification-results/:number`,
    ],
    {
      GET: (request, response) => show(request, response, db),
      DELETE: (request, response) => remove(request, response, db),
      provides: RESULT_TYPES,
    },
  );
  addInteractionsRoute(
    router,
    [
      `${CONTENT}/verification-results/:number/interactions`,
      `${CONTENT}/metadata/:metadata/verification-results/:number/interactions`,
    ],
    { db, find: (request) => findResult(request, new VerificationStore(db)) },
  );
  resource(router, `${CONTENT}/verification-results/:number/triggered-webhooks`, {
    GET: (request, response) => showTriggeredWebhooks(request, response, deps),
  });
  resource(
    router,
    [
      `${PAIR}/version/:version/verification-results/latest`,
      `${PAIR}/latest/verification-results/latest`,
      `${PAIR}/latest/:tag/verification-results/latest`,
    ],
    { GET: (request, response) => showLatest(request, response, db), provides: RESULT_TYPES },
  );
  resource(router, '/verification-results/consumer/:consumer/version/:version/latest', {
    GET: async (request, response) => {
      const baseUrl = baseUrlOf(response);
      const names = {
        consumer: parameter(request, 'consumer'),
        version: parameter(request, 'version'),
      };
      const text = await versionSummary(new VerificationStore(db), { ...names, baseUrl });
      send(response, { status: 200, type: HAL_JSON, text });
    },
  });
  return router;
}

async function publish(
  request: Request,
  response: Response,
  { db, registryFor, events, webhooks, now }: VerificationDeps,
): Promise<void> {
  const verification = readVerification(await readText(request));
  const at = now();
  const { content, number, found } = await transact(db, async (tx) => {
    const published = await publishVerification(
      { pair: pairOf(request), verification, run: runOf(segmentOf(request)), at },
      { tx, registry: registryFor(tx) },
    );
    const { content } = published;
    const found = await new VerificationStore(tx).find(content.pactVersionId, published.number);
    if (found === undefined) throw new Error('The result just published cannot be found.');
    await webhooks.trigger(tx, {
      content,
      verificationId: found.id,
      success: verification.success,
      metadata: segmentOf(request),
      baseUrl: baseUrlOf(response),
      at,
    });
    return { ...published, found };
  });
  webhooks.wake();
  await events.emit({
    kind: 'verificationPublished',
    at,
    consumer: content.consumer,
    provider: content.provider,
    providerVersion: verification.providerVersion,
    sha: content.sha,
    success: verification.success,
  });
  response.setHeader('Location', verificationUrl(content, number, baseUrlOf(response)));
  await answer(response, { content, verification: found, db, status: 201 });
}

async function show(request: Request, response: Response, db: Database): Promise<void> {
  const { content, verification } = await findResult(request, new VerificationStore(db));
  if (mediaTypeOf(response) === EXTENDED) {
    redirectToBrowser(request, response);
    return;
  }
  await answer(response, { content, verification, db, status: 200 });
}

async function remove(request: Request, response: Response, db: Database): Promise<void> {
  await transact(db, async (tx) => {
    const store = new VerificationStore(tx);
    const { pactVersionId } = await contentOf(request, store);
    const found = await store.find(pactVersionId, numberOf(parameter(request, 'number')));
    if (found === undefined) throw documentNotFound();
    await store.remove(pactVersionId, found.id);
  });
  sendEmpty(response);
}

async function showLatest(request: Request, response: Response, db: Database): Promise<void> {
  const store = new VerificationStore(db);
  const { version, tag } = request.params;
  const content = await store.publishedContent({
    consumer: parameter(request, 'consumer'),
    provider: parameter(request, 'provider'),
    ...(typeof version === 'string' ? { version } : {}),
    ...(typeof tag === 'string' ? { tag } : {}),
  });
  if (content === undefined) throw documentNotFound();
  const verification = await store.latest(content.pactVersionId);
  await answer(response, {
    content,
    verification,
    db,
    status: 200,
    ...(typeof version === 'string' ? { consumerVersion: version } : {}),
  });
}

async function showTriggeredWebhooks(
  request: Request,
  response: Response,
  { db, webhooks }: VerificationDeps,
): Promise<void> {
  const store = new VerificationStore(db);
  const content = await contentOf(request, store);
  const number = numberOf(parameter(request, 'number'));
  const found = await store.find(content.pactVersionId, number);
  if (found === undefined) throw documentNotFound();
  const baseUrl = baseUrlOf(response);
  const self = {
    title: `Webhooks triggered by the publication of verification result ${number}`,
    href: `${verificationUrl(content, number, baseUrl)}/triggered-webhooks`,
  };
  sendHal(response, await webhooks.ofResult(found.id, { baseUrl, self }));
}

interface Answer {
  readonly content: ContentKey;
  readonly verification: StoredVerification | undefined;
  readonly db: Database;
  readonly status: number;
  readonly consumerVersion?: string;
}

async function answer(response: Response, input: Answer): Promise<void> {
  const { content, verification, db, status } = input;
  if (verification === undefined) throw documentNotFound();
  const consumerVersion =
    input.consumerVersion ??
    (await new VerificationStore(db).newestPublisher(content.pactVersionId)) ??
    '';
  const baseUrl = baseUrlOf(response);
  const text = verificationBody({ content, verification, consumerVersion, baseUrl });
  // In a header, because clients compare the members of the body with the broker's.
  const interactions = interactionsUrl(content, verification.number, baseUrl);
  response.setHeader('Link', `<${interactions}>; rel="concordat:interactions"`);
  send(response, { status, type: mediaTypeOf(response), text });
}

/** The extended type is what a HAL browser asks for. */
function redirectToBrowser(request: Request, response: Response): void {
  response.writeHead(302, {
    Location: `/hal-browser/browser.html#${request.path}`,
    'Content-Type': 'text/html;charset=utf-8',
    'Content-Length': 0,
  });
  response.end();
}

function pairOf(request: Request): {
  readonly consumer: string;
  readonly provider: string;
  readonly sha: string;
} {
  return {
    consumer: parameter(request, 'consumer'),
    provider: parameter(request, 'provider'),
    sha: parameter(request, 'sha'),
  };
}

function segmentOf(request: Request): string | undefined {
  const { metadata } = request.params;
  return typeof metadata === 'string' ? metadata : undefined;
}

/** By its number, or the latest of the content. */
async function findResult(
  request: Request,
  store: VerificationStore,
): Promise<{
  readonly content: ContentKey;
  readonly verification: StoredVerification | undefined;
}> {
  const content = await contentOf(request, store);
  const number = parameter(request, 'number');
  const verification =
    number === 'latest'
      ? await store.latest(content.pactVersionId)
      : await store.find(content.pactVersionId, numberOf(number));
  return { content, verification };
}

async function contentOf(request: Request, store: VerificationStore): Promise<ContentKey> {
  const content = await store.content(pairOf(request));
  if (content === undefined) throw documentNotFound();
  return content;
}

/** No result has the number 0. */
function numberOf(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}
