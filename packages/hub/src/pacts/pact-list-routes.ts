import type { Request, Response, Router } from 'express';
import { transact } from '../database/transact.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf } from '../http/hal.ts';
import { HubError } from '../http/hub-error.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendEmpty, sendHal } from '../http/send.ts';
import type { PublishingDeps } from './contracts-routes.ts';
import { latestPactsBody, pactVersionsBody, providerPactsBody } from './pact-list-resource.ts';
import { removedBody } from './pact-routes.ts';
import { type PactFilter, PactStore, type PublishedPact } from './pact-store.ts';

const PROVIDER = '/pacts/provider/:provider';
const PAIR = `${PROVIDER}/consumer/:consumer`;

type FilterOf = (request: Request) => PactFilter;
type Pick = 'all' | 'latest' | 'heads';

interface List {
  readonly path: string;
  readonly filter: FilterOf;
  readonly pick: Pick;
  readonly title: (request: Request) => string;
}

const byTag: FilterOf = (request) => ({ tag: parameter(request, 'tag') });
const byBranch: FilterOf = (request) => ({ branch: parameter(request, 'branch') });
const byMainBranch: FilterOf = () => ({ mainBranch: true });
const all = (request: Request): string =>
  `All pact versions for the provider ${parameter(request, 'provider')}`;
const latest = (request: Request): string =>
  `Latest pact versions for the provider ${parameter(request, 'provider')}`;

/** The lists of one provider's pacts; of `latest` by branch only heads count. */
const providerLists: readonly List[] = [
  { path: '', filter: () => ({}), pick: 'all', title: all },
  { path: '/latest', filter: () => ({}), pick: 'latest', title: latest },
  {
    path: '/latest/:tag',
    filter: byTag,
    pick: 'latest',
    title: (request) => `${latest(request)} with tag '${parameter(request, 'tag')}'`,
  },
  {
    path: '/tag/:tag',
    filter: byTag,
    pick: 'all',
    title: (request) => `${all(request)} with consumer version tag '${parameter(request, 'tag')}'`,
  },
  { path: '/branch', filter: byMainBranch, pick: 'all', title: all },
  { path: '/branch/latest', filter: byMainBranch, pick: 'heads', title: latest },
  {
    path: '/branch/:branch',
    filter: byBranch,
    pick: 'all',
    title: (request) =>
      `${all(request)} with consumer version branch '${parameter(request, 'branch')}'`,
  },
  {
    path: '/branch/:branch/latest',
    filter: byBranch,
    pick: 'heads',
    title: (request) =>
      `${latest(request)} with consumer version branch '${parameter(request, 'branch')}'`,
  },
];

/** The lists of one pair's pacts. */
const pairLists: readonly (Omit<List, 'title'> & { readonly deletes: 'all' | 'some' | 'none' })[] =
  [
    { path: '/versions', filter: () => ({}), pick: 'all', deletes: 'all' },
    { path: '/tag/:tag', filter: byTag, pick: 'all', deletes: 'some' },
    { path: '/branch', filter: byMainBranch, pick: 'all', deletes: 'none' },
    { path: '/branch/versions', filter: byMainBranch, pick: 'all', deletes: 'none' },
    { path: '/branch/latest', filter: byMainBranch, pick: 'heads', deletes: 'none' },
    { path: '/branch/latest/versions', filter: byMainBranch, pick: 'heads', deletes: 'none' },
    { path: '/branch/:branch', filter: byBranch, pick: 'all', deletes: 'some' },
    { path: '/branch/:branch/latest/versions', filter: byBranch, pick: 'heads', deletes: 'none' },
  ];

/** Lists of pacts: of everything, of a provider, of a pair. */
export function pactListRoutes(deps: PublishingDeps): Router {
  const router = createRouter();
  resource(router, '/pacts/latest', {
    GET: async (_request, response) => {
      const pacts = await new PactStore(deps.db).latestOfEachPair({});
      sendHal(response, latestPactsBody(pacts, baseUrlOf(response)));
    },
  });
  for (const list of pairLists) {
    resource(router, `${PAIR}${list.path}`, {
      GET: (request, response) => showPair(request, response, { deps, list }),
      ...(list.deletes === 'none'
        ? {}
        : { DELETE: (request, response) => removePair(request, response, { deps, list }) }),
    });
  }
  for (const list of providerLists) {
    resource(router, `${PROVIDER}${list.path}`, {
      GET: (request, response) => showProvider(request, response, { deps, list }),
    });
  }
  return router;
}

async function showProvider(
  request: Request,
  response: Response,
  { deps, list }: { readonly deps: PublishingDeps; readonly list: List },
): Promise<void> {
  const store = new PactStore(deps.db);
  const provider = parameter(request, 'provider');
  const providerId = await requirePacticipant(store, provider, 'provider');
  const pacts = await find(store, list.pick, { providerId, ...list.filter(request) });
  const title = list.title(request);
  sendHal(
    response,
    providerPactsBody({ provider, pacts, title, path: request.path, baseUrl: baseUrlOf(response) }),
  );
}

async function showPair(
  request: Request,
  response: Response,
  { deps, list }: { readonly deps: PublishingDeps; readonly list: Omit<List, 'title'> },
): Promise<void> {
  const store = new PactStore(deps.db);
  const filter = { ...(await requirePair(request, store)), ...list.filter(request) };
  const pacts = [...(await find(store, list.pick, filter))].reverse();
  sendHal(
    response,
    pactVersionsBody({
      consumer: parameter(request, 'consumer'),
      provider: parameter(request, 'provider'),
      pacts,
      path: request.path,
      baseUrl: baseUrlOf(response),
      withPactLinks: list.path.startsWith('/branch') && !list.path.endsWith('/versions'),
    }),
  );
}

async function removePair(
  request: Request,
  response: Response,
  {
    deps,
    list,
  }: {
    readonly deps: PublishingDeps;
    readonly list: Omit<List, 'title'> & { readonly deletes: string };
  },
): Promise<void> {
  const body = await transact(deps.db, async (tx) => {
    const store = new PactStore(tx);
    const filter = { ...(await requirePair(request, store)), ...list.filter(request) };
    if (filter.branch !== undefined) await requireBranch(store, filter.consumerId, filter.branch);
    await store.remove(filter);
    return list.deletes === 'all' ? undefined : removedBody(request, response, store);
  });
  await deps.events.emit({ kind: 'contractsDeleted', at: deps.now() });
  if (body === undefined) sendEmpty(response);
  else sendHal(response, body);
}

function find(store: PactStore, pick: Pick, filter: PactFilter): Promise<readonly PublishedPact[]> {
  switch (pick) {
    case 'all':
      return store.listByConsumer(filter);
    case 'latest':
      return store.latestOfEachPair(filter);
    case 'heads':
      return store.headsOfBranch(filter);
  }
}

async function requirePair(
  request: Request,
  store: PactStore,
): Promise<{ readonly consumerId: number; readonly providerId: number }> {
  const providerId = await requirePacticipant(store, parameter(request, 'provider'), 'provider');
  const consumerId = await requirePacticipant(store, parameter(request, 'consumer'), 'consumer');
  return { consumerId, providerId };
}

/** Taking away the pacts of a branch that was misspelt must not look done. */
async function requireBranch(store: PactStore, consumerId: number, name: string): Promise<void> {
  if (await store.hasBranch(consumerId, name)) return;
  throw new HubError('NOT_FOUND', `No branch with name '${name}' found`);
}

async function requirePacticipant(store: PactStore, name: string, role: string): Promise<number> {
  const id = await store.pacticipantId(name);
  if (id === undefined) throw new HubError('NOT_FOUND', `No ${role} with name '${name}' found`);
  return id;
}
