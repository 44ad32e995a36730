import type { MatrixSelector, NumberedVersion } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';

export interface Pacticipant {
  readonly id: number;
  readonly name: string;
  readonly mainBranch: string | null;
}

/** Finds the versions that selectors name; one for a request, because it remembers which names it found. */
export class VersionStore {
  readonly #db: Database;
  readonly #pacticipants = new Map<string, Pacticipant>();
  readonly #environments = new Set<string>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Those of the names that exist. */
  async pacticipants(names: readonly string[]): Promise<readonly Pacticipant[]> {
    const missing = names.filter((name) => !this.#pacticipants.has(name));
    if (missing.length > 0) {
      const rows = await pacticipantsNamed.all(this.#db, { names: missing });
      for (const row of rows) this.#pacticipants.set(row.name, row);
    }
    return names.flatMap((name) => this.#pacticipants.get(name) ?? []);
  }

  async environmentNames(names: readonly string[]): Promise<ReadonlySet<string>> {
    const missing = names.filter((name) => !this.#environments.has(name));
    if (missing.length > 0) {
      const rows = await environmentsNamed.all(this.#db, { names: missing });
      for (const { name } of rows) this.#environments.add(name);
    }
    return this.#environments;
  }

  /** The versions that the selector picks of the pacticipant; `any` when it picks none in particular. */
  async resolve(
    selector: MatrixSelector,
    pacticipant: Pacticipant,
  ): Promise<'any' | readonly NumberedVersion[]> {
    const resolved = await this.resolveAll(selector, [pacticipant]);
    return resolved === 'any' ? 'any' : (resolved.get(pacticipant.id) ?? []);
  }

  /** Applies what the selector says, but for its name, to several pacticipants at once. */
  async resolveAll(
    selector: Omit<MatrixSelector, 'pacticipant'>,
    pacticipants: readonly Pacticipant[],
  ): Promise<'any' | ReadonlyMap<number, readonly NumberedVersion[]>> {
    const { version, environment, tag, branch, mainBranch, latest } = selector;
    const ids = pacticipants.map(({ id }) => id);
    if (version !== undefined) return grouped(await this.#numbered(ids, version));
    if (environment !== undefined) return grouped(await this.#inEnvironment(ids, environment));
    if (tag !== undefined) return grouped(await this.#tagged(ids, tag, latest === true));
    if (branch !== undefined) {
      return grouped(await this.#onBranch(ids, { name: branch, onlyHead: latest === true }));
    }
    if (mainBranch === true) return this.#onMainBranches(pacticipants, latest === true);
    return latest === true ? grouped(await this.#latest(ids)) : 'any';
  }

  #numbered(ids: readonly number[], number: string) {
    return versionsNumbered.all(this.#db, { ids, number });
  }

  #inEnvironment(ids: readonly number[], environment: string) {
    return versionsInEnvironment.all(this.#db, { ids, environment });
  }

  #tagged(ids: readonly number[], tag: string, onlyHead: boolean) {
    if (!onlyHead) {
      return this.#versions()
        .innerJoin('tags as t', 't.version_id', 'v.id')
        .where('t.pacticipant_id', 'in', ids)
        .where('t.name', '=', tag)
        .execute();
    }
    return this.#versions()
      .where('v.id', 'in', (select) =>
        select
          .selectFrom('tags')
          .select((max) => max.fn.max('version_id').as('id'))
          .where('pacticipant_id', 'in', ids)
          .where('name', '=', tag)
          .groupBy('pacticipant_id'),
      )
      .execute();
  }

  #onBranch(ids: readonly number[], branch: { readonly name: string; readonly onlyHead: boolean }) {
    const query = branch.onlyHead
      ? this.#versions().innerJoin('branches as b', 'b.head_version_id', 'v.id')
      : this.#versions()
          .innerJoin('branch_versions as bv', 'bv.version_id', 'v.id')
          .innerJoin('branches as b', 'b.id', 'bv.branch_id');
    return query.where('b.pacticipant_id', 'in', ids).where('b.name', '=', branch.name).execute();
  }

  async #onMainBranches(
    pacticipants: readonly Pacticipant[],
    onlyHead: boolean,
  ): Promise<ReadonlyMap<number, readonly NumberedVersion[]>> {
    const byBranch = new Map<string, number[]>();
    for (const { id, mainBranch } of pacticipants) {
      if (mainBranch === null) continue;
      const held = byBranch.get(mainBranch);
      if (held === undefined) byBranch.set(mainBranch, [id]);
      else held.push(id);
    }
    const rows = [];
    for (const [name, ids] of byBranch)
      rows.push(...(await this.#onBranch(ids, { name, onlyHead })));
    return grouped(rows);
  }

  #latest(ids: readonly number[]) {
    return this.#versions()
      .where('v.id', 'in', (select) =>
        select
          .selectFrom('versions')
          .select((max) => max.fn.max('id').as('id'))
          .where('pacticipant_id', 'in', ids)
          .groupBy('pacticipant_id'),
      )
      .execute();
  }

  #versions() {
    return selectVersions(this.#db);
  }
}

function grouped(
  rows: readonly (NumberedVersion & { readonly pacticipantId: number })[],
): ReadonlyMap<number, readonly NumberedVersion[]> {
  const groups = new Map<number, NumberedVersion[]>();
  for (const { id, number, pacticipantId } of rows) {
    const held = groups.get(pacticipantId);
    if (held === undefined) groups.set(pacticipantId, [{ id, number }]);
    else held.push({ id, number });
  }
  return groups;
}

function selectVersions(db: Database) {
  return db
    .selectFrom('versions as v')
    .select(['v.id', 'v.number', 'v.pacticipant_id as pacticipantId']);
}

type Names = { readonly names: readonly string[] };
type Ids = { readonly ids: readonly number[] };

const pacticipantsNamed = statement((db, { names }: Names) =>
  db
    .selectFrom('pacticipants')
    .select(['id', 'name', 'main_branch as mainBranch'])
    .where('name', 'in', names),
);

const environmentsNamed = statement((db, { names }: Names) =>
  db.selectFrom('environments').select('name').where('name', 'in', names),
);

const versionsNumbered = statement((db, { ids, number }: Ids & { readonly number: string }) =>
  selectVersions(db).where('v.pacticipant_id', 'in', ids).where('v.number', '=', number),
);

const versionsInEnvironment = statement(
  (db, { ids, environment }: Ids & { readonly environment: string }) =>
    selectVersions(db)
      .innerJoin('deployed_versions as d', 'd.version_id', 'v.id')
      .innerJoin('environments as e', 'e.id', 'd.environment_id')
      .where('e.name', '=', environment)
      .where('d.pacticipant_id', 'in', ids)
      .where('d.undeployed_at', 'is', null)
      .union(
        selectVersions(db)
          .innerJoin('released_versions as r', 'r.version_id', 'v.id')
          .innerJoin('environments as e', 'e.id', 'r.environment_id')
          .where('e.name', '=', environment)
          .where('r.pacticipant_id', 'in', ids)
          .where('r.support_ended_at', 'is', null),
      ),
);
