import type { Selectable } from 'kysely';
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

/** Reads branches, tags and environments of many versions with three queries. */
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
      await this.#addBranches(ids, details);
      await this.#addTags(ids, details);
      await this.#addEnvironments(ids, details);
    }
    return details;
  }

  async #addBranches(ids: readonly number[], details: Map<number, MutableDetails>): Promise<void> {
    const rows = await branchesOfVersions.all(this.#db, { ids });
    for (const { version_id, name, head_version_id } of rows) {
      details.get(version_id)?.branches.push({ name, isLatest: head_version_id === version_id });
    }
  }

  async #addTags(ids: readonly number[], details: Map<number, MutableDetails>): Promise<void> {
    const rows = await tagsOfVersions.all(this.#db, { ids });
    for (const { version_id, name, head_version_id } of rows) {
      details.get(version_id)?.tags.push({ name, isLatest: head_version_id === version_id });
    }
  }

  async #addEnvironments(
    ids: readonly number[],
    details: Map<number, MutableDetails>,
  ): Promise<void> {
    const rows = await environmentsOfVersions.all(this.#db, { ids });
    const ordered = [...rows].sort((a, b) => a.id - b.id);
    for (const { version_id, ...environment } of ordered) {
      details.get(version_id)?.environments.push(environment);
    }
  }
}

interface MutableDetails {
  readonly branches: VersionLabel[];
  readonly tags: VersionLabel[];
  readonly environments: EnvironmentRow[];
}

type Ids = { readonly ids: readonly number[] };

const branchesOfVersions = statement((db, { ids }: Ids) =>
  db
    .selectFrom('branch_versions as bv')
    .innerJoin('branches as b', 'b.id', 'bv.branch_id')
    .select(['bv.version_id', 'b.name', 'b.head_version_id'])
    .where('bv.version_id', 'in', ids)
    .orderBy('bv.id'),
);

const tagsOfVersions = statement((db, { ids }: Ids) =>
  db
    .selectFrom('tags as t')
    .select((select) => [
      't.version_id',
      't.name',
      select
        .selectFrom('tags as newest')
        .select((max) => max.fn.max('newest.version_id').as('id'))
        .whereRef('newest.pacticipant_id', '=', 't.pacticipant_id')
        .whereRef('newest.name', '=', 't.name')
        .as('head_version_id'),
    ])
    .where('t.version_id', 'in', ids)
    .orderBy('t.created_at')
    .orderBy('t.name'),
);

const environmentsOfVersions = statement((db, { ids }: Ids) =>
  db
    .selectFrom('deployed_versions as d')
    .innerJoin('environments as e', 'e.id', 'd.environment_id')
    .selectAll('e')
    .select('d.version_id')
    .where('d.version_id', 'in', ids)
    .where('d.undeployed_at', 'is', null)
    .union(
      db
        .selectFrom('released_versions as r')
        .innerJoin('environments as e', 'e.id', 'r.environment_id')
        .selectAll('e')
        .select('r.version_id')
        .where('r.version_id', 'in', ids)
        .where('r.support_ended_at', 'is', null),
    ),
);
