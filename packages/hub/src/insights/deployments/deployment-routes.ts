import type { DeploymentsAnswer } from '@concordat/api';
import { RUNNING_MICROS, similarNames } from '@concordat/domain';
import type { Request, Response, Router } from 'express';
import type { Database } from '../../database/database.ts';
import { createRouter } from '../../http/app.ts';
import { noteChange, noteNoChange } from '../../http/change-note.ts';
import { HubError } from '../../http/hub-error.ts';
import { readBodyOf } from '../../http/read-body-of.ts';
import { knownParameters, pageParameters, textParameter } from '../../http/read-parameters.ts';
import { resource } from '../../http/resource.ts';
import { sendJson } from '../../http/send.ts';
import type { PromiseBook } from '../promise-book.ts';
import { DeploymentFactsStore } from './deployment-facts-store.ts';
import { deploymentResource } from './deployment-resource.ts';
import type { Deployments, PacticipantTruth } from './deployments.ts';
import {
  type DetailedTruth,
  type RecordDeployment,
  recordRunning,
  refuseUnknownEnvironment,
} from './record-running.ts';

export interface DeploymentRoutesDeps {
  readonly db: Database;
  readonly deployments: Deployments;
  /** With everything that was recorded before. */
  readonly book: () => Promise<PromiseBook>;
  readonly recordDeployment: RecordDeployment;
  readonly now: () => Date;
}

const provides = ['application/json'];

/** `/insights/deployments`: what runs against what was recorded, and recording what runs. */
export function deploymentRoutes(deps: DeploymentRoutesDeps): Router {
  const router = createRouter();
  resource(router, '/insights/deployments', {
    provides,
    GET: (request, response) => list(deps, request, response),
  });
  resource(router, '/insights/deployments/record', {
    provides,
    POST: (request, response) => record(deps, request, response),
  });
  return router;
}

async function list(
  deps: DeploymentRoutesDeps,
  request: Request,
  response: Response,
): Promise<void> {
  knownParameters(request, ['environment', 'pacticipant', 'page', 'size']);
  const { number, size } = pageParameters(request);
  const filter = {
    environment: textParameter(request, 'environment'),
    pacticipant: textParameter(request, 'pacticipant'),
  };
  const truths = await deps.deployments.truth(await deps.book(), filter);
  const page = truths.slice((number - 1) * size, number * size);
  const body: DeploymentsAnswer = {
    window: RUNNING_MICROS / 1e6,
    deployments: (await detailed(deps, page)).map(({ truth, details }) =>
      deploymentResource(truth, details),
    ),
    page: {
      ...{ number, size, totalElements: truths.length },
      totalPages: Math.ceil(truths.length / size),
    },
  };
  sendJson(response, body);
}

async function record(
  deps: DeploymentRoutesDeps,
  request: Request,
  response: Response,
): Promise<void> {
  const { recordRunningSchema } = await import('@concordat/api');
  const asked = await readBodyOf(
    request,
    recordRunningSchema,
    'An environment is needed whose running versions are to be recorded.',
  );
  const { environment, pacticipant } = asked;
  const book = await deps.book();
  refuseUnknownEnvironment(environment, await new DeploymentFactsStore(deps.db).environments());
  if (pacticipant !== undefined) refuseUnknownPacticipant(pacticipant, book);
  const truths = await deps.deployments.truth(book, { environment, pacticipant });
  const answer = await recordRunning(await detailed(deps, truths), asked, deps);
  if (answer.dryRun || answer.recorded.length === 0) noteNoChange(response);
  else {
    noteChange(response, {
      pacticipants: answer.recorded.map((one) => one.pacticipant),
      names: {
        environment,
        versions: answer.recorded.map((one) => `${one.pacticipant} ${one.version}`).join(', '),
      },
    });
  }
  sendJson(response, answer);
}

function refuseUnknownPacticipant(name: string, book: PromiseBook): void {
  if (book.isPacticipant(name)) return;
  const similar = similarNames(name, [...book.pacticipants]);
  const hint = similar.length === 0 ? '' : ` Did you mean ${similar.join(' or ')}?`;
  throw new HubError('NOT_FOUND', `There is no pacticipant "${name}".${hint}`);
}

/** Counts and contracts are read once for all of an environment. */
async function detailed(
  { db, now }: DeploymentRoutesDeps,
  truths: readonly PacticipantTruth[],
): Promise<readonly DetailedTruth[]> {
  const facts = new DeploymentFactsStore(db);
  const environments = await facts.environments();
  const since = Math.floor((now().getTime() * 1000 - RUNNING_MICROS) / 60_000_000);
  const known = await facts.known(
    truths.flatMap(({ pacticipant, versions }) =>
      versions.map(({ version }) => ({ pacticipant, version })),
    ),
  );
  const found: DetailedTruth[] = [];
  for (const environment of new Set(truths.map((truth) => truth.environment))) {
    const here = truths.filter((truth) => truth.environment === environment);
    const [only] = here.length === 1 ? here : [];
    const calls = await facts.calls(since, { environment, ...only });
    for (const truth of here) {
      const isOf = (one: { readonly pacticipant: string }): boolean =>
        one.pacticipant === truth.pacticipant;
      found.push({
        truth,
        details: {
          environments,
          hasContracts: new Map(
            known.filter(isOf).map(({ version, hasContracts }) => [version, hasContracts]),
          ),
          calls: new Map(calls.filter(isOf).map((one) => [one.version, one])),
        },
      });
    }
  }
  return found;
}
