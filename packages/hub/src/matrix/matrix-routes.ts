import type { Response, Router } from 'express';
import { contractState } from '../database/contract-state.ts';
import type { Database } from '../database/database.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf } from '../http/hal.ts';
import { documentNotFound, HubError } from '../http/hub-error.ts';
import type { RackMap } from '../http/rack-query.ts';
import { mediaTypeOf, parameter, resource } from '../http/resource.ts';
import { HAL_JSON, send } from '../http/send.ts';
import { answerQuestion, type MatrixAnswer } from './answer-question.ts';
import { askedEvidence, asksForMore, type EvidenceDeps } from './asked-evidence.ts';
import { askedReasons, type ReasonsDeps } from './asked-reasons.ts';
import { readCanIDeploy } from './can-i-deploy-question.ts';
import { KeptAnswers } from './kept-answers.ts';
import { matrixJson } from './matrix-json.ts';
import { matrixText } from './matrix-text.ts';
import { ignoredOf, type MatrixQuestion, readMatrixQuestion } from './read-question.ts';
import { type EnvironmentRow, VersionDetailsStore } from './version-details-store.ts';
import { VersionStore } from './version-store.ts';

const TYPES = [HAL_JSON, 'text/plain'];

export interface MatrixDeps extends ReasonsDeps, EvidenceDeps {
  /** How much memory answers may take that are kept until something changes, in bytes. */
  readonly keptBytes: number;
  /** How an environment is shown beside a version. */
  readonly environmentSummary: (row: EnvironmentRow, baseUrl: string) => object;
}

/** `/matrix`, `/can-i-deploy` and the short forms of the same question. */
export function matrixRoutes(given: MatrixDeps): Router {
  const router = createRouter();
  const { db } = given;
  const kept = new KeptAnswers({ state: () => contractState(db), bytes: given.keptBytes });
  const deps = { ...given, kept };
  resource(router, '/matrix', {
    GET: async (request, response) => {
      const question = readMatrixQuestion(request.query as unknown as RackMap);
      await show(response, () => answerQuestion(question, db), deps);
    },
    provides: TYPES,
  });
  resource(router, '/matrix/provider/:provider/consumer/:consumer', {
    GET: async (request, response) => {
      const question = readMatrixQuestion(request.query as unknown as RackMap);
      const names = {
        consumer: parameter(request, 'consumer'),
        provider: parameter(request, 'provider'),
      };
      await mustExist(names, db);
      const selectors = [{ pacticipant: names.consumer }, { pacticipant: names.provider }];
      const pair = { ...question, selectors, latestBy: question.latestBy ?? 'cvpv' };
      await show(response, () => answerQuestion(pair, db), deps);
    },
    provides: TYPES,
  });
  resource(router, '/can-i-deploy', {
    GET: async (request, response) => {
      const decide = async (): Promise<MatrixAnswer> => {
        const versions = new VersionStore(db);
        const question = await readCanIDeploy(request.query as unknown as RackMap, versions);
        return answerQuestion(question, db, { showsAllRows: true, versions });
      };
      await show(response, decide, deps);
    },
    provides: TYPES,
  });
  addShortForms(router, deps);
  return router;
}

type KeepingDeps = MatrixDeps & { readonly kept: KeptAnswers };

function addShortForms(router: Router, deps: KeepingDeps): void {
  const BRANCH = '/pacticipants/:pacticipant/branches/:branch/latest-version';
  resource(router, `${BRANCH}/can-i-deploy/to-environment/:environment`, {
    GET: async (request, response) => {
      const environment = parameter(request, 'environment');
      const selector = {
        pacticipant: parameter(request, 'pacticipant'),
        branch: parameter(request, 'branch'),
        latest: true,
      };
      const asked = { destination: { environment }, latestBy: 'cvpv' };
      await showShortForm(response, { deps, selector, asked, query: request.query });
    },
    provides: TYPES,
  });
  resource(router, '/pacticipants/:pacticipant/latest-version/:tag/can-i-deploy/to/:to', {
    GET: async (request, response) => {
      const selector = {
        pacticipant: parameter(request, 'pacticipant'),
        tag: parameter(request, 'tag'),
        latest: true,
      };
      const destination = { tag: parameter(request, 'to'), latest: true };
      const asked = { destination, latestBy: 'cvp' };
      await showShortForm(response, { deps, selector, asked, query: request.query });
    },
    provides: TYPES,
  });
}

/** What the URL names must exist: 404, not a question that makes no sense. */
async function showShortForm(
  response: Response,
  form: {
    readonly deps: KeepingDeps;
    readonly selector: MatrixQuestion['selectors'][number] & { readonly pacticipant: string };
    readonly asked: Pick<MatrixQuestion, 'destination' | 'latestBy'>;
    readonly query: unknown;
  },
): Promise<void> {
  const { deps, selector, asked, query } = form;
  const decide = async (): Promise<MatrixAnswer> => {
    const versions = new VersionStore(deps.db);
    const [pacticipant] = await versions.pacticipants([selector.pacticipant]);
    if (pacticipant === undefined) throw documentNotFound();
    const picked = await versions.resolve(selector, pacticipant);
    const { environment } = asked.destination;
    const isThere =
      environment === undefined ||
      (await versions.environmentNames([environment])).has(environment);
    if (picked === 'any' || picked.length === 0 || !isThere) throw documentNotFound();
    const question: MatrixQuestion = {
      ...asked,
      selectors: [selector],
      ignored: ignoredOf(query as RackMap),
      limit: undefined,
      success: undefined,
    };
    return answerQuestion(question, deps.db, { showsAllRows: true, versions });
  };
  await show(response, decide, deps);
}

/** What is told beside the broker's answer rests on the time and on traffic, so it is never kept. */
async function show(
  response: Response,
  decide: () => Promise<MatrixAnswer>,
  deps: KeepingDeps,
): Promise<void> {
  const type = mediaTypeOf(response);
  const { originalUrl, query } = response.req;
  const draw = async (): Promise<string> => textOf(response, await decide(), deps);
  const text = asksForMore(query)
    ? await draw()
    : await deps.kept.get(`${type} ${baseUrlOf(response)} ${originalUrl}`, draw);
  send(response, { status: 200, type, text });
}

async function textOf(response: Response, answer: MatrixAnswer, deps: MatrixDeps): Promise<string> {
  if (mediaTypeOf(response) === 'text/plain') return matrixText(answer);
  const ids = new Set(
    answer.rows.flatMap(({ consumerVersion, providerVersion }) =>
      providerVersion === undefined
        ? [consumerVersion.id]
        : [consumerVersion.id, providerVersion.id],
    ),
  );
  const details = await new VersionDetailsStore(deps.db).of([...ids]);
  const { environmentSummary } = deps;
  const baseUrl = baseUrlOf(response);
  const text = matrixJson({ answer, details, baseUrl, environmentSummary });
  const reasons = await askedReasons(response, { ...deps, answer });
  const evidence = await askedEvidence(response, { ...deps, answer });
  const more = `${reasons === undefined ? '' : `,"reasons":${reasons}`}${evidence}`;
  return more === '' ? text : `${text.slice(0, -1)}${more}}`;
}

async function mustExist(
  names: { readonly consumer: string; readonly provider: string },
  db: Database,
): Promise<void> {
  const known = await new VersionStore(db).pacticipants([names.consumer, names.provider]);
  for (const role of ['provider', 'consumer'] as const) {
    if (!known.some(({ name }) => name === names[role])) {
      throw new HubError('NOT_FOUND', `No ${role} with name '${names[role]}' found`);
    }
  }
}
