import type { CleanOverview } from '@concordat/api';
import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { createRouter } from '../http/app.ts';
import { noteNoChange } from '../http/change-note.ts';
import { baseUrlOf } from '../http/hal.ts';
import { HubError } from '../http/hub-error.ts';
import { pageParts } from '../http/pagination.ts';
import { readOptionalJsonObject } from '../http/read-json-object.ts';
import { knownParameters, pageParameters } from '../http/read-parameters.ts';
import { parameter, resource } from '../http/resource.ts';
import { HAL_JSON, send, sendJson } from '../http/send.ts';
import type { CleanConfig } from './clean-config.ts';
import { type BranchName, readCleanBody } from './clean-request.ts';
import { policyResource, runResource } from './clean-resource.ts';
import { CleanRunStore } from './clean-run-store.ts';
import type { CleanSchedule } from './clean-schedule.ts';
import type { Cleaner } from './cleaner.ts';
import { NamedVersionStore } from './named-version-store.ts';

export interface CleanDeps {
  readonly db: Database;
  readonly cleaner: Cleaner;
  readonly schedule: CleanSchedule;
  readonly config: CleanConfig;
  /** Who asks, as the run remembers it. */
  readonly nameOfActor: (request: Request) => string;
}

const provides = ['application/json', HAL_JSON];

/** `/clean`: what the hub would remove, removing it, and what was removed. */
export function cleanRoutes(deps: CleanDeps): Router {
  const router = createRouter();
  resource(router, '/clean', {
    provides,
    consumes: { POST: ['*'] },
    GET: (request, response) => overview(request, response, deps),
    POST: (request, response) => clean(request, response, deps),
  });
  resource(router, '/clean/runs', {
    provides,
    GET: (request, response) => list(request, response, deps),
  });
  resource(router, '/clean/runs/:run', {
    provides,
    GET: async (request, response) => {
      knownParameters(request, []);
      const uuid = parameter(request, 'run');
      const run = await new CleanRunStore(deps.db).find(uuid);
      if (run === undefined) {
        throw new HubError('NOT_FOUND', `There is no run of the clean-up with the id '${uuid}'.`);
      }
      sendJson(response, runResource(run, baseUrlOf(response)));
    },
  });
  return router;
}

function overview(request: Request, response: Response, deps: CleanDeps): void {
  knownParameters(request, []);
  const { config, schedule } = deps;
  const body: CleanOverview = {
    enabled: config.enabled,
    schedule: config.cron,
    next: schedule.next?.toISOString() ?? null,
    policy: policyResource(config.policy),
  };
  const baseUrl = baseUrlOf(response);
  const _links = { self: { href: `${baseUrl}/clean` }, runs: { href: `${baseUrl}/clean/runs` } };
  sendJson(response, { ...body, _links });
}

/** A preview is the answer itself; a run goes on after the answer, which says where to look for it. */
async function clean(request: Request, response: Response, deps: CleanDeps): Promise<void> {
  knownParameters(request, []);
  const body = readCleanBody(await readOptionalJsonObject(request), deps.config.policy);
  const onlyBranches = body.branches && (await branchIds(body.branches, deps.db));
  const asked = { policy: body.policy, onlyBranches };
  if (body.dryRun) {
    noteNoChange(response);
    sendJson(response, await deps.cleaner.preview(asked, { explain: body.explain }));
    return;
  }
  const startedBy = deps.nameOfActor(request);
  const run = await deps.cleaner.start({ ...asked, startedBy });
  if (run === undefined) {
    throw new HubError('CONFLICT', 'A clean-up is under way; wait until it is done.');
  }
  const resourceOfRun = runResource(run, baseUrlOf(response));
  send(response, {
    status: 202,
    type: 'application/json',
    text: JSON.stringify(resourceOfRun),
    headers: { Location: `${baseUrlOf(response)}/clean/runs/${run.uuid}` },
  });
}

async function branchIds(
  branches: readonly BranchName[],
  db: Database,
): Promise<ReadonlySet<number>> {
  const store = new NamedVersionStore(db);
  const ids = new Set<number>();
  const unknown: string[] = [];
  for (const { pacticipant, branch } of branches) {
    const id = await store.branchId(pacticipant, branch);
    if (id === undefined) unknown.push(`'${branch}' of '${pacticipant}'`);
    else ids.add(id);
  }
  if (unknown.length > 0) {
    throw new HubError('NOT_FOUND', `There is no branch ${unknown.join(', ')}.`);
  }
  return ids;
}

async function list(request: Request, response: Response, deps: CleanDeps): Promise<void> {
  knownParameters(request, ['page', 'size']);
  const page = pageParameters(request);
  const store = new CleanRunStore(deps.db);
  const baseUrl = baseUrlOf(response);
  const url = `${baseUrl}/clean/runs`;
  const { links, members } = pageParts(page, { total: await store.count(), url });
  const runs = (await store.list(page)).map((run) => runResource(run, baseUrl));
  sendJson(response, { runs, ...members, _links: { self: { href: url }, ...links } });
}
