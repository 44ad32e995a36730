import type { Routes } from '@concordat/api';
import { collectorConfiguration, collectorRoutes } from '@concordat/conformance';
import type { Request, Response, Router } from 'express';
import { createRouter } from '../../http/app.ts';
import { HubError } from '../../http/hub-error.ts';
import { knownParameters, oneOfParameter, textParameter } from '../../http/read-parameters.ts';
import { resource } from '../../http/resource.ts';
import { send, sendJson } from '../../http/send.ts';
import type { PromiseBook } from '../promise-book.ts';

const FORMATS = ['json', 'otel-collector'] as const;

/** `/insights/routes`: what contracts call the routes of a provider, also as the configuration of a collector. */
export function routeRoutes(book: () => Promise<PromiseBook>): Router {
  const router = createRouter();
  resource(router, '/insights/routes', {
    provides: ['application/json', 'application/yaml'],
    GET: async (request, response) => sendRoutes(await book(), request, response),
  });
  return router;
}

function sendRoutes(book: PromiseBook, request: Request, response: Response): void {
  knownParameters(request, ['provider', 'format']);
  const format = oneOfParameter(request, 'format', FORMATS) ?? 'json';
  const provider = textParameter(request, 'provider');
  if (provider === undefined) {
    throw new HubError(
      'INVALID_PARAMETER',
      'provider is missing; name the service whose routes are asked for.',
    );
  }
  const routes = collectorRoutes(book.resolver(provider).routes());
  if (routes.length === 0) {
    throw new HubError(
      'NOT_FOUND',
      `No contract names a route of "${provider}"; publish a pact or an OpenAPI document.`,
    );
  }
  if (format === 'otel-collector') {
    const text = collectorConfiguration(provider, routes);
    send(response, { status: 200, type: 'application/yaml', text });
    return;
  }
  const body: Routes = {
    provider,
    routes: routes.map(({ method, route, isGuessed, tests }) => ({
      ...{ method, route, guessed: isGuessed, exported: tests !== undefined },
    })),
  };
  sendJson(response, body);
}
