import type { MatrixSelector, NumberedVersion } from '@concordat/domain';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';

export interface Pacticipant {
  readonly id: number;
  readonly name: string;
  readonly mainBranch: string | null;
}

/** What a question names; a number is one of a version of any of the pacticipants. */
export interface AskedNames {
  readonly pacticipants: readonly string[];
  readonly environments: readonly string[];
  readonly numbers: readonly string[];
}

/** Finds the versions that selectors name; one for a request, because it remembers what it found and what is not there. */
export class VersionStore {
  readonly #db: Database;
  readonly #pacticipants = new Map<string, Pacticipant | undefined>();
  readonly #environments = new Map<string, boolean>();
  /** By pacticipant's id and number. */
  readonly #numbered = new Map<string, FoundVersion | undefined>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Looks all of them up with one query; what is asked for after that costs none. */
  async learn(asked: AskedNames): Promise<void> {
    const names = [...new Set(asked.pacticipants)];
    const environments = [...new Set(asked.environments)].filter(
      (name) => !this.#environments.has(name),
    );
    const numbers = [...new Set(asked.numbers)];
    if (this.#knows(names, numbers) && environments.length === 0) return;
    // A list for `in` must not be empty, and nobody has an empty name.
    const lists = { names: names.length > 0 ? names : [''], environments, numbers };
    const rows = await namesAndNumbers.all(this.#db, lists);
    for (const name of names) this.#pacticipants.set(name, undefined);
    for (const name of environments) this.#environments.set(name, false);
    for (const { kind, id, name, detail } of rows) {
      if (kind === 'pacticipant') this.#pacticipants.set(name, { id, name, mainBranch: detail });
      if (kind === 'environment') this.#environments.set(name, true);
    }
    this.#learnNumbers(names, numbers, rows);
  }

  #knows(names: readonly string[], numbers: readonly string[]): boolean {
    return names.every((name) => {
      if (!this.#pacticipants.has(name)) return false;
      const id = this.#pacticipants.get(name)?.id;
      return id === undefined || numbers.every((each) => this.#numbered.has(`${id} ${each}`));
    });
  }

  #learnNumbers(
    names: readonly string[],
    numbers: readonly string[],
    rows: readonly NameRow[],
  ): void {
    for (const name of names) {
      const id = this.#pacticipants.get(name)?.id;
      if (id === undefined) continue;
      for (const number of numbers) this.#numbered.set(`${id} ${number}`, undefined);
    }
    for (const { kind, id, name: number, detail: owner } of rows) {
      const pacticipantId = this.#pacticipants.get(owner ?? '')?.id;
      if (kind !== 'version' || pacticipantId === undefined) continue;
      this.#numbered.set(`${pacticipantId} ${number}`, { id, number, pacticipantId });
    }
  }

  /** Those of the names that exist. */
  async pacticipants(names: readonly string[]): Promise<readonly Pacticipant[]> {
    await this.learn({ pacticipants: names, environments: [], numbers: [] });
    return names.flatMap((name) => this.#pacticipants.get(name) ?? []);
  }

  async environmentNames(names: readonly string[]): Promise<ReadonlySet<string>> {
    await this.learn({ pacticipants: [], environments: names, numbers: [] });
    return new Set(names.filter((name) => this.#environments.get(name) === true));
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
    if (version !== undefined) {
      const names = pacticipants.map(({ name }) => name);
      await this.learn({ pacticipants: names, environments: [], numbers: [version] });
      return grouped(ids.flatMap((id) => this.#numbered.get(`${id} ${version}`) ?? []));
    }
    if (environment !== undefined) return grouped(await this.#inEnvironment(ids, environment));
    if (tag !== undefined) return grouped(await this.#tagged(ids, tag, latest === true));
    if (branch !== undefined) {
      return grouped(await this.#onBranch(ids, { name: branch, onlyHead: latest === true }));
    }
    if (mainBranch === true) return this.#onMainBranches(pacticipants, latest === true);
    return latest === true ? grouped(await this.#latest(ids)) : 'any';
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

type FoundVersion = NumberedVersion & { readonly pacticipantId: number };

function grouped(rows: readonly FoundVersion[]): ReadonlyMap<number, readonly NumberedVersion[]> {
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

type Ids = { readonly ids: readonly number[] };

interface NameRow {
  readonly kind: string;
  readonly id: number;
  readonly name: string;
  /** The main branch of a pacticipant, the pacticipant of a version. */
  readonly detail: string | null;
}

interface NameLists {
  readonly names: readonly string[];
  readonly environments: readonly string[];
  readonly numbers: readonly string[];
}

const namesAndNumbers = statement((db, { names, environments, numbers }: NameLists) => {
  let query = pacticipantsNamed(db, names);
  if (environments.length > 0) query = query.unionAll(environmentsNamed(db, environments));
  if (numbers.length > 0) query = query.unionAll(versionsNumbered(db, names, numbers));
  return query;
});

function pacticipantsNamed(db: Database, names: readonly string[]) {
  return db
    .selectFrom('pacticipants')
    .select([sql.lit<string>('pacticipant').as('kind'), 'id', 'name', 'main_branch as detail'])
    .where('name', 'in', names)
    .$castTo<NameRow>();
}

function environmentsNamed(db: Database, names: readonly string[]) {
  return db
    .selectFrom('environments')
    .select([sql.lit<string>('environment').as('kind'), 'id', 'name'])
    .select(sql<string | null>`null`.as('detail'))
    .where('name', 'in', names)
    .$castTo<NameRow>();
}

function versionsNumbered(db: Database, names: readonly string[], numbers: readonly string[]) {
  return db
    .selectFrom('versions as v')
    .innerJoin('pacticipants as p', 'p.id', 'v.pacticipant_id')
    .select([sql.lit<string>('version').as('kind'), 'v.id', 'v.number as name', 'p.name as detail'])
    .where('p.name', 'in', names)
    .where('v.number', 'in', numbers)
    .$castTo<NameRow>();
}

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
