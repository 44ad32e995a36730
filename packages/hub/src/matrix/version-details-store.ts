import { type Selectable, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { EnvironmentsTable } from '../database/tables/decision-tables.ts';

export type EnvironmentRow = Selectable<EnvironmentsTable>;

/** A branch or tag of a version, and whether the version is its head. */
export interface VersionLabel {
  readonly name: string;
  readonly isLatest: boolean;
}

/** What the matrix shows of a version beside its number. */
export interface VersionDetails {
  readonly branches: readonly VersionLabel[];
  readonly tags: readonly VersionLabel[];
  readonly environments: readonly EnvironmentRow[];
}

export const NO_DETAILS: VersionDetails = { branches: [], tags: [], environments: [] };

const ASKED_AT_ONCE = 500;

/** Reads branches, tags and environments of many versions with two queries. */
export class VersionDetailsStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async of(versionIds: readonly number[]): Promise<ReadonlyMap<number, VersionDetails>> {
    const details = new Map<number, MutableDetails>(
      versionIds.map((id) => [id, { branches: [], tags: [], environments: [] }]),
    );
    for (let start = 0; start < versionIds.length; start += ASKED_AT_ONCE) {
      const ids = versionIds.slice(start, start + ASKED_AT_ONCE);
      for (const { versionId, ...label } of await labelsOfVersions.all(this.#db, { ids })) {
        const kind = label.isTag === 1 ? 'tags' : 'branches';
        details.get(versionId)?.[kind].push({
          ...label,
          isLatest: label.headVersionId === versionId,
        });
      }
      await this.#addEnvironments(ids, details);
    }
    for (const each of details.values()) putInOrder(each);
    return details;
  }

  async #addEnvironments(
    ids: readonly number[],
    details: ReadonlyMap<number, MutableDetails>,
  ): Promise<void> {
    const rows = await environmentsOfVersions.all(this.#db, { ids });
    for (const { versionId, ...environment } of rows) {
      details.get(versionId)?.environments.push(environment);
    }
  }
}

interface StoredLabel extends VersionLabel {
  readonly id: number;
  readonly createdAt: string;
}

interface MutableDetails {
  readonly branches: StoredLabel[];
  readonly tags: StoredLabel[];
  readonly environments: EnvironmentRow[];
}

function putInOrder({ branches, tags, environments }: MutableDetails): void {
  branches.sort((a, b) => a.id - b.id);
  tags.sort(byTime);
  environments.sort((a, b) => a.id - b.id);
}

function byTime(a: StoredLabel, b: StoredLabel): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

type Ids = { readonly ids: readonly number[] };

const labelsOfVersions = statement((db, { ids }: Ids) =>
  db
    .selectFrom('branch_versions as bv')
    .innerJoin('branches as b', 'b.id', 'bv.branch_id')
    .select(sql.lit(0).as('isTag'))
    .select(['bv.id', 'bv.version_id as versionId', 'b.name', 'bv.created_at as createdAt'])
    .select('b.head_version_id as headVersionId')
    .where('bv.version_id', 'in', ids)
    .unionAll(
      db
        .selectFrom('tags as t')
        .select(sql.lit(1).as('isTag'))
        .select(['t.version_id as id', 't.version_id as versionId', 't.name'])
        .select((select) => [
          't.created_at as createdAt',
          select
            .selectFrom('tags as newest')
            .select((max) => max.fn.max('newest.version_id').as('id'))
            .whereRef('newest.pacticipant_id', '=', 't.pacticipant_id')
            .whereRef('newest.name', '=', 't.name')
            .as('headVersionId'),
        ])
        .where('t.version_id', 'in', ids),
    ),
);

const ENVIRONMENT_COLUMNS = [
  'e.id',
  'e.uuid',
  'e.name',
  'e.display_name',
  'e.production',
  'e.contacts',
  'e.is_preset',
  'e.created_at',
  'e.updated_at',
] as const;

const environmentsOfVersions = statement((db, { ids }: Ids) =>
  db
    .selectFrom('deployed_versions as d')
    .innerJoin('environments as e', 'e.id', 'd.environment_id')
    .select(ENVIRONMENT_COLUMNS)
    .select('d.version_id as versionId')
    .where('d.version_id', 'in', ids)
    .where('d.undeployed_at', 'is', null)
    .union(
      db
        .selectFrom('released_versions as r')
        .innerJoin('environments as e', 'e.id', 'r.environment_id')
        .select(ENVIRONMENT_COLUMNS)
        .select('r.version_id as versionId')
        .where('r.version_id', 'in', ids)
        .where('r.support_ended_at', 'is', null),
    ),
);
