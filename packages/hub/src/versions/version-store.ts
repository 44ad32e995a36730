import type { Selectable } from 'kysely';
import type { Database } from '../database/database.ts';
import type { VersionsTable } from '../database/tables/contract-tables.ts';

export type Version = Selectable<VersionsTable>;

/** A version with what its resource shows beside it. */
export interface VersionDetails {
  readonly version: Version;
  readonly branches: readonly { readonly name: string; readonly latest: boolean }[];
  readonly tags: readonly string[];
  /** Names of the providers it has a pact with. */
  readonly providers: readonly string[];
}

/** Which versions of a pacticipant; each narrows. */
export interface VersionFilter {
  readonly tag?: string;
  readonly branch?: string;
  /** The uuid of an environment that the version runs in or is supported in. */
  readonly environment?: string;
}

const CHUNK = 500;

/** Reads versions of a pacticipant, newest first, and takes them away. */
export class VersionStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async pacticipantId(name: string): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('pacticipants')
      .select('id')
      .where('name', '=', name)
      .executeTakeFirst();
    return row?.id;
  }

  /** What the environment is called; undefined when there is none. */
  async environmentName(uuid: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('environments')
      .select('display_name')
      .where('uuid', '=', uuid)
      .executeTakeFirst();
    return row?.display_name;
  }

  async find(pacticipantId: number, number: string): Promise<VersionDetails | undefined> {
    const rows = await this.#select(pacticipantId, {}).where('number', '=', number).execute();
    return (await this.#withDetails(rows))[0];
  }

  async latest(pacticipantId: number, filter: VersionFilter): Promise<VersionDetails | undefined> {
    const rows = await this.#select(pacticipantId, filter).orderBy('id', 'desc').limit(1).execute();
    return (await this.#withDetails(rows))[0];
  }

  /** The version added to the branch last. */
  async branchHead(pacticipantId: number, branch: string): Promise<VersionDetails | undefined> {
    const rows = await this.#select(pacticipantId, {})
      .where('id', '=', (head) =>
        head
          .selectFrom('branches')
          .select('head_version_id')
          .where('branches.pacticipant_id', '=', pacticipantId)
          .where('branches.name', '=', branch),
      )
      .execute();
    return (await this.#withDetails(rows))[0];
  }

  async count(pacticipantId: number, filter: VersionFilter): Promise<number> {
    const row = await this.#select(pacticipantId, filter)
      .clearSelect()
      .select((select) => select.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    return row.total;
  }

  async list(
    pacticipantId: number,
    filter: VersionFilter,
    page: { readonly number: number; readonly size: number } | undefined,
  ): Promise<readonly VersionDetails[]> {
    let query = this.#select(pacticipantId, filter).orderBy('id', 'desc');
    if (page !== undefined) query = query.limit(page.size).offset((page.number - 1) * page.size);
    return this.#withDetails(await query.execute());
  }

  async removeTags(versionId: number): Promise<void> {
    await this.#db.deleteFrom('tags').where('version_id', '=', versionId).execute();
  }

  /** With its pacts, results and deployments; branches it headed get their highest version as head. */
  async delete(version: Version): Promise<void> {
    await this.#db.deleteFrom('versions').where('id', '=', version.id).execute();
    await this.#db
      .updateTable('branches')
      .set((set) => ({
        head_version_id: set
          .selectFrom('branch_versions')
          .select((select) => select.fn.max('branch_versions.version_id').as('head'))
          .whereRef('branch_versions.branch_id', '=', 'branches.id'),
      }))
      .where('pacticipant_id', '=', version.pacticipant_id)
      .where('head_version_id', 'is', null)
      .execute();
  }

  #select(pacticipantId: number, filter: VersionFilter) {
    const { tag, branch, environment } = filter;
    return this.#db
      .selectFrom('versions')
      .selectAll()
      .where('pacticipant_id', '=', pacticipantId)
      .$if(tag !== undefined, (query) =>
        query.where('id', 'in', (tagged) =>
          tagged
            .selectFrom('tags')
            .select('tags.version_id')
            .where('tags.pacticipant_id', '=', pacticipantId)
            .where('tags.name', '=', tag ?? ''),
        ),
      )
      .$if(branch !== undefined, (query) =>
        query.where('id', 'in', (added) =>
          added
            .selectFrom('branch_versions')
            .innerJoin('branches', 'branches.id', 'branch_versions.branch_id')
            .select('branch_versions.version_id')
            .where('branches.pacticipant_id', '=', pacticipantId)
            .where('branches.name', '=', branch ?? ''),
        ),
      )
      .$if(environment !== undefined, (query) =>
        query.where((where) =>
          where.or([
            where('id', 'in', (running) =>
              running
                .selectFrom('deployed_versions')
                .innerJoin('environments', 'environments.id', 'deployed_versions.environment_id')
                .select('deployed_versions.version_id')
                .where('environments.uuid', '=', environment ?? '')
                .where('deployed_versions.undeployed_at', 'is', null),
            ),
            where('id', 'in', (supported) =>
              supported
                .selectFrom('released_versions')
                .innerJoin('environments', 'environments.id', 'released_versions.environment_id')
                .select('released_versions.version_id')
                .where('environments.uuid', '=', environment ?? '')
                .where('released_versions.support_ended_at', 'is', null),
            ),
          ]),
        ),
      );
  }

  async #withDetails(versions: readonly Version[]): Promise<readonly VersionDetails[]> {
    const result: VersionDetails[] = [];
    for (let start = 0; start < versions.length; start += CHUNK) {
      result.push(...(await this.#detailsOf(versions.slice(start, start + CHUNK))));
    }
    return result;
  }

  async #detailsOf(versions: readonly Version[]): Promise<readonly VersionDetails[]> {
    const ids = versions.map((version) => version.id);
    const branches = await this.#db
      .selectFrom('branch_versions')
      .innerJoin('branches', 'branches.id', 'branch_versions.branch_id')
      .select(['version_id as versionId', 'branches.name', 'branches.head_version_id as head'])
      .where('version_id', 'in', ids)
      .orderBy('branch_versions.id')
      .execute();
    const tags = await this.#db
      .selectFrom('tags')
      .select(['version_id as versionId', 'name'])
      .where('version_id', 'in', ids)
      .orderBy('name')
      .execute();
    const pacts = await this.#db
      .selectFrom('pact_publications')
      .innerJoin('pacticipants', 'pacticipants.id', 'pact_publications.provider_id')
      .select(['consumer_version_id as versionId', 'pacticipants.name'])
      .where('consumer_version_id', 'in', ids)
      .where('is_current', '=', 1)
      .orderBy('pacticipants.name')
      .execute();
    const branchesOf = grouped(branches);
    const tagsOf = grouped(tags);
    const pactsOf = grouped(pacts);
    return versions.map((version) => ({
      version,
      branches: (branchesOf.get(version.id) ?? []).map(({ name, head }) => ({
        name,
        latest: head === version.id,
      })),
      tags: (tagsOf.get(version.id) ?? []).map(({ name }) => name),
      providers: (pactsOf.get(version.id) ?? []).map(({ name }) => name),
    }));
  }
}

function grouped<T extends { readonly versionId: number }>(
  rows: readonly T[],
): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row.versionId);
    if (group === undefined) groups.set(row.versionId, [row]);
    else group.push(row);
  }
  return groups;
}
