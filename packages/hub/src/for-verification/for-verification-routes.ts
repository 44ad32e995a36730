import { readForVerificationRequest } from '@concordat/domain';
import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf } from '../http/hal.ts';
import { HubError } from '../http/hub-error.ts';
import type { RackMap } from '../http/rack-query.ts';
import { readOptionalJsonObject } from '../http/read-json-object.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendHal } from '../http/send.ts';
import { pactsResource } from './pacts-resource.ts';
import { pactsToVerify } from './pacts-to-verify.ts';
import { ProviderStore } from './provider-store.ts';
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
  return router;
}

async function answer(
  request: Request,
  response: Response,
  asked: ForVerificationDeps & {
    readonly body: object;
    readonly notices: readonly { readonly when: string; readonly text: string }[];
  },
): Promise<void> {
  const { db, settlesWhatRuns, body, notices } = asked;
  const name = parameter(request, 'provider');
  const providers = new ProviderStore(db);
  const provider = await providers.find(name);
  if (provider === undefined) {
    throw new HubError('NOT_FOUND', `No provider with name '${name}' found`);
  }
  const reading = readForVerificationRequest(body, await providers.environmentNames());
  if (!reading.ok) throw invalid(reading.defects);
  const selections = new SelectionStore(db, provider);
  const facts = { provider, providers, selections, settlesWhatRuns };
  const pacts = await pactsToVerify(reading.request, facts);
  const baseUrl = baseUrlOf(response);
  sendHal(response, pactsResource(pacts, { provider: name, baseUrl, firstNotices: notices }));
}

function invalid(errors: Readonly<Record<string, readonly string[]>>): HubError {
  return new HubError('VALIDATION_FAILED', 'The pacts to verify cannot be selected like this.', {
    errors,
  });
}
