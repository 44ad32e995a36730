import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Database } from '../database/database.ts';
import type { EnvironmentsTable } from '../database/tables/decision-tables.ts';

export type EnvironmentRow = Selectable<EnvironmentsTable>;

/** A version that runs or ran in an environment. */
export interface DeployedVersion {
  readonly uuid: string;
  readonly pacticipant: string;
  readonly version: string;
  readonly environmentId: number;
  readonly application_instance: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly undeployed_at: string | null;
}

/** A version and where it is to be recorded. */
export interface Placement {
  readonly versionId: number;
  readonly pacticipantId: number;
  readonly environmentId: number;
}

export interface VersionKey {
  readonly versionId: number;
  readonly pacticipantId: number;
}

/** A record of a version in an environment, as links show it. */
export interface PlacedRecord {
  readonly uuid: string;
  readonly displayName: string;
  readonly applicationInstance: string;
  /** Runs there, or is supported there. */
  readonly isCurrent: boolean;
}

/** Reads and writes what runs where; one current version for an environment, pacticipant and application instance. */
export class DeploymentStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  environment(uuid: string): Promise<EnvironmentRow | undefined> {
    return this.#db
      .selectFrom('environments')
      .selectAll()
      .where('uuid', '=', uuid)
      .executeTakeFirst();
  }

  environmentNamed(name: string): Promise<EnvironmentRow | undefined> {
    return this.#db
      .selectFrom('environments')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirst();
  }

  environments(): Promise<readonly EnvironmentRow[]> {
    return this.#db.selectFrom('environments').selectAll().orderBy('display_name').execute();
  }

  /** Every deployment of the version, oldest first. */
  async deploymentsOf(versionId: number): Promise<readonly PlacedRecord[]> {
    const rows = await this.#placed()
      .where('d.version_id', '=', versionId)
      .orderBy('d.id')
      .execute();
    return rows.map(placed);
  }

  /** What runs of the pacticipant, newest first. */
  async runningOf(pacticipantId: number): Promise<readonly PlacedRecord[]> {
    const rows = await this.#placed()
      .where('d.pacticipant_id', '=', pacticipantId)
      .where('d.undeployed_at', 'is', null)
      .orderBy('d.id', 'desc')
      .execute();
    return rows.map(placed);
  }

  /** Every release of the version, oldest first. */
  async releasesOf(versionId: number): Promise<readonly PlacedRecord[]> {
    const rows = await this.#db
      .selectFrom('released_versions as r')
      .innerJoin('environments as e', 'e.id', 'r.environment_id')
      .select(['r.uuid', 'e.display_name as displayName', 'r.support_ended_at as endedAt'])
      .where('r.version_id', '=', versionId)
      .orderBy('r.id')
      .execute();
    return rows.map((row) => placed({ ...row, applicationInstance: '' }));
  }

  environmentById(id: number): Promise<EnvironmentRow> {
    return this.#db
      .selectFrom('environments')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
  }

  version(pacticipant: string, number: string): Promise<VersionKey | undefined> {
    return this.#db
      .selectFrom('versions as v')
      .innerJoin('pacticipants as p', 'p.id', 'v.pacticipant_id')
      .select(['v.id as versionId', 'p.id as pacticipantId'])
      .where('p.name', '=', pacticipant)
      .where('v.number', '=', number)
      .executeTakeFirst();
  }

  /** Nothing changes when the version is the current one already; otherwise it replaces what ran there. Answers its uuid. */
  async record(
    place: Placement & { readonly applicationInstance: string; readonly at: string },
  ): Promise<{ readonly uuid: string; readonly isNew: boolean }> {
    await this.#claimEnvironment(place.environmentId);
    const current = await this.#db
      .selectFrom('deployed_versions')
      .select(['uuid', 'version_id'])
      .where('environment_id', '=', place.environmentId)
      .where('pacticipant_id', '=', place.pacticipantId)
      .where('application_instance', '=', place.applicationInstance)
      .where('undeployed_at', 'is', null)
      .executeTakeFirst();
    if (current?.version_id === place.versionId) return { uuid: current.uuid, isNew: false };
    if (current !== undefined) await this.undeploy(current.uuid, place.at);
    const uuid = randomUUID();
    await this.#db
      .insertInto('deployed_versions')
      .values({
        uuid,
        version_id: place.versionId,
        pacticipant_id: place.pacticipantId,
        environment_id: place.environmentId,
        application_instance: place.applicationInstance,
        created_at: place.at,
        updated_at: place.at,
        undeployed_at: null,
      })
      .execute();
    return { uuid, isNew: true };
  }

  /** Records a deployment without instance when an environment has exactly this name; true when it runs there only now. */
  async recordForTag(
    tagged: VersionKey & { readonly tag: string; readonly at: string },
  ): Promise<boolean> {
    const environment = await this.#db
      .selectFrom('environments')
      .select('id')
      .where('name', '=', tagged.tag)
      .executeTakeFirst();
    if (environment === undefined) return false;
    const { versionId, pacticipantId, at } = tagged;
    const { isNew } = await this.record({
      versionId,
      pacticipantId,
      environmentId: environment.id,
      applicationInstance: '',
      at,
    });
    return isNew;
  }

  async undeploy(uuid: string, at: string): Promise<void> {
    await this.#db
      .updateTable('deployed_versions')
      .set({ undeployed_at: at })
      .where('uuid', '=', uuid)
      .where('undeployed_at', 'is', null)
      .execute();
  }

  find(uuid: string): Promise<DeployedVersion | undefined> {
    return this.#select().where('d.uuid', '=', uuid).executeTakeFirst();
  }

  /** What runs in the environment, newest record first; an empty instance means deployments without one. */
  current(
    environmentId: number,
    filter: { readonly pacticipant?: string; readonly applicationInstance?: string } = {},
  ): Promise<readonly DeployedVersion[]> {
    let query = this.#select()
      .where('d.environment_id', '=', environmentId)
      .where('d.undeployed_at', 'is', null);
    const { pacticipant, applicationInstance } = filter;
    if (pacticipant !== undefined) query = query.where('p.name', '=', pacticipant);
    if (applicationInstance !== undefined) {
      query = query.where('d.application_instance', '=', applicationInstance);
    }
    return query.orderBy('d.id', 'desc').execute();
  }

  /** Every record of the version in the environment, newest first. */
  ofVersion(versionId: number, environmentId: number): Promise<readonly DeployedVersion[]> {
    return this.#select()
      .where('d.version_id', '=', versionId)
      .where('d.environment_id', '=', environmentId)
      .orderBy('d.id', 'desc')
      .execute();
  }

  /** Somebody uses the environment from now on; also keeps two recordings for it apart until the transaction ends. */
  async #claimEnvironment(id: number): Promise<void> {
    await this.#db.updateTable('environments').set({ is_preset: 0 }).where('id', '=', id).execute();
  }

  #placed() {
    return this.#db
      .selectFrom('deployed_versions as d')
      .innerJoin('environments as e', 'e.id', 'd.environment_id')
      .select([
        'd.uuid',
        'e.display_name as displayName',
        'd.application_instance as applicationInstance',
        'd.undeployed_at as endedAt',
      ]);
  }

  #select() {
    return this.#db
      .selectFrom('deployed_versions as d')
      .innerJoin('versions as v', 'v.id', 'd.version_id')
      .innerJoin('pacticipants as p', 'p.id', 'd.pacticipant_id')
      .select([
        'd.uuid',
        'p.name as pacticipant',
        'v.number as version',
        'd.environment_id as environmentId',
        'd.application_instance',
        'd.created_at',
        'd.updated_at',
        'd.undeployed_at',
      ]);
  }
}

function placed({
  endedAt,
  ...record
}: Omit<PlacedRecord, 'isCurrent'> & { readonly endedAt: string | null }): PlacedRecord {
  return { ...record, isCurrent: endedAt === null };
}
