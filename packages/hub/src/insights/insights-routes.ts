import type { Edges } from '@concordat/api';
import type { Request, Response, Router } from 'express';
import { createRouter } from '../http/app.ts';
import { HubError } from '../http/hub-error.ts';
import {
  knownParameters,
  type PageRequest,
  pageParameters,
  textParameter,
  timeParameter,
} from '../http/read-parameters.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendJson } from '../http/send.ts';
import type { CallFilter } from './call-count-store.ts';
import type { Insights } from './insights.ts';

/** `/insights/*`: what is promised, observed and deployed, and where these disagree. */
export function insightsRoutes(insights: Insights): Router {
  const router = createRouter();
  const provides = ['application/json'];
  resource(router, '/insights/summary', {
    provides,
    GET: async (request, response) => {
      knownParameters(request, []);
      sendJson(response, await insights.summary());
    },
  });
  resource(router, '/insights/edges', {
    provides,
    GET: (request, response) => listEdges(insights, request, response),
  });
  resource(router, '/insights/edges/:consumer/:provider', {
    provides,
    GET: (request, response) => readEdge(insights, request, response),
  });
  return router;
}

async function listEdges(insights: Insights, request: Request, response: Response): Promise<void> {
  knownParameters(request, ['environment', 'since', 'until', 'page', 'size']);
  const page = pageParameters(request);
  const edges = await insights.edges(filterOf(request));
  const body: Edges = { edges: [...slice(edges, page)], page: pageOf(edges.length, page) };
  sendJson(response, body);
}

async function readEdge(insights: Insights, request: Request, response: Response): Promise<void> {
  knownParameters(request, ['environment', 'since', 'until']);
  const consumer = parameter(request, 'consumer');
  const provider = parameter(request, 'provider');
  const edge = await insights.edge(consumer, provider, filterOf(request));
  if (edge === undefined) {
    throw new HubError(
      'NOT_FOUND',
      `No pact and no call is known between consumer "${consumer}" and provider "${provider}".`,
    );
  }
  sendJson(response, edge);
}

function filterOf(request: Request): CallFilter {
  return {
    environment: textParameter(request, 'environment'),
    since: minuteOf(timeParameter(request, 'since')),
    until: minuteOf(timeParameter(request, 'until')),
  };
}

/** The databases' whole numbers end a little after the last of them. */
function minuteOf(time: Date | undefined): number | undefined {
  if (time === undefined) return undefined;
  return Math.min(2_000_000_000, Math.max(1, Math.floor(time.getTime() / 60_000)));
}

function slice<T>(items: readonly T[], page: PageRequest): readonly T[] {
  return items.slice((page.number - 1) * page.size, page.number * page.size);
}

function pageOf(total: number, page: PageRequest): Edges['page'] {
  return {
    number: page.number,
    size: page.size,
    totalElements: total,
    totalPages: Math.ceil(total / page.size),
  };
}
