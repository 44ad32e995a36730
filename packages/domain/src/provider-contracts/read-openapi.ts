import type { OpenDocument } from './open-document.ts';
import { checkParameters, type DeclaredParameter, readParameters } from './openapi-parameters.ts';
import { basePathsOf } from './openapi-servers.ts';
import { operationIds } from './operation-ids.ts';
import { httpOperationKey } from './operation-key.ts';
import { child, isMapping, members, type NamedPlace, type Place } from './place.ts';
import type { HttpOperation } from './provider-contract.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

/** Reads every route of an OpenAPI 3 document; what is wrong with one is reported and the others are still read. */
export function readOpenApi(document: OpenDocument, version: string): readonly HttpOperation[] {
  const { root } = document;
  document.mapping(child(root, 'components'), '"components"');
  document.list(child(root, 'servers'), '"servers"');
  document.list(child(root, 'tags'), '"tags"');
  const paths = child(root, 'paths');
  checkPresence(document, paths, version);
  if (document.mapping(paths, '"paths"') === undefined) return [];
  checkTemplates(document, paths);
  const ids = operationIds(document);
  return members(paths).flatMap((item) =>
    readPath(document, item).map((route) => readRoute(document, route, { ids, version })),
  );
}

function checkPresence(document: OpenDocument, paths: Place, version: string): void {
  if (paths.value !== undefined) return;
  if (version.startsWith('3.0.')) {
    document.report(paths, '"paths" is missing; add it, as "paths: {}" when there are no routes.');
    return;
  }
  const others = ['components', 'webhooks'].map((key) => child(document.root, key).value);
  if (others.every((value) => value === undefined)) {
    document.report(paths, 'None of "paths", "components" and "webhooks" is there; add "paths".');
  }
}

function checkTemplates(document: OpenDocument, paths: Place): void {
  const first = new Map<string, string>();
  for (const place of members(paths)) {
    if (!place.key.startsWith('/')) {
      document.report(place, `Path "${place.key}" must begin with "/"; write "/${place.key}".`);
    }
    const shape = place.key.replaceAll(/\{[^}]*\}/g, '{}');
    const same = first.get(shape);
    if (same === undefined) first.set(shape, place.key);
    else {
      document.report(place, `Path "${place.key}" is the same route as "${same}"; merge the two.`);
    }
  }
}

interface Route {
  readonly path: string;
  /** The path item itself, without references. */
  readonly item: Place;
  readonly method: NamedPlace;
  readonly shared: readonly DeclaredParameter[];
}

function readPath(document: OpenDocument, place: NamedPlace): readonly Route[] {
  const item = document.follow(place);
  if (item === undefined) return [];
  if (!isMapping(item.value)) {
    document.report(item, `Path "${place.key}" must be a mapping of methods to operations.`);
    return [];
  }
  const shared = readParameters(document, child(item, 'parameters'));
  const methods = members(item).filter(({ key }) => METHODS.includes(key));
  checkParameters(document, { path: place.key, declared: shared });
  return methods.map((method) => ({ path: place.key, item, method, shared }));
}

interface RouteContext {
  readonly ids: (place: Place) => string | undefined;
  readonly version: string;
}

function readRoute(document: OpenDocument, route: Route, context: RouteContext): HttpOperation {
  const { method, path, item, shared } = route;
  const key = httpOperationKey(method.key, path);
  const basePaths = basePathsOf([document.root, item, method]);
  const operation: HttpOperation = {
    kind: 'http',
    key,
    method: method.key.toUpperCase(),
    path,
    ...(basePaths.length === 0 ? {} : { basePaths }),
    operationId: context.ids(child(method, 'operationId')),
    statuses: readStatuses(document, { method, key, version: context.version }),
  };
  if (!isMapping(method.value)) {
    document.report(method, `Operation "${key}" must be a mapping.`);
    return operation;
  }
  const declared = readParameters(document, child(method, 'parameters'));
  checkParameters(document, { path, declared, operation: { place: method, key, shared } });
  checkRequestBody(document, child(method, 'requestBody'), key);
  return operation;
}

interface Responses {
  readonly method: Place;
  readonly key: string;
  readonly version: string;
}

function readStatuses(
  document: OpenDocument,
  { method, key, version }: Responses,
): readonly string[] {
  if (!isMapping(method.value)) return [];
  const responses = child(method, 'responses');
  const listed = members(responses);
  if (responses.value === undefined && version.startsWith('3.0.')) {
    document.report(method, `Operation "${key}" has no "responses"; add at least one.`);
  }
  if (document.mapping(responses, `"responses" of "${key}"`) === undefined) return [];
  if (listed.length === 0) {
    document.report(responses, `"responses" of "${key}" is empty; add at least one.`);
  }
  for (const response of listed) checkResponse(document, response, key);
  return listed.map((response) => response.key);
}

function checkResponse(document: OpenDocument, response: NamedPlace, key: string): void {
  if (!/^(?:default|[1-5](?:\d\d|XX))$/.test(response.key)) {
    const advice = 'use a status such as 201, a range such as 4XX, or default';
    document.report(response, `"${response.key}" of "${key}" is no response; ${advice}.`);
  }
  const target = document.follow(response);
  if (target !== undefined && !isMapping(target.value)) {
    document.report(target, `Response ${response.key} of "${key}" must be a mapping.`);
  }
}

function checkRequestBody(document: OpenDocument, place: Place, key: string): void {
  const body = document.follow(place);
  if (body === undefined || document.mapping(body, `"requestBody" of "${key}"`) === undefined)
    return;
  const content = child(body, 'content');
  if (content.value === undefined) {
    document.report(body, `"requestBody" of "${key}" has no "content"; add its media types.`);
  }
  document.mapping(content, `"content" of the request body of "${key}"`);
}
