import {
  type AttributeValue,
  type Resource,
  type SpanColumns,
  traceIdText,
  verificationEnvironment,
} from '@concordat/domain';
import type { ServiceSighting } from './observed.ts';

/** Which versions of services were heard of since the last `take`: of each the first and the last time. */
export class SightingTally {
  readonly #first = new Map<string, ServiceSighting>();
  readonly #last = new Map<string, ServiceSighting>();

  /** Spans of a sender come together, so that most need no look-up. */
  see(columns: SpanColumns): void {
    let last = -1;
    for (let at = 0; at < columns.length; at += 1) {
      const place = columns.resourceOf[at] as number;
      if (place === last) continue;
      last = place;
      const resource = columns.resources[place] as Resource;
      const { service, version, attributes } = resource;
      const isVerified = attributes['concordat.verification'] === true;
      const environment = isVerified ? verificationEnvironment : resource.environment;
      const revision = textOf(attributes['vcs.ref.head.revision']);
      const traceId = traceIdText(columns.ids.subarray(8 * at, 8 * at + 4));
      const atMicros = columns.startMicros[at] as number;
      this.#see({ service, version, revision, environment, traceId, atMicros });
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
    const { service, version, revision, environment, atMicros } = sighting;
    const key = JSON.stringify([service, version, revision, environment]);
    if (atMicros < (this.#first.get(key)?.atMicros ?? Number.POSITIVE_INFINITY))
      this.#first.set(key, sighting);
    if (atMicros >= (this.#last.get(key)?.atMicros ?? Number.NEGATIVE_INFINITY))
      this.#last.set(key, sighting);
  }
}

function textOf(value: AttributeValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
