import { randomUUID } from 'node:crypto';
import express, { type Express, type RequestHandler, type Router } from 'express';
import type { Log } from '../log.ts';
import { chooseBaseUrl } from './hal.ts';
import { documentNotFound, HubError } from './hub-error.ts';
import { problemHandler } from './problem-handler.ts';
import { parseRackQuery } from './rack-query.ts';
import { addToTable } from './resource.ts';
import { RouteTable } from './route-table.ts';
import { PROBLEM_JSON } from './send.ts';
import { suffixRules } from './suffix-rules.ts';
import { unencodedSlashes } from './unencoded-slashes.ts';

/** The version of the Pact Broker whose API this is; old tools look at it before they use a route. */
const BROKER_API_VERSION = '2.120.0';

export interface AppParts {
  /** Refuses with a HubError what the credentials do not allow. */
  readonly guard: RequestHandler;
  /** The first that knows a path answers. */
  readonly routers: readonly MountedRouter[];
  readonly baseUrls: readonly string[];
  /** Changes names in URLs to what they stand for, where the hub is told to. */
  readonly foldNames?: RequestHandler | undefined;
  readonly log: Log;
}

/** A router, or what every request passes. */
export interface MountedRouter {
  readonly routes: RequestHandler;
  /** What the first parts of its paths are; it is asked about no others. Any when not given. */
  readonly under?: readonly string[] | undefined;
}

/** The main HTTP application: ids and common headers, path rules, credentials, the features' routers, problems. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  // express asks with null when the URL has no query.
  app.set('query parser', (query: string | null) => parseRackQuery(query ?? ''));
  app.use(commonHeaders(parts.baseUrls));
  app.use(pathRules);
  app.use(parts.guard);
  app.use(suffixRules);
  const { handlers, tables } = handlersOf(parts.routers);
  const folding = parts.foldNames === undefined ? [] : [parts.foldNames];
  for (const handler of [...folding, ...handlers]) app.use(handler);
  app.use(unencodedSlashes);
  for (const handler of [...folding, ...tables]) app.use(handler);
  app.use(() => {
    throw documentNotFound();
  });
  app.use(problemHandler(parts.log));
  return app;
}

/** Routers of resources that follow each other become one table; `tables` are those among the handlers. */
function handlersOf(routers: readonly MountedRouter[]): {
  readonly handlers: readonly RequestHandler[];
  readonly tables: readonly RequestHandler[];
} {
  const handlers: RequestHandler[] = [];
  const tables: RequestHandler[] = [];
  let table: RouteTable | undefined;
  for (const { routes, under } of routers) {
    const next = table ?? new RouteTable();
    if (addToTable(next, routes)) {
      if (table === undefined) {
        handlers.push(next.handler);
        tables.push(next.handler);
      }
      table = next;
    } else {
      handlers.push(under === undefined ? routes : onlyUnder(under, routes));
      table = undefined;
    }
  }
  return { handlers, tables };
}

function onlyUnder(parts: readonly string[], routes: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (parts.includes(request.path.split('/', 2)[1] ?? '')) routes(request, response, next);
    else next();
  };
}

/** A router whose paths are compared as the broker does: case counts. */
export function createRouter(): Router {
  return express.Router({ caseSensitive: true });
}

function commonHeaders(baseUrls: readonly string[]): RequestHandler {
  return (request, response, next) => {
    response.setHeader('x-request-id', request.get('x-request-id')?.slice(0, 100) ?? randomUUID());
    response.setHeader('x-pact-broker-version', BROKER_API_VERSION);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cache-control', 'no-cache');
    response.setHeader('vary', 'Accept');
    response.locals.baseUrl = chooseBaseUrl(request, baseUrls);
    next();
  };
}

const pathRules: RequestHandler = (request, _response, next) => {
  if (request.path.includes('//')) throw emptyPathComponent();
  const decoded = decodePath(request.path);
  if (decoded.includes('\t')) throw invalidPath('URL path cannot contain a tab character.');
  if (/[\n\r\0]/.test(decoded)) throw invalidPath('URL path cannot contain a new line character.');
  next();
};

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    throw badEncoding(error);
  }
}

function invalidPath(detail: string): HubError {
  const type = '/problem/invalid-request-parameter-value';
  const text = JSON.stringify({ title: 'Unprocessable', type, detail, status: 422 });
  return new HubError('INVALID_PATH', detail, { body: { type: PROBLEM_JSON, text } });
}

function emptyPathComponent(): HubError {
  const detail = 'Empty path component found';
  return new HubError('EMPTY_PATH_COMPONENT', detail, { body: notFoundBody(detail) });
}

function badEncoding(cause: unknown): HubError {
  const detail = 'The URL path is not valid percent-encoding.';
  return new HubError('NOT_FOUND', detail, { body: notFoundBody(detail), cause });
}

function notFoundBody(detail: string): { readonly type: string; readonly text: string } {
  const problem = { title: 'Not Found', type: '/problem/not-found', detail, status: 404 };
  return { type: PROBLEM_JSON, text: JSON.stringify(problem) };
}
