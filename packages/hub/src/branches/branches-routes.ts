import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import type { VersionRegistry } from '../database/version-registry.ts';
import type { Events } from '../events.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf, pathTo } from '../http/hal.ts';
import { documentNotFound, HubError } from '../http/hub-error.ts';
import { pageOf, pageParts, slicePage } from '../http/pagination.ts';
import { type RackMap, textParameter } from '../http/rack-query.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendEmpty, sendHal } from '../http/send.ts';
import { branchBody, branchesBody, branchVersionBody } from './branch-resource.ts';
import { type Branch, BranchStore, type BranchVersion } from './branch-store.ts';

export interface BranchDeps {
  readonly db: Database;
  readonly registryFor: (tx: Database) => VersionRegistry;
  readonly events: Events;
  readonly now: () => Date;
}

const BRANCHES = '/pacticipants/:pacticipant/branches';

/** Branches of a pacticipant and the versions on them. */
export function branchesRoutes(deps: BranchDeps): Router {
  const router = createRouter();
  resource(router, BRANCHES, {
    GET: (request, response) => list(request, response, deps),
    DELETE: (request, response) => removeMany(request, response, deps),
  });
  resource(router, `${BRANCHES}/:branch`, {
    GET: async (request, response) => {
      const { branch } = await find(request, new BranchStore(deps.db));
      const baseUrl = baseUrlOf(response);
      sendHal(response, branchBody(branch, parameter(request, 'pacticipant'), baseUrl));
    },
    DELETE: async (request, response) => {
      await transact(deps.db, async (tx) => {
        const store = new BranchStore(tx);
        await store.delete([(await find(request, store)).branch.id]);
      });
      await changed(request, deps);
      sendEmpty(response);
    },
  });
  resource(router, `${BRANCHES}/:branch/versions/:version`, {
    GET: async (request, response) => {
      const found = await findVersion(request, new BranchStore(deps.db));
      sendHal(response, branchVersionBody(namesOf(request), found, baseUrlOf(response)));
    },
    PUT: (request, response) => add(request, response, deps),
    DELETE: async (request, response) => {
      await transact(deps.db, async (tx) => {
        const store = new BranchStore(tx);
        await store.removeVersion(await findVersion(request, store));
      });
      await changed(request, deps);
      sendEmpty(response);
    },
  });
  return router;
}

async function list(request: Request, response: Response, deps: BranchDeps): Promise<void> {
  const query = request.query as RackMap;
  const page = pageOf(query) ?? { number: 1, size: 100 };
  const store = new BranchStore(deps.db);
  const pacticipant = parameter(request, 'pacticipant');
  const { id } = await requirePacticipant(store, pacticipant);
  const found = await store.list(id, textParameter(query, 'q'));
  const baseUrl = baseUrlOf(response);
  const url = `${baseUrl}${request.originalUrl}`;
  const { links, members } = pageParts(page, { total: found.length, url });
  sendHal(
    response,
    branchesBody({
      pacticipant,
      items: slicePage(found, page),
      baseUrl,
      selfUrl: url,
      pageLinks: links,
      pageMembers: members,
    }),
  );
}

/** Takes all branches away but the main one and those named in `exclude[]`; versions and pacts stay. */
async function removeMany(request: Request, response: Response, deps: BranchDeps): Promise<void> {
  const excluded = (request.query as RackMap).exclude;
  const kept = new Set(Array.isArray(excluded) ? excluded : []);
  const pacticipant = parameter(request, 'pacticipant');
  const { removed, remaining } = await transact(deps.db, async (tx) => {
    const store = new BranchStore(tx);
    const { id, main_branch } = await requirePacticipant(store, pacticipant);
    const branches = await store.list(id, undefined);
    const stays = (branch: Branch): boolean => branch.name === main_branch || kept.has(branch.name);
    const gone = branches.filter((branch) => !stays(branch));
    await store.delete(gone.map((branch) => branch.id));
    return {
      removed: gone.length,
      remaining: branches
        .filter(stays)
        .map(({ name }) => name)
        .reverse(),
    };
  });
  await changed(request, deps);
  const text = `Scheduled deletion of ${removed} branches for pacticipant ${pacticipant}. Remaining branches are: ${remaining.join(', ')}`;
  sendHal(response, { notices: [{ type: 'success', text }] }, 202);
}

async function add(request: Request, response: Response, deps: BranchDeps): Promise<void> {
  const names = namesOf(request);
  const at = deps.now();
  const { created, row } = await transact(deps.db, async (tx) => {
    const registry = deps.registryFor(tx);
    const pacticipant = await registry.pacticipant(names.pacticipant, at);
    const { row: version } = await registry.version(pacticipant, names.version, at);
    const { created } = await registry.addToBranch(version, names.branch, { at });
    return { created, row: await findVersion(request, new BranchStore(tx)) };
  });
  await changed(request, deps);
  const baseUrl = baseUrlOf(response);
  if (created) {
    const { pacticipant, branch, version } = names;
    const path = pathTo('pacticipants', pacticipant, 'branches', branch, 'versions', version);
    response.setHeader('Location', `${baseUrl}${path}`);
  }
  sendHal(response, branchVersionBody(names, row, baseUrl), created ? 201 : 200);
}

function namesOf(request: Request): {
  readonly pacticipant: string;
  readonly branch: string;
  readonly version: string;
} {
  return {
    pacticipant: parameter(request, 'pacticipant'),
    branch: parameter(request, 'branch'),
    version: parameter(request, 'version'),
  };
}

async function find(request: Request, store: BranchStore): Promise<{ readonly branch: Branch }> {
  const pacticipant = await store.pacticipant(parameter(request, 'pacticipant'));
  const branch =
    pacticipant === undefined
      ? undefined
      : await store.find(pacticipant.id, parameter(request, 'branch'));
  if (branch === undefined) throw documentNotFound();
  return { branch };
}

async function findVersion(request: Request, store: BranchStore): Promise<BranchVersion> {
  const { branch } = await find(request, store);
  const found = await store.findVersion(branch.id, parameter(request, 'version'));
  if (found === undefined) throw documentNotFound();
  return found;
}

async function requirePacticipant(
  store: BranchStore,
  name: string,
): Promise<{ readonly id: number; readonly main_branch: string | null }> {
  const found = await store.pacticipant(name);
  if (found === undefined) {
    throw new HubError('NOT_FOUND', `No pacticipant with name '${name}' found`);
  }
  return found;
}

/** Which pact is in force can depend on branches. */
function changed(request: Request, deps: BranchDeps): Promise<void> {
  const pacticipant = parameter(request, 'pacticipant');
  return deps.events.emit({ kind: 'versionLabelsChanged', at: deps.now(), pacticipant });
}
