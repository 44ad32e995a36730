import type { ContentSuccess, ProviderLine } from '@concordat/domain';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { ConsumerOf } from './selection-store.ts';

/** What is known about a provider before its pacts are selected. */
export interface ProviderFacts {
  readonly id: number;
  readonly consumers: readonly ConsumerOf[];
}

/** Reads who depends on a provider and what its versions have verified. */
export class ProviderStore {
  readonly #db: Database;
  #environments: ReadonlySet<string> = new Set();

  constructor(db: Database) {
    this.#db = db;
  }

  /** The provider and its consumers, and meanwhile the names of the environments. */
  async find(name: string): Promise<ProviderFacts | undefined> {
    const rows = await factsOfProvider.all(this.#db, { name });
    const of = (kind: string) => rows.filter((row) => row.kind === kind);
    this.#environments = new Set(of('environment').map((row) => row.name));
    const [provider] = of('provider');
    if (provider === undefined) return undefined;
    const consumers = of('consumer').map(({ id, name, mainBranch }) => ({ id, name, mainBranch }));
    return { id: provider.id, consumers };
  }

  /** Those that there were when the provider was found. */
  environmentNames(): ReadonlySet<string> {
    return this.#environments;
  }

  async branch(providerId: number, name: string): Promise<ProviderLine> {
    const row = await branchNamed.first(this.#db, { providerId, name });
    return { name, createdAt: row?.created_at };
  }

  /** The branch that the version was put on last. */
  async branchOf(versionId: number): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('branch_versions as bv')
      .innerJoin('branches as b', 'b.id', 'bv.branch_id')
      .select('b.name')
      .where('bv.version_id', '=', versionId)
      .orderBy('bv.id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.name;
  }

  /** Whether a version that published the content is deployed or released anywhere. */
  async runsSomewhere(pactVersionId: number): Promise<boolean> {
    const deployed = await this.#db
      .selectFrom('deployed_versions as d')
      .innerJoin('pact_publications as pp', 'pp.consumer_version_id', 'd.version_id')
      .select('d.id')
      .where('pp.pact_version_id', '=', pactVersionId)
      .where('pp.is_current', '=', 1)
      .where('d.undeployed_at', 'is', null)
      .limit(1)
      .executeTakeFirst();
    if (deployed !== undefined) return true;
    const released = await this.#db
      .selectFrom('released_versions as r')
      .innerJoin('pact_publications as pp', 'pp.consumer_version_id', 'r.version_id')
      .select('r.id')
      .where('pp.pact_version_id', '=', pactVersionId)
      .where('pp.is_current', '=', 1)
      .where('r.support_ended_at', 'is', null)
      .limit(1)
      .executeTakeFirst();
    return released !== undefined;
  }

  /** A tag exists since it was first put on a version. */
  async tag(providerId: number, name: string): Promise<ProviderLine> {
    const row = await this.#db
      .selectFrom('tags')
      .select((select) => select.fn.min('created_at').as('createdAt'))
      .where('pacticipant_id', '=', providerId)
      .where('name', '=', name)
      .executeTakeFirst();
    return { name, createdAt: row?.createdAt ?? undefined };
  }

  /** The first success of each content, by branch of the provider version that had it. */
  async successesByBranch(contents: readonly number[]): Promise<readonly ContentSuccess[]> {
    if (contents.length === 0) return [];
    return (await branchSuccesses.all(this.#db, { contents })).map(success);
  }

  /** The first success of each content, by tag of the provider version that had it. */
  async successesByTag(contents: readonly number[]): Promise<readonly ContentSuccess[]> {
    if (contents.length === 0) return [];
    const rows = await this.#db
      .selectFrom('verifications as ver')
      .leftJoin('tags as t', 't.version_id', 'ver.provider_version_id')
      .select((select) => [
        'ver.pact_version_id as pactVersionId',
        'ver.is_wip as isWip',
        't.name as by',
        select.fn.min('ver.created_at').as('firstAt'),
      ])
      .where('ver.pact_version_id', 'in', contents)
      .where('ver.success', '=', 1)
      .groupBy(['ver.pact_version_id', 'ver.is_wip', 't.name'])
      .execute();
    return rows.map(success);
  }
}

function success(row: {
  readonly pactVersionId: number;
  readonly isWip: number;
  readonly by: string | null;
  readonly firstAt: string;
}): ContentSuccess {
  return {
    pactVersionId: row.pactVersionId,
    isWip: row.isWip === 1,
    by: row.by ?? undefined,
    firstAt: row.firstAt,
  };
}

const factsOfProvider = statement((db, { name }: { readonly name: string }) =>
  db
    .selectFrom('pacticipants')
    .select([sql.lit<string>('provider').as('kind'), 'id', 'name', 'main_branch as mainBranch'])
    .where('name', '=', name)
    .unionAll(
      db
        .selectFrom('pacticipants as r')
        .innerJoin('integrations as i', 'i.provider_id', 'r.id')
        .innerJoin('pacticipants as c', 'c.id', 'i.consumer_id')
        .select([sql.lit<string>('consumer').as('kind'), 'c.id', 'c.name'])
        .select('c.main_branch as mainBranch')
        .where('r.name', '=', name),
    )
    .unionAll(
      db
        .selectFrom('environments')
        .select([sql.lit<string>('environment').as('kind'), 'id', 'name'])
        .select(sql<string | null>`null`.as('mainBranch')),
    ),
);

const branchNamed = statement(
  (db, branch: { readonly providerId: number; readonly name: string }) =>
    db
      .selectFrom('branches')
      .select('created_at')
      .where('pacticipant_id', '=', branch.providerId)
      .where('name', '=', branch.name),
);

const branchSuccesses = statement((db, { contents }: { readonly contents: readonly number[] }) =>
  db
    .selectFrom('verifications as ver')
    .leftJoin('branch_versions as bv', 'bv.version_id', 'ver.provider_version_id')
    .leftJoin('branches as b', 'b.id', 'bv.branch_id')
    .select((select) => [
      'ver.pact_version_id as pactVersionId',
      'ver.is_wip as isWip',
      'b.name as by',
      select.fn.min('ver.created_at').as('firstAt'),
    ])
    .where('ver.pact_version_id', 'in', contents)
    .where('ver.success', '=', 1)
    .groupBy(['ver.pact_version_id', 'ver.is_wip', 'b.name']),
);
