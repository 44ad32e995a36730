import { sql } from 'kysely';
import type { Database } from '../database/database.ts';

/** Sightings of one flush, under the names that spans give. */
export interface VersionSighting {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  /** The commit it was built from; empty where spans do not tell. */
  readonly revision: string;
  readonly sightings: number;
  /** Microseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly exemplarTraceId: string;
}

/** A version that was seen running, as it was sent. */
export interface SentSighting extends VersionSighting {
  /** The broker knows it by the very names that were sent. */
  readonly isExact: boolean;
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
      const { service, version, environment, revision } = sighting;
      await this.#db
        .insertInto('running_versions')
        .values({
          ...{ service, version, environment, revision },
          ...{ sightings: sighting.sightings, recorded: 0 },
          first_seen: sighting.firstSeen,
          last_seen: sighting.lastSeen,
          exemplar_trace_id: sighting.exemplarTraceId,
        })
        .onConflict((conflict) =>
          conflict.columns(['service', 'version', 'environment']).doUpdateSet({
            revision: sql<string>`case when excluded.revision = '' then running_versions.revision else excluded.revision end`,
            sightings: sql<number>`running_versions.sightings + excluded.sightings`,
            first_seen: sql<number>`case when excluded.first_seen < running_versions.first_seen then excluded.first_seen else running_versions.first_seen end`,
            last_seen: sql<number>`case when excluded.last_seen > running_versions.last_seen then excluded.last_seen else running_versions.last_seen end`,
            exemplar_trace_id: sql<string>`excluded.exemplar_trace_id`,
          }),
        )
        .execute();
    }
  }

  /** Seen from this time (microseconds) on, the latest first. */
  async seenSince(
    since: number,
    filter: { readonly environment?: string | undefined } = {},
  ): Promise<readonly SentSighting[]> {
    let query = this.#db
      .selectFrom('running_versions as r')
      .leftJoin('pacticipants as p', 'p.name', 'r.service')
      .leftJoin('versions as v', (join) =>
        join.onRef('v.pacticipant_id', '=', 'p.id').onRef('v.number', '=', 'r.version'),
      )
      .selectAll('r')
      .select('v.id as versionId')
      .where('r.last_seen', '>=', since);
    if (filter.environment !== undefined) {
      query = query.where('r.environment', '=', filter.environment);
    }
    const rows = await query.orderBy('r.last_seen', 'desc').orderBy('r.version').execute();
    return rows.map((row) => ({
      ...{ service: row.service, version: row.version, environment: row.environment },
      revision: row.revision,
      sightings: Number(row.sightings),
      firstSeen: Number(row.first_seen),
      lastSeen: Number(row.last_seen),
      exemplarTraceId: row.exemplar_trace_id,
      isExact: row.versionId !== null,
    }));
  }
}
