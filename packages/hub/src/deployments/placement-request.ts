import type { Request } from 'express';
import { documentNotFound, HubError } from '../http/hub-error.ts';
import { parseRackQuery, type RackMap } from '../http/rack-query.ts';
import { parameter } from '../http/resource.ts';
import type { DeploymentStore, EnvironmentRow, VersionKey } from './deployment-store.ts';

/** The version and environment that the URL names; 404 when either is unknown. */
export async function placeOf(
  request: Request,
  store: DeploymentStore,
): Promise<{ readonly version: VersionKey; readonly environment: EnvironmentRow }> {
  const version = await store.version(
    parameter(request, 'pacticipant'),
    parameter(request, 'version'),
  );
  if (version === undefined) throw documentNotFound();
  return { version, environment: await environmentOf(request, store) };
}

export async function environmentOf(
  request: Request,
  store: DeploymentStore,
): Promise<EnvironmentRow> {
  const environment = await store.environment(parameter(request, 'uuid'));
  if (environment === undefined) throw documentNotFound();
  return environment;
}

/** Empty text when the body names no instance; the older name `target` is taken too. */
export function applicationInstanceOf(body: Readonly<Record<string, unknown>>): string {
  const value = body.applicationInstance ?? body.target ?? '';
  if (typeof value === 'object') {
    throw new HubError('VALIDATION_FAILED', 'The application instance must be a string.', {
      errors: { applicationInstance: ['must be a string'] },
    });
  }
  return String(value);
}

export function queryOf(request: Request): RackMap {
  return parseRackQuery(new URL(request.originalUrl, 'http://hub').search.slice(1));
}

/** The URL of the request itself, its query as it came. */
export function selfUrl(request: Request, baseUrl: string): string {
  return `${baseUrl}${request.originalUrl}`;
}

/** True for an end, undefined when the body does not say; a record cannot be un-ended. */
export function endAsked(
  body: Readonly<Record<string, unknown>>,
  property: 'currentlyDeployed' | 'currentlySupported',
): boolean {
  if (body[property] === true) {
    const text = `The ${property} property cannot be set back to true. Please record a new deployment.`;
    throw new HubError('UNPROCESSABLE', text, { errors: { [property]: [text] } });
  }
  return body[property] === false;
}
