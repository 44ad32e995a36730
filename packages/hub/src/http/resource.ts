import type { Request, RequestHandler, Response, Router } from 'express';
import { HubError } from './hub-error.ts';
import type { RouteTable } from './route-table.ts';
import { HAL_JSON, sendEmpty } from './send.ts';

export type Verb = 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
export type Handler = (request: Request, response: Response) => Promise<void> | void;

/** What a URL of the broker answers to. */
export interface Resource extends Partial<Readonly<Record<Verb, Handler>>> {
  /** Media types it can answer with, the preferred first; HAL JSON when not given; none where Accept is not looked at. */
  readonly provides?: readonly string[];
  /** Media types a body may have, by verb; `application/json` when not given. `*` takes any, or none. */
  readonly consumes?: Partial<Readonly<Record<Verb, readonly string[]>>>;
}

/** What routers were told by `resource`, for the table that stands in for them. */
const resources = new WeakMap<
  object,
  { readonly paths: readonly string[]; readonly handle: Handle }[]
>();

type Handle = (request: Request, response: Response) => Promise<void>;

const verbs: readonly Verb[] = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'];

/**
 * One URL with all its methods, under webmachine's rules: OPTIONS names the methods, a method it lacks is 405 with
 * `Allow` (HEAD too, unless it is named), a body of another type 415, an Accept it cannot serve 406: plain `application/json` is no HAL JSON.
 */
export function resource(
  router: Router,
  path: string | readonly string[],
  definition: Resource,
): void {
  // In the order they were written down: so the broker names them, and tests compare.
  const allowed = Object.keys(definition).filter(isVerb);
  const methods = [...allowed, 'OPTIONS'].join(', ');
  const handle: Handle = async (request, response) => {
    if (request.method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Methods', methods);
      sendEmpty(response, 200);
      return;
    }
    const verb = allowed.find((candidate) => candidate === request.method);
    const handler = verb === undefined ? undefined : definition[verb];
    if (verb === undefined || handler === undefined) throw methodNotAllowed(request, methods);
    if (!consumes(request, definition.consumes?.[verb] ?? defaultConsumes(verb))) {
      throw unsupportedMediaType(request);
    }
    response.locals.mediaType = negotiate(request, definition.provides ?? [HAL_JSON]);
    await handler(request, response);
  };
  const paths = typeof path === 'string' ? [path] : [...path];
  router.all(paths, handle);
  resources.set(router, [...(resources.get(router) ?? []), { paths, handle }]);
}

/** Adds what the router answers to the table; false when it knows more than resources, and has to be asked itself. */
export function addToTable(table: RouteTable, router: RequestHandler): boolean {
  const known = resources.get(router) ?? [];
  const layers = 'stack' in router && Array.isArray(router.stack) ? router.stack.length : 0;
  if (known.length === 0 || known.length !== layers) return false;
  for (const { paths, handle } of known) {
    const [name = ''] = paths;
    for (const path of paths) table.add({ path, handle }, name);
  }
  return true;
}

function isVerb(key: string): key is Verb {
  return verbs.some((verb) => verb === key);
}

/** The media type that `resource` agreed on with the client. */
export function mediaTypeOf(response: Response): string {
  return String(response.locals.mediaType);
}

/** A path parameter, decoded. */
export function parameter(request: Request, name: string): string {
  return String(request.params[name] ?? '');
}

function defaultConsumes(verb: Verb): readonly string[] {
  return verb === 'GET' || verb === 'HEAD' || verb === 'DELETE' ? ['*'] : ['application/json'];
}

function consumes(request: Request, types: readonly string[]): boolean {
  if (types.includes('*')) return true;
  const sent = (request.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return types.includes(sent) || (types.includes('application/json') && isOtherJson(sent));
}

/** Any type that says JSON is read as JSON, except the one that changes what PATCH means. */
function isOtherJson(type: string): boolean {
  return type.includes('json') && type !== 'application/merge-patch+json';
}

/** The first type we offer that the client takes: the broker's order of preference, not the client's. */
function negotiate(request: Request, provides: readonly string[]): string {
  const [preferred] = provides;
  if (preferred === undefined) return '';
  const accept = request.get('accept');
  if (provides.includes('text/html') && isBrowser(accept)) return 'text/html';
  if (accept === undefined || accept === '' || accept.includes('*/*')) return preferred;
  const accepted = accept
    .split(',')
    .map((part) => part.split(';', 1)[0]?.trim().toLowerCase() ?? '');
  const exact = provides.find((type) => accepted.includes(type));
  if (exact !== undefined) return exact;
  const group = provides.find((type) => accepted.includes(`${type.split('/', 1)[0]}/*`));
  if (group !== undefined) return group;
  throw new HubError('NOT_ACCEPTABLE', `This resource answers ${provides.join(' or ')} only.`, {
    body: { type: '', text: '' },
  });
}

/** Names HTML and none of the types that programs ask for; browsers add a wildcard. */
function isBrowser(accept = ''): boolean {
  return accept.includes('text/html') && !/json|text\/plain|text\/csv|yaml/.test(accept);
}

function methodNotAllowed(request: Request, methods: string): HubError {
  return new HubError(
    'METHOD_NOT_ALLOWED',
    `${request.method} is not allowed here; use ${methods}.`,
    {
      headers: { allow: methods },
      body: { type: '', text: '' },
    },
  );
}

function unsupportedMediaType(request: Request): HubError {
  const type = request.get('content-type') ?? 'none';
  return new HubError(
    'UNSUPPORTED_MEDIA_TYPE',
    `The content type '${type}' is not accepted here.`,
    {
      body: { type: HAL_JSON, text: '' },
    },
  );
}
