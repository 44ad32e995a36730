import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf } from '../http/hal.ts';
import { documentNotFound } from '../http/hub-error.ts';
import { parameter, resource } from '../http/resource.ts';
import { send } from '../http/send.ts';
import { type ComparedPact, ComparedPactStore } from './compared-pact-store.ts';
import { diffText, noPreviousText } from './diff-text.ts';

const PAIR = '/pacts/provider/:provider/consumer/:consumer';
const TEXT = 'text/plain';

export interface DiffDeps {
  readonly db: Database;
  readonly now: () => Date;
}

type Side = (request: Request, store: ComparedPactStore) => Promise<ComparedPact | undefined>;

const byVersion =
  (name: string): Side =>
  (request, store) =>
    store.ofVersion(pairOf(request), parameter(request, name));
const byContent =
  (name: string): Side =>
  (request, store) =>
    store.ofContent(pairOf(request), parameter(request, name));

/** What changed between two pacts of a pair: both named by version or by content, or with the last one that was different. */
export function diffRoutes(deps: DiffDeps): Router {
  const router = createRouter();
  const store = new ComparedPactStore(deps.db);
  resource(router, `${PAIR}/version/:version/diff/previous-distinct`, {
    provides: [TEXT],
    GET: async (request, response) => {
      const pact = await required(byVersion('version')(request, store));
      const other = await store.previousDistinct(pact);
      if (other === undefined)
        send(response, { status: 200, type: TEXT, text: noPreviousText(pact) });
      else show(request, response, { pact, other, now: deps.now() });
    },
  });
  const pairs: Readonly<Record<string, readonly [Side, Side]>> = {
    '/version/:version/diff/version/:other': [byVersion('version'), byVersion('other')],
    '/pact-version/:sha/diff/pact-version/:other': [byContent('sha'), byContent('other')],
  };
  for (const [path, [one, another]] of Object.entries(pairs)) {
    resource(router, `${PAIR}${path}`, {
      provides: [TEXT],
      GET: async (request, response) => {
        const pact = await required(one(request, store));
        const other = await required(another(request, store));
        show(request, response, { pact, other, now: deps.now() });
      },
    });
  }
  return router;
}

function pairOf(request: Request): { readonly consumer: string; readonly provider: string } {
  return { consumer: parameter(request, 'consumer'), provider: parameter(request, 'provider') };
}

async function required(found: Promise<ComparedPact | undefined>): Promise<ComparedPact> {
  const pact = await found;
  if (pact === undefined) throw documentNotFound();
  return pact;
}

function show(
  request: Request,
  response: Response,
  compared: { readonly pact: ComparedPact; readonly other: ComparedPact; readonly now: Date },
): void {
  const isRaw = 'raw' in request.query;
  const text = diffText({ ...compared, baseUrl: baseUrlOf(response), isRaw });
  send(response, { status: 200, type: TEXT, text });
}
