import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { concordatAttributes } from './attribute-names.ts';

/** What names the service in its spans: the pacticipant, its version and the environment it runs in. */
export interface ServiceIdentity {
  /** Equal to the pacticipant's name. */
  readonly serviceName: string;
  /** Equal to the pacticipant version: what was published to the hub, usually a commit. */
  readonly serviceVersion: string;
  /** Equal to the environment's name in the hub. */
  readonly environment: string;
}

/**
 * The resource of every span. Under verification the environment is `test` whatever the host says, so that replayed
 * pacts can never pass for production traffic.
 */
export function serviceResource(identity: ServiceIdentity, verifying: boolean): Resource {
  return resourceFromAttributes({
    'service.name': identity.serviceName,
    'service.version': identity.serviceVersion,
    'deployment.environment.name': verifying ? 'test' : identity.environment,
    ...(verifying ? { [concordatAttributes.verification]: true } : {}),
  });
}
