import { sql } from 'kysely';
import type { Database } from '../database/database.ts';

/** Sightings of one flush. */
export interface VersionSighting {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  readonly sightings: number;
  /** Microseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly exemplarTraceId: string;
}

/** A version that was seen running. */
export interface SeenVersion {
  readonly version: string;
  readonly environment: string;
  /** It was ever recorded for that environment. */
  readonly isRecorded: boolean;
  readonly exemplarTraceId: string;
}

export interface RecordedVersion {
  readonly pacticipant: string;
  readonly version: string;
  readonly environment: string;
}

/** Which versions were seen running where. */
export class VersionStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async addSightings(sightings: readonly VersionSighting[]): Promise<void> {
    for (const sighting of sightings) {
      const { service, version, environment } = sighting;
      await this.#db
        .insertInto('running_versions')
        .values({
          ...{ service, version, environment, sightings: sighting.sightings, recorded: 0 },
          first_seen: sighting.firstSeen,
          last_seen: sighting.lastSeen,
          exemplar_trace_id: sighting.exemplarTraceId,
        })
        .onConflict((conflict) =>
          conflict.columns(['service', 'version', 'environment']).doUpdateSet({
            sightings: sql<number>`running_versions.sightings + excluded.sightings`,
            first_seen: sql<number>`case when excluded.first_seen < running_versions.first_seen then excluded.first_seen else running_versions.first_seen end`,
            last_seen: sql<number>`case when excluded.last_seen > running_versions.last_seen then excluded.last_seen else running_versions.last_seen end`,
            exemplar_trace_id: sql<string>`excluded.exemplar_trace_id`,
          }),
        )
        .execute();
    }
  }

  /** They are known to have been recorded, so that nobody has to ask again. */
  async markRecorded(versions: readonly RecordedVersion[]): Promise<void> {
    for (const { pacticipant, version, environment } of versions) {
      await this.#db
        .updateTable('running_versions')
        .set({ recorded: 1 })
        .where('service', '=', pacticipant)
        .where('version', '=', version)
        .where('environment', '=', environment)
        .execute();
    }
  }

  /** Versions of a service that were seen from this time (microseconds) on, the latest first. */
  async seenSince(service: string, since: number): Promise<readonly SeenVersion[]> {
    const rows = await this.#db
      .selectFrom('running_versions')
      .select(['version', 'environment', 'recorded', 'exemplar_trace_id'])
      .where('service', '=', service)
      .where('last_seen', '>=', since)
      .orderBy('last_seen', 'desc')
      .orderBy('version')
      .execute();
    return rows.map((row) => ({
      version: row.version,
      environment: row.environment,
      isRecorded: row.recorded === 1,
      exemplarTraceId: row.exemplar_trace_id,
    }));
  }

  /** Seen running and not marked as recorded, the latest first. */
  async unrecorded(): Promise<readonly VersionSighting[]> {
    const rows = await this.#db
      .selectFrom('running_versions')
      .selectAll()
      .where('recorded', '=', 0)
      .orderBy('last_seen', 'desc')
      .orderBy('version')
      .execute();
    return rows.map((row) => ({
      service: row.service,
      version: row.version,
      environment: row.environment,
      sightings: row.sightings,
      firstSeen: row.first_seen,
      lastSeen: row.last_seen,
      exemplarTraceId: row.exemplar_trace_id,
    }));
  }
}
