import { verificationEnvironment } from '../identity/test-traffic.ts';
import type { Peer } from './call.ts';
import type { Resource } from './span.ts';

/** What pairing keeps of a resource; one object for each, so that halves share it. */
export interface Sender {
  readonly peer: Peer;
  /** Of a service that is being verified it is none that anybody deploys to, wherever it runs. */
  readonly environment: string | undefined;
}

/** The same sender for the same resource object; forgotten with the resource. */
export class Senders {
  readonly #known = new WeakMap<Resource, Sender>();

  of(resource: Resource): Sender {
    const known = this.#known.get(resource);
    if (known !== undefined) return known;
    const { service, version, environment, attributes } = resource;
    const sender = {
      peer: { service, version, virtual: false },
      environment:
        attributes['concordat.verification'] === true ? verificationEnvironment : environment,
    };
    this.#known.set(resource, sender);
    return sender;
  }
}
