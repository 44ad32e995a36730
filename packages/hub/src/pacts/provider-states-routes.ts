import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { createRouter } from '../http/app.ts';
import { HubError } from '../http/hub-error.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendHal } from '../http/send.ts';
import { PactStore } from './pact-store.ts';
import { ProviderStateStore, type StatePick } from './provider-state-store.ts';
import { providerStates } from './provider-states.ts';

const STATES = '/pacts/provider/:provider/provider-states';

/** The provider states that pacts name: of main branches, of one branch, of what runs in an environment. */
export function providerStatesRoutes({ db }: { readonly db: Database }): Router {
  const router = createRouter();
  const picks: Readonly<Record<string, (request: Request) => Omit<StatePick, 'providerId'>>> = {
    [STATES]: () => ({}),
    [`${STATES}/branch/:branch`]: (request) => ({ branch: parameter(request, 'branch') }),
    [`${STATES}/environment/:environment`]: (request) => ({
      environment: parameter(request, 'environment'),
    }),
  };
  const show = async (
    response: Response,
    provider: string,
    pick: Omit<StatePick, 'providerId'>,
  ): Promise<void> => {
    const providerId = await new PactStore(db).pacticipantId(provider);
    if (providerId === undefined) {
      throw new HubError('NOT_FOUND', `No provider with name '${provider}' found`);
    }
    const pacts = await new ProviderStateStore(db).pacts({ providerId, ...pick });
    sendHal(response, { providerStates: providerStates(pacts) });
  };
  for (const [path, pickOf] of Object.entries(picks)) {
    resource(router, path, {
      GET: (request, response) => show(response, parameter(request, 'provider'), pickOf(request)),
    });
  }
  return router;
}
