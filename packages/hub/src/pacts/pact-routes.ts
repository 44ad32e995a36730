import { describeJsonDefect, isJsonObject, type JsonObject, parseJson } from '@concordat/domain';
import type { Request, Response, Router } from 'express';
import { transact } from '../database/transact.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf } from '../http/hal.ts';
import { pageHeaders } from '../http/html.ts';
import { documentNotFound, HubError } from '../http/hub-error.ts';
import { invalidJson, readText } from '../http/read-body.ts';
import { mediaTypeOf, parameter, resource } from '../http/resource.ts';
import { HAL_JSON, send, sendHal } from '../http/send.ts';
import { configFor } from './config-for.ts';
import type { PublishingDeps } from './contracts-routes.ts';
import { KnownContent, type SentContent } from './known-content.ts';
import { decodePactMetadata, versionMetadata } from './pact-metadata.ts';
import { pactPage } from './pact-page.ts';
import { extendedPactBody, type PactView, pactBody, pairUrl } from './pact-resource.ts';
import { type PactFilter, PactStore, type PublishedPact } from './pact-store.ts';
import { VersionTagStore } from './version-tag-store.ts';
import { type WrittenPact, writePact } from './write-pact.ts';

const EXTENDED = 'application/vnd.pactbrokerextended.v1+json';
const PAIR = '/pacts/provider/:provider/consumer/:consumer';
const OLD_PAIR = '/pact/provider/:provider/consumer/:consumer';
const MAX_DEPTH = 50;

/** One pact: written and read by consumer version, read by content, and the newest by tag or branch. */
export function pactRoutes(deps: PublishingDeps): Router {
  const router = createRouter();
  const known = new KnownContent(deps.config);
  const provides = [HAL_JSON, 'application/json', 'text/html', EXTENDED];
  resource(
    router,
    [`${PAIR}/version/:version`, `${PAIR}/versions/:version`, `${OLD_PAIR}/version/:version`],
    {
      provides,
      consumes: { PATCH: ['application/json', 'application/merge-patch+json'] },
      GET: (request, response) => showVersion(request, response, deps),
      PUT: (request, response) =>
        write(request, response, { deps, known, onConflict: 'overwrite' }),
      DELETE: (request, response) => remove(request, response, deps),
      PATCH: (request, response) => write(request, response, { deps, known, onConflict: 'merge' }),
    },
  );
  resource(router, `${PAIR}/version/:version/previous-distinct`, {
    provides,
    GET: (request, response) => showPreviousDistinct(request, response, deps),
  });
  resource(router, [`${PAIR}/pact-version/:sha`, `${PAIR}/pact-version/:sha/metadata/:metadata`], {
    provides,
    GET: (request, response) => showContent(request, response, deps),
  });
  const latest: Readonly<Record<string, (request: Request) => PactFilter>> = {
    '/latest': () => ({}),
    '/latest-untagged': () => ({ untagged: true }),
    '/latest/:tag': (request) => ({ tag: parameter(request, 'tag') }),
    '/branch/:branch/latest': (request) => ({ branch: parameter(request, 'branch') }),
  };
  for (const [path, filter] of Object.entries(latest)) {
    const isListed = path.startsWith('/branch');
    resource(router, [`${PAIR}${path}`, `${OLD_PAIR}${path}`], {
      provides,
      GET: (request, response) =>
        showLatest(request, response, { deps, filter: filter(request), isListed }),
    });
  }
  return router;
}

/** The ids of the pair in the URL; a name nobody knows cannot have pacts. */
async function pairFilter(
  request: Request,
  pacts: PactStore,
): Promise<{ readonly consumerId: number; readonly providerId: number }> {
  const consumerId = await pacts.pacticipantId(parameter(request, 'consumer'));
  const providerId = await pacts.pacticipantId(parameter(request, 'provider'));
  if (consumerId === undefined || providerId === undefined) throw documentNotFound();
  return { consumerId, providerId };
}

/** The links that follow the removal of pacts: back to the index, and to what is left of the pair. */
export async function removedBody(
  request: Request,
  response: Response,
  pacts: PactStore,
): Promise<object> {
  const baseUrl = baseUrlOf(response);
  const left = await pacts.latest(await pairFilter(request, pacts));
  const href = left === undefined ? undefined : `${pairUrl(left, baseUrl)}/latest`;
  return {
    _links: {
      index: { href: baseUrl },
      ...(href === undefined ? {} : { 'pb:latest-pact-version': { title: 'Latest pact', href } }),
    },
  };
}

async function write(
  request: Request,
  response: Response,
  context: {
    readonly deps: PublishingDeps;
    readonly known: KnownContent;
    readonly onConflict: 'overwrite' | 'merge';
  },
): Promise<void> {
  const { deps, onConflict } = context;
  const content = readContent(await readText(request), context.known);
  const at = deps.now();
  const baseUrl = baseUrlOf(response);
  const written = await transact(deps.db, async (tx) => {
    const written = await writePact(
      {
        consumer: parameter(request, 'consumer'),
        provider: parameter(request, 'provider'),
        version: parameter(request, 'version'),
        content,
        onConflict,
        at,
      },
      { tx, registry: deps.registryFor(tx), config: configFor(request, deps.config), baseUrl },
    );
    const { pact, publication } = written;
    const { consumerId, providerId, versionId, pactVersionId } = pact;
    const contentChanged = publication.change.changed;
    const pair = { consumerId, providerId };
    const { triggered } = await deps.webhooks.trigger(tx, {
      ...pair,
      versionId,
      pactVersionId,
      contentChanged,
      baseUrl,
      at,
    });
    return { ...written, hasTriggered: triggered.length > 0 };
  });
  if (written.hasTriggered) deps.webhooks.wake();
  await announce(written, { deps, at });
  const status = written.publication.outcome === 'created' ? 201 : 200;
  await show(response, { pact: written.pact, deps, status });
}

async function announce(
  { pact, publication }: WrittenPact,
  context: { readonly deps: PublishingDeps; readonly at: Date },
): Promise<void> {
  await context.deps.events.emit({
    kind: 'contractPublished',
    at: context.at,
    consumer: pact.consumer,
    consumerVersion: pact.version,
    provider: pact.provider,
    sha: publication.sha,
    branch: undefined,
    tags: await new VersionTagStore(context.deps.db).tagsOf(pact.versionId),
    contentChanged: publication.change.changed,
  });
}

function readContent(text: string, known: KnownContent): SentContent {
  const content = known.recall(text, () => readDocument(text));
  if (content !== undefined) return content;
  throw new HubError('INVALID_JSON', 'A pact is a JSON object; this body is another kind of JSON.');
}

/** Undefined for JSON that is no object. */
function readDocument(text: string): JsonObject | undefined {
  const result = parseJson(text, MAX_DEPTH);
  if (!result.ok) throw invalidJson(describeJsonDefect(result.defect));
  return isJsonObject(result.value) ? result.value : undefined;
}

async function showVersion(
  request: Request,
  response: Response,
  deps: PublishingDeps,
): Promise<void> {
  const version = parameter(request, 'version');
  const pact = await findPact(request, response, { deps, filter: { version } });
  await show(response, { pact, deps });
}

/** Results of the newest pact name the consumer version it was read for, which webhooks then tell of. */
async function showLatest(
  request: Request,
  response: Response,
  context: {
    readonly deps: PublishingDeps;
    readonly filter: PactFilter;
    readonly isListed: boolean;
  },
): Promise<void> {
  const pact = await findPact(request, response, context);
  const metadata = versionMetadata(pact.versionId);
  await show(response, { pact, deps: context.deps, metadata, isListed: context.isListed });
}

async function findPact(
  request: Request,
  response: Response,
  { deps, filter }: { readonly deps: PublishingDeps; readonly filter: PactFilter },
): Promise<PublishedPact> {
  const pacts = new PactStore(deps.db);
  const pact = await pacts.latest({ ...(await pairFilter(request, pacts)), ...filter });
  if (pact === undefined) throw documentNotFound();
  response.setHeader('X-Pact-Consumer-Version', encodeURIComponent(pact.version));
  return pact;
}

async function showPreviousDistinct(
  request: Request,
  response: Response,
  deps: PublishingDeps,
): Promise<void> {
  const pacts = new PactStore(deps.db);
  const pair = await pairFilter(request, pacts);
  const pact = await pacts.latest({ ...pair, version: parameter(request, 'version') });
  if (pact === undefined) throw documentNotFound();
  const filter = { ...pair, beforeVersionId: pact.versionId, otherThanSha: pact.sha };
  const previous = await pacts.latest(filter);
  if (previous === undefined) throw documentNotFound();
  await show(response, { pact: previous, deps });
}

async function showContent(
  request: Request,
  response: Response,
  deps: PublishingDeps,
): Promise<void> {
  const pacts = new PactStore(deps.db);
  const content = { ...(await pairFilter(request, pacts)), sha: parameter(request, 'sha') };
  const segment = request.params.metadata;
  const metadata = typeof segment === 'string' ? decodePactMetadata(segment) : undefined;
  const named =
    metadata?.consumerVersion === undefined
      ? undefined
      : await pacts.latest({ ...content, version: metadata.consumerVersion });
  // Who was given the URL may come after the version changed its pact.
  const pact =
    named ??
    (await pacts.latest(content)) ??
    (await pacts.latest({ ...content, overwritten: true }));
  if (pact === undefined) throw documentNotFound();
  const versions =
    metadata === undefined ? undefined : await pacts.versionNumbers(metadata.versionIds);
  await show(response, {
    pact,
    deps,
    ...(typeof segment === 'string' ? { metadata: segment } : {}),
    ...(versions === undefined ? {} : { consumerVersions: versions }),
  });
}

async function remove(request: Request, response: Response, deps: PublishingDeps): Promise<void> {
  const at = deps.now();
  const body = await transact(deps.db, async (tx) => {
    const pacts = new PactStore(tx);
    const filter = {
      ...(await pairFilter(request, pacts)),
      version: parameter(request, 'version'),
    };
    const removed = await pacts.remove(filter);
    if (removed.length === 0) throw documentNotFound();
    return removedBody(request, response, pacts);
  });
  await deps.events.emit({ kind: 'contractsDeleted', at });
  sendHal(response, body);
}

async function show(
  response: Response,
  shown: {
    readonly pact: PublishedPact;
    readonly deps: PublishingDeps;
    readonly status?: number;
    readonly metadata?: string;
    readonly consumerVersions?: readonly string[];
    readonly isListed?: boolean;
  },
): Promise<void> {
  const { pact, deps, status = 200, ...rest } = shown;
  const pacts = new PactStore(deps.db);
  const content = await pacts.content(pact.pactVersionId);
  const view: PactView = { pact, content, baseUrl: baseUrlOf(response), ...rest };
  const type = mediaTypeOf(response);
  if (type === 'text/html') {
    send(response, { status, type, text: pactPage(view), headers: pageHeaders });
    return;
  }
  const text =
    type === EXTENDED
      ? extendedPactBody(view, await new VersionTagStore(deps.db).headTagsOf(pact.versionId))
      : pactBody(view);
  send(response, { status, type, text });
}
