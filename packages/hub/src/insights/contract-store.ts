import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type {
  ContractSources,
  KnownShas,
  PactInForce,
  ProviderContractInForce,
} from './contract-facts.ts';
import { ProviderContractInForceStore } from './provider-contract-in-force-store.ts';
import type { RecordedVersion } from './version-store.ts';

/** How many of a pair's latest publications speak for their own versions when those are neither deployed nor on main. */
const LATEST_PUBLICATIONS = 10;
/** Contents are read this many at a time: they may be large. */
const CONTENTS_AT_ONCE = 50;

interface PublicationRow {
  readonly provider: string;
  readonly consumerVersion: string;
  readonly versionId: number;
  readonly contentId: number;
  readonly sha: string;
  readonly isLatestMain: number;
}

interface ResultRow {
  readonly contentId: number;
  readonly success: number;
  readonly providerVersion: string;
  readonly verifiedAt: string;
}

/** Reads what the broker's features wrote: the contracts that traffic is judged by. It writes nothing. */
export class ContractStore implements ContractSources {
  readonly #db: Database;
  readonly #providerContracts: ProviderContractInForceStore;

  constructor(db: Database) {
    this.#db = db;
    this.#providerContracts = new ProviderContractInForceStore(db);
  }

  async consumers(): Promise<readonly string[]> {
    const rows = await this.#db
      .selectFrom('pacticipants as c')
      .select('c.name')
      .where((where) =>
        where.exists(
          where
            .selectFrom('pact_publications as p')
            .select('p.id')
            .whereRef('p.consumer_id', '=', 'c.id'),
        ),
      )
      .orderBy('c.name')
      .execute();
    return rows.map(({ name }) => name);
  }

  /** Deployed or released ones, the latest from main, and the latest publications for each provider. */
  async contractsInForce(consumer: string, known: KnownShas): Promise<readonly PactInForce[]> {
    const publications = await this.#publications(consumer);
    if (publications.length === 0) {
      return [];
    }
    const results = new Map((await this.#results(consumer)).map((row) => [row.contentId, row]));
    const environments = await this.#environmentsByVersion(consumer);
    const contents = await this.#contents(
      publications.filter(({ sha }) => !known.has(sha)).map(({ contentId }) => contentId),
    );
    return publications.map(({ contentId, versionId, isLatestMain, ...publication }) => {
      const result = results.get(contentId);
      return {
        ...publication,
        consumer,
        content: contents.get(contentId),
        environments: environments.get(versionId) ?? [],
        isLatestMain: isLatestMain === 1,
        verification: verificationOf(result?.success),
        providerVersion: result?.providerVersion,
        verifiedAt: result?.verifiedAt,
      };
    });
  }

  async recordedVersions(): Promise<readonly RecordedVersion[]> {
    const rows = await this.#recorded();
    return rows.map(({ pacticipant, version, environment }) => ({
      pacticipant,
      version,
      environment,
    }));
  }

  async environments(): Promise<readonly string[]> {
    const rows = await this.#db.selectFrom('environments').select('name').execute();
    return rows.map(({ name }) => name);
  }

  async pacticipants(): Promise<readonly string[]> {
    const rows = await this.#db.selectFrom('pacticipants').select('name').execute();
    return rows.map(({ name }) => name);
  }

  async providerContractsInForce(
    provider: string | undefined,
    known: KnownShas,
  ): Promise<readonly ProviderContractInForce[]> {
    return await this.#providerContracts.inForce(provider, known);
  }

  async #publications(consumer: string): Promise<readonly PublicationRow[]> {
    const { rows } = await sql<PublicationRow>`
      with current_publications as (
        select p.provider_id, p.consumer_version_id, p.pact_version_id,
          case when exists (
            select 1 from branch_versions bv
            join branches b on b.id = bv.branch_id
            where bv.version_id = p.consumer_version_id and b.name = c.main_branch
          ) then 1 else 0 end as is_main
        from pact_publications p
        join pacticipants c on c.id = p.consumer_id
        where c.name = ${consumer} and p.is_current = 1
      ), ranked as (
        select *,
          row_number() over (partition by provider_id order by consumer_version_id desc) as place,
          row_number() over (partition by provider_id, is_main order by consumer_version_id desc) as main_place
        from current_publications
      )
      select providers.name as provider, versions.number as "consumerVersion",
        versions.id as "versionId", pact_versions.id as "contentId", pact_versions.sha as sha,
        case when is_main = 1 and main_place = 1 then 1 else 0 end as "isLatestMain"
      from ranked
      join pacticipants providers on providers.id = ranked.provider_id
      join versions on versions.id = ranked.consumer_version_id
      join pact_versions on pact_versions.id = ranked.pact_version_id
      where place <= ${LATEST_PUBLICATIONS}
        or (is_main = 1 and main_place = 1)
        or ranked.consumer_version_id in (
          select version_id from deployed_versions
          where undeployed_at is null
            and pacticipant_id = (select id from pacticipants where name = ${consumer})
          union select version_id from released_versions
          where support_ended_at is null
            and pacticipant_id = (select id from pacticipants where name = ${consumer})
        )
      order by providers.name, versions.id desc
    `.execute(this.#db);
    return rows;
  }

  /** The latest result of each content. */
  async #results(consumer: string): Promise<readonly ResultRow[]> {
    const { rows } = await sql<ResultRow>`
      select ver.pact_version_id as "contentId", ver.success as success, v.number as "providerVersion",
        ver.created_at as "verifiedAt"
      from (
        select max(latest.id) as id from pact_versions content
        join verifications latest on latest.pact_version_id = content.id
        where content.consumer_id = (select id from pacticipants where name = ${consumer})
        group by latest.pact_version_id
      ) newest
      join verifications ver on ver.id = newest.id
      join versions v on v.id = ver.provider_version_id
    `.execute(this.#db);
    return rows;
  }

  async #environmentsByVersion(consumer: string): Promise<ReadonlyMap<number, readonly string[]>> {
    const environments = new Map<number, string[]>();
    for (const { versionId, environment } of await this.#recorded(consumer)) {
      environments.set(versionId, [...(environments.get(versionId) ?? []), environment]);
    }
    return environments;
  }

  async #recorded(
    pacticipant?: string,
  ): Promise<readonly (RecordedVersion & { readonly versionId: number })[]> {
    let deployed = this.#db
      .selectFrom('deployed_versions')
      .select(['version_id', 'environment_id'])
      .where('undeployed_at', 'is', null);
    let released = this.#db
      .selectFrom('released_versions')
      .select(['version_id', 'environment_id'])
      .where('support_ended_at', 'is', null);
    if (pacticipant !== undefined) {
      const id = this.#db.selectFrom('pacticipants').select('id').where('name', '=', pacticipant);
      deployed = deployed.where('pacticipant_id', '=', id);
      released = released.where('pacticipant_id', '=', id);
    }
    return await this.#db
      .selectFrom(deployed.union(released).as('recorded'))
      .innerJoin('versions', 'versions.id', 'recorded.version_id')
      .innerJoin('pacticipants', 'pacticipants.id', 'versions.pacticipant_id')
      .innerJoin('environments', 'environments.id', 'recorded.environment_id')
      .select([
        'versions.id as versionId',
        'pacticipants.name as pacticipant',
        'versions.number as version',
        'environments.name as environment',
      ])
      .execute();
  }

  async #contents(ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const contents = new Map<number, string>();
    const wanted = [...new Set(ids)];
    for (let start = 0; start < wanted.length; start += CONTENTS_AT_ONCE) {
      const rows = await this.#db
        .selectFrom('pact_versions')
        .select(['id', 'content'])
        .where('id', 'in', wanted.slice(start, start + CONTENTS_AT_ONCE))
        .execute();
      for (const { id, content } of rows) contents.set(id, content);
    }
    return contents;
  }
}

function verificationOf(success: number | undefined): PactInForce['verification'] {
  if (success === undefined) {
    return 'unverified';
  }
  return success === 1 ? 'success' : 'failed';
}
