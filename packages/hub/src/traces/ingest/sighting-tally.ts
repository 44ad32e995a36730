import type { Resource } from '@concordat/domain';
import type { ReceivedSpan } from '../decode/received-span.ts';
import type { ServiceSighting } from './observed.ts';

/** Which versions of services were heard of since the last `take`: of each the first and the last time. */
export class SightingTally {
  readonly #first = new Map<string, ServiceSighting>();
  readonly #last = new Map<string, ServiceSighting>();

  /** All spans of a sender share their resource, so that most need no look-up. */
  see(spans: readonly ReceivedSpan[]): void {
    let last: Resource | undefined;
    for (const { resource, traceId, startMicros: atMicros } of spans) {
      if (resource === last) continue;
      last = resource;
      const { service, version, environment } = resource;
      this.#see({ service, version, environment, traceId, atMicros });
    }
  }

  take(): readonly ServiceSighting[] {
    if (this.#first.size === 0) return [];
    const sightings = new Set([...this.#first.values(), ...this.#last.values()]);
    this.#first.clear();
    this.#last.clear();
    return [...sightings];
  }

  #see(sighting: ServiceSighting): void {
    const { service, version, environment, atMicros } = sighting;
    const key = JSON.stringify([service, version, environment]);
    if (atMicros < (this.#first.get(key)?.atMicros ?? Number.POSITIVE_INFINITY))
      this.#first.set(key, sighting);
    if (atMicros >= (this.#last.get(key)?.atMicros ?? Number.NEGATIVE_INFINITY))
      this.#last.set(key, sighting);
  }
}
