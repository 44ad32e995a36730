import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import type { VersionRegistry } from '../database/version-registry.ts';
import type { Events } from '../events.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf, type Links } from '../http/hal.ts';
import { documentNotFound, HubError } from '../http/hub-error.ts';
import { type Page, pageOf, pageParts } from '../http/pagination.ts';
import type { RackMap } from '../http/rack-query.ts';
import { readOptionalJsonObject } from '../http/read-json-object.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendEmpty, sendHal } from '../http/send.ts';
import { versionBody, versionsBody } from './version-resource.ts';
import {
  type Version,
  type VersionDetails,
  type VersionFilter,
  VersionStore,
} from './version-store.ts';
import { readVersionChanges, writeVersion } from './write-version.ts';

export interface VersionDeps {
  readonly db: Database;
  readonly registryFor: (tx: Database) => VersionRegistry;
  /**
   * `pb:deployed-environments`, `pb:released-environments`, `pb:record-deployment` and `pb:record-release`: lists, one entry
   * an environment, read by name.
   */
  readonly environmentLinks: (
    version: { readonly pacticipant: string; readonly version: Version },
    baseUrl: string,
  ) => Promise<Links>;
  /** `pb:deployed-environments` alone. */
  readonly deployedLinks: (versionId: number, baseUrl: string) => Promise<Links>;
  readonly events: Events;
  readonly now: () => Date;
}

const PACTICIPANT = '/pacticipants/:pacticipant';
const FIRST_PAGE: Page = { number: 1, size: 100 };

/** Versions of a pacticipant: all, by tag, by branch, the latest, one. */
export function versionsRoutes(deps: VersionDeps): Router {
  const router = createRouter();
  resource(router, `${PACTICIPANT}/versions`, {
    GET: (request, response) => list(request, response, { deps, filter: {} }),
  });
  resource(router, `${PACTICIPANT}/tags/:tag/versions`, {
    GET: (request, response) =>
      list(request, response, {
        deps,
        filter: { tag: parameter(request, 'tag') },
        mustExist: true,
      }),
  });
  resource(router, `${PACTICIPANT}/branches/:branch/versions`, {
    GET: (request, response) =>
      list(request, response, {
        deps,
        filter: { branch: parameter(request, 'branch') },
        mustExist: true,
        firstPage: FIRST_PAGE,
      }),
  });
  resource(router, `${PACTICIPANT}/environments/:uuid/versions`, {
    GET: async (request, response) => {
      const environment = parameter(request, 'uuid');
      const environmentName = await new VersionStore(deps.db).environmentName(environment);
      if (environmentName === undefined) throw documentNotFound();
      await list(request, response, { deps, filter: { environment }, environmentName });
    },
  });
  resource(router, `${PACTICIPANT}/latest-version`, {
    GET: (request, response) =>
      showFound(request, response, { deps, find: (store, id) => store.latest(id, {}) }),
  });
  resource(router, `${PACTICIPANT}/latest-version/:tag`, {
    GET: (request, response) =>
      showFound(request, response, {
        deps,
        find: (store, id) => store.latest(id, { tag: parameter(request, 'tag') }),
      }),
  });
  resource(router, `${PACTICIPANT}/branches/:branch/latest-version`, {
    GET: (request, response) =>
      showFound(request, response, {
        deps,
        find: (store, id) => store.branchHead(id, parameter(request, 'branch')),
      }),
  });
  resource(router, `${PACTICIPANT}/versions/:version`, {
    consumes: { PATCH: ['application/merge-patch+json'] },
    GET: (request, response) =>
      showFound(request, response, {
        deps,
        find: (store, id) => store.find(id, parameter(request, 'version')),
      }),
    PUT: (request, response) => write(request, response, { deps, replace: true }),
    PATCH: (request, response) => write(request, response, { deps, replace: false }),
    DELETE: (request, response) => remove(request, response, deps),
  });
  return router;
}

async function list(
  request: Request,
  response: Response,
  context: {
    readonly deps: VersionDeps;
    readonly filter: VersionFilter;
    readonly mustExist?: boolean;
    readonly firstPage?: Page;
    /** Of the list of one environment, which says where its versions run. */
    readonly environmentName?: string;
  },
): Promise<void> {
  const { deps, filter, environmentName } = context;
  const page = pageOf(request.query as RackMap) ?? context.firstPage;
  const store = new VersionStore(deps.db);
  const pacticipant = parameter(request, 'pacticipant');
  const id = await store.pacticipantId(pacticipant);
  if (id === undefined) {
    throw new HubError('NOT_FOUND', `No pacticipant with name '${pacticipant}' found`);
  }
  const total = await store.count(id, filter);
  if (context.mustExist === true && total === 0) throw documentNotFound();
  const baseUrl = baseUrlOf(response);
  const selfUrl = `${baseUrl}${request.originalUrl}`;
  const { links, members } = pageParts(page, { total, url: selfUrl });
  const items = await store.list(id, filter, page);
  const deployments = new Map<number, Links>();
  if (environmentName !== undefined) {
    for (const { version } of items) {
      deployments.set(version.id, await deps.deployedLinks(version.id, baseUrl));
    }
  }
  const title =
    environmentName === undefined
      ? `All application versions of ${pacticipant}`
      : `Versions for ${pacticipant} in environment ${environmentName}`;
  sendHal(
    response,
    versionsBody({
      ...{ pacticipant, items, baseUrl, selfUrl, title, deployments },
      pageLinks: links,
      pageMembers: members,
    }),
  );
}

async function showFound(
  request: Request,
  response: Response,
  context: {
    readonly deps: VersionDeps;
    readonly find: (store: VersionStore, id: number) => Promise<VersionDetails | undefined>;
  },
): Promise<void> {
  const store = new VersionStore(context.deps.db);
  const id = await store.pacticipantId(parameter(request, 'pacticipant'));
  const details = id === undefined ? undefined : await context.find(store, id);
  if (details === undefined) throw documentNotFound();
  await show(request, response, { deps: context.deps, details });
}

async function write(
  request: Request,
  response: Response,
  { deps, replace }: { readonly deps: VersionDeps; readonly replace: boolean },
): Promise<void> {
  const changes = readVersionChanges(await readOptionalJsonObject(request));
  const { details, created } = await transact(deps.db, (tx) =>
    writeVersion(
      {
        pacticipant: parameter(request, 'pacticipant'),
        number: parameter(request, 'version'),
        changes,
        replace,
        at: deps.now(),
      },
      { registry: deps.registryFor(tx), versions: new VersionStore(tx) },
    ),
  );
  await show(request, response, { deps, details, status: created ? 201 : 200 });
}

async function remove(request: Request, response: Response, deps: VersionDeps): Promise<void> {
  await transact(deps.db, async (tx) => {
    const store = new VersionStore(tx);
    const id = await store.pacticipantId(parameter(request, 'pacticipant'));
    const found =
      id === undefined ? undefined : await store.find(id, parameter(request, 'version'));
    if (found === undefined) throw documentNotFound();
    await store.delete(found.version);
  });
  await deps.events.emit({ kind: 'contractsDeleted', at: deps.now() });
  sendEmpty(response);
}

async function show(
  request: Request,
  response: Response,
  shown: { readonly deps: VersionDeps; readonly details: VersionDetails; readonly status?: number },
): Promise<void> {
  const { deps, details, status = 200 } = shown;
  const pacticipant = parameter(request, 'pacticipant');
  const baseUrl = baseUrlOf(response);
  const { version } = details;
  const environmentLinks = await deps.environmentLinks({ pacticipant, version }, baseUrl);
  const selfUrl = `${baseUrl}${request.path}`;
  sendHal(
    response,
    versionBody({ pacticipant, details, baseUrl, selfUrl, environmentLinks }),
    status,
  );
}
