import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { concordatAttributes } from '../attribute-names.ts';
import type { Application } from './application.ts';
import { readGitHead } from './read-git-head.ts';

/** What names the service in its spans; what is absent is taken from the environment variables, then from the program. */
export interface ServiceIdentity {
  /** Equal to the pacticipant's name. Else OTEL_SERVICE_NAME, then package.json's name without its scope. */
  readonly service?: string | undefined;
  /** Equal to the pacticipant version. Else OTEL_RESOURCE_ATTRIBUTES, package.json's version, the git commit. */
  readonly version?: string | undefined;
  /** Equal to the environment's name in the hub. Else OTEL_RESOURCE_ATTRIBUTES. */
  readonly environment?: string | undefined;
}

interface Known {
  readonly service: string | undefined;
  readonly resource: Readonly<Record<string, string>>;
  readonly verifying: boolean;
  readonly application: Application;
}

export interface ServiceResource {
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** What is missing, what that costs and how to mend it. */
  readonly complaints: readonly string[];
}

/**
 * The resource of every span. The process's arguments and owner are left out: they hold secrets. Under verification the
 * environment is `test` whatever the host says, so that replayed pacts can never pass for production traffic.
 */
export function serviceResource(identity: ServiceIdentity, known: Known): ServiceResource {
  const { resource, verifying, application } = known;
  const head = readGitHead(application.folder);
  const name =
    identity.service ?? known.service ?? resource['service.name'] ?? unscoped(application);
  const version =
    identity.version ?? resource['service.version'] ?? application.package?.version ?? head?.commit;
  const environment =
    identity.environment ??
    resource['deployment.environment.name'] ??
    resource['deployment.environment'];
  return {
    attributes: defined({
      ...processAttributes(),
      'vcs.ref.head.name': head?.branch,
      'vcs.ref.head.revision': head?.commit,
      ...resource,
      'service.name': name ?? 'unknown_service:node',
      'service.version': version,
      'deployment.environment.name': verifying ? 'test' : environment,
      [concordatAttributes.verification]: verifying ? true : undefined,
    }),
    complaints: complaintsAbout({ name, version, environment: verifying ? 'test' : environment }),
  };
}

function processAttributes(): Record<string, string | number> {
  return {
    'service.instance.id': randomUUID(),
    'host.name': hostname(),
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
  };
}

function unscoped({ package: own }: Application): string | undefined {
  return own?.name.replace(/^@[^/]+\//, '');
}

function defined(
  attributes: Readonly<Record<string, string | number | boolean | undefined>>,
): Record<string, string | number | boolean> {
  const entries = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}

function complaintsAbout(found: {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly environment: string | undefined;
}): readonly string[] {
  const complaints: string[] = [];
  if (found.name === undefined) {
    complaints.push(
      `the service has no name, so the hub knows it as unknown_service:node and finds no pacts for it; pass 'service' or set OTEL_SERVICE_NAME`,
    );
  }
  if (found.version === undefined) {
    complaints.push(
      `the service has no version, so the hub cannot say which pacticipant version its calls belong to; pass 'version' or set OTEL_RESOURCE_ATTRIBUTES=service.version=…`,
    );
  }
  if (found.environment === undefined) {
    complaints.push(
      `the service names no environment, so the hub cannot compare it with what is deployed there; pass 'environment' or set OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=…`,
    );
  }
  return complaints;
}
