import type { VersionSighting } from './version-store.ts';

/** A resource that sent spans. */
export interface SeenService {
  readonly service: string;
  readonly version: string | undefined;
  /** The commit it was built from, where spans tell it. */
  readonly revision?: string | undefined;
  readonly environment: string | undefined;
  readonly traceId: string;
  readonly atMicros: number;
}

/** Versions seen running since the last flush; a service that names no version or environment tells nothing. */
export class VersionTally {
  readonly #seen = new Map<string, VersionSighting>();

  see({ service, version, environment, revision = '', traceId, atMicros }: SeenService): void {
    if (version === undefined || environment === undefined || environment === '') {
      return;
    }
    const key = `${service}\n${version}\n${environment}`;
    const known = this.#seen.get(key);
    this.#seen.set(key, {
      service,
      version,
      environment,
      revision: revision || (known?.revision ?? ''),
      sightings: (known?.sightings ?? 0) + 1,
      firstSeen: Math.min(known?.firstSeen ?? atMicros, atMicros),
      lastSeen: Math.max(known?.lastSeen ?? atMicros, atMicros),
      exemplarTraceId: traceId,
    });
  }

  sightings(): readonly VersionSighting[] {
    return [...this.#seen.values()];
  }
}
