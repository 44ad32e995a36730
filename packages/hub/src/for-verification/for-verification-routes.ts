import { type ForVerificationRequest, readForVerificationRequest } from '@concordat/domain';
import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf } from '../http/hal.ts';
import { HubError } from '../http/hub-error.ts';
import type { RackMap } from '../http/rack-query.ts';
import { readOptionalJsonObject } from '../http/read-json-object.ts';
import { parameter, resource } from '../http/resource.ts';
import { HAL_JSON, sendHal, sendJson } from '../http/send.ts';
import { explainSelectors } from './explain-selectors.ts';
import { explainWorkInProgress } from './explain-work-in-progress.ts';
import { explanationResource } from './explanation-resource.ts';
import { LabelStore } from './label-store.ts';
import { pactsResource } from './pacts-resource.ts';
import { type PactsToVerify, pactsToVerify } from './pacts-to-verify.ts';
import { type ProviderFacts, ProviderStore } from './provider-store.ts';
import { bodyFromQuery, queryDefects } from './query-request.ts';
import { SelectionStore } from './selection-store.ts';

const DEPRECATED = {
  when: 'before_verification',
  text: 'The GET form of this resource is a deprecated beta; use POST, which knows all selectors.',
};

export interface ForVerificationDeps {
  readonly db: Database;
  /** Whether what is deployed or released is never pending. */
  readonly settlesWhatRuns: boolean;
}

/** `/pacts/provider/{provider}/for-verification`: what a verifier asks first. */
export function forVerificationRoutes(deps: ForVerificationDeps): Router {
  const router = createRouter();
  resource(router, '/pacts/provider/:provider/for-verification', {
    GET: async (request, response) => {
      const query = request.query as unknown as RackMap;
      const defects = queryDefects(query);
      if (defects !== undefined) throw invalid(defects);
      await answer(request, response, {
        ...deps,
        body: bodyFromQuery(query),
        notices: [DEPRECATED],
      });
    },
    POST: async (request, response) => {
      const body = await readOptionalJsonObject(request);
      await answer(request, response, { ...deps, body, notices: [] });
    },
  });
  resource(router, '/pacts/provider/:provider/for-verification/explanation', {
    POST: (request, response) => explain(request, response, deps),
    provides: ['application/json', HAL_JSON],
  });
  return router;
}

interface Asked {
  readonly name: string;
  readonly body: object;
}

async function answer(
  request: Request,
  response: Response,
  asked: ForVerificationDeps & {
    readonly body: object;
    readonly notices: readonly { readonly when: string; readonly text: string }[];
  },
): Promise<void> {
  const name = parameter(request, 'provider');
  const { pacts } = await select({ name, body: asked.body }, asked);
  const context = { provider: name, baseUrl: baseUrlOf(response), firstNotices: asked.notices };
  sendHal(response, pactsResource(pacts, context));
}

/** Why these pacts and no others; the same question as for the pacts themselves. */
async function explain(
  request: Request,
  response: Response,
  deps: ForVerificationDeps,
): Promise<void> {
  const name = parameter(request, 'provider');
  const body = await readOptionalJsonObject(request);
  const { asked, provider, selections, pacts } = await select({ name, body }, deps);
  const { consumers } = provider;
  const labels = new LabelStore(
    deps.db,
    consumers.map(({ id }) => id),
  );
  const scope = { provider: name, consumers, selections, labels };
  const explanation = explanationResource({
    provider: name,
    baseUrl: baseUrlOf(response),
    selectors: await explainSelectors(asked, scope),
    answer: pacts,
    work: await explainWorkInProgress(asked, { provider: name, selections, answer: pacts }),
  });
  sendJson(response, explanation);
}

async function select(
  { name, body }: Asked,
  { db, settlesWhatRuns }: ForVerificationDeps,
): Promise<{
  readonly asked: ForVerificationRequest;
  readonly provider: ProviderFacts;
  readonly selections: SelectionStore;
  readonly pacts: PactsToVerify;
}> {
  const providers = new ProviderStore(db);
  const provider = await providers.find(name);
  if (provider === undefined) {
    throw new HubError('NOT_FOUND', `No provider with name '${name}' found`);
  }
  const reading = readForVerificationRequest(body, providers.environmentNames());
  if (!reading.ok) throw invalid(reading.defects);
  const selections = new SelectionStore(db, provider);
  const facts = { provider, providers, selections, settlesWhatRuns };
  const pacts = await pactsToVerify(reading.request, facts);
  return { asked: reading.request, provider, selections, pacts };
}

function invalid(errors: Readonly<Record<string, readonly string[]>>): HubError {
  return new HubError('VALIDATION_FAILED', 'The pacts to verify cannot be selected like this.', {
    errors,
  });
}
