import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';

const NUMBER_OFFSET = 199;
const ASKED_AT_ONCE = 500;

export interface DashboardVerification {
  readonly number: number;
  readonly success: boolean;
  /** Failed, while the pact was pending. */
  readonly isPendingFailure: boolean;
  readonly providerVersion: string;
  readonly verifiedAt: string;
  readonly tags: readonly string[];
}

/** A pact worth showing and what was said of it last. */
export interface DashboardRow {
  readonly consumer: string;
  readonly versionId: number;
  readonly version: string;
  readonly branch: string | undefined;
  readonly headBranches: readonly string[];
  readonly provider: string;
  readonly sha: string;
  readonly publishedAt: string;
  /** Tags of which this is the pair's newest pact. */
  readonly headTags: readonly string[];
  readonly verification: DashboardVerification | undefined;
  readonly webhook: DashboardWebhook | undefined;
}

/** How the newest run of the pact's webhooks stands; null when it never caused one. */
export interface DashboardWebhook {
  readonly status: string;
  readonly triggeredAt: string;
}

export interface DashboardPair {
  readonly consumerId: number;
  readonly providerId: number;
}

type Where = ExpressionBuilder<Tables & { readonly p: Tables['pact_publications'] }, 'p'>;

/** Finds the pacts that are the newest of their pair or of a tag, and those that run somewhere: what the broker shows. */
export class DashboardStore {
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

  async rows(pair?: DashboardPair): Promise<readonly DashboardRow[]> {
    const tags = await this.#tagHeads(pair);
    const keys = new Set([
      ...(await this.#overallHeads(pair)),
      ...(await this.#running(pair)),
      ...tags.keys(),
    ]);
    const publications = await this.#publications(keys);
    const branches = await this.#branches(publications.map(({ versionId }) => versionId));
    const verifications = await this.#verifications(publications.map(({ contentId }) => contentId));
    const webhooks = await this.#webhooks(publications.map(({ publicationId }) => publicationId));
    return publications.map(({ publicationId, providerId, contentId, ...row }) => {
      const own = branches.get(row.versionId) ?? [];
      return {
        ...row,
        branch: own.at(-1)?.name,
        headBranches: own.filter(({ isHead }) => isHead).map(({ name }) => name),
        headTags: tags.get(keyOf(row.versionId, providerId)) ?? [],
        verification: verifications.get(contentId),
        webhook: webhooks.get(publicationId),
      };
    });
  }

  async #overallHeads(pair: DashboardPair | undefined): Promise<readonly string[]> {
    const rows = await this.#current(pair)
      .select(({ fn }) => ['p.provider_id', fn.max('p.consumer_version_id').as('version_id')])
      .groupBy(['p.consumer_id', 'p.provider_id'])
      .execute();
    return rows.map(({ version_id, provider_id }) => keyOf(version_id, provider_id));
  }

  /** With the names of the tags. */
  async #tagHeads(pair: DashboardPair | undefined): Promise<ReadonlyMap<string, string[]>> {
    const rows = await this.#current(pair)
      .innerJoin('tags as t', 't.version_id', 'p.consumer_version_id')
      .select(({ fn }) => [
        'p.provider_id',
        't.name',
        fn.max('p.consumer_version_id').as('version_id'),
      ])
      .groupBy(['p.consumer_id', 'p.provider_id', 't.name'])
      .orderBy('t.name')
      .execute();
    const heads = new Map<string, string[]>();
    for (const { version_id, provider_id, name } of rows) {
      const key = keyOf(version_id, provider_id);
      heads.set(key, [...(heads.get(key) ?? []), name]);
    }
    return heads;
  }

  async #running(pair: DashboardPair | undefined): Promise<readonly string[]> {
    const deployed = await this.#current(pair)
      .innerJoin('deployed_versions as d', 'd.version_id', 'p.consumer_version_id')
      .select(['p.provider_id', 'p.consumer_version_id as version_id'])
      .where('d.undeployed_at', 'is', null)
      .execute();
    const released = await this.#current(pair)
      .innerJoin('released_versions as d', 'd.version_id', 'p.consumer_version_id')
      .select(['p.provider_id', 'p.consumer_version_id as version_id'])
      .where('d.support_ended_at', 'is', null)
      .execute();
    return [...deployed, ...released].map((row) => keyOf(row.version_id, row.provider_id));
  }

  #current(pair: DashboardPair | undefined) {
    return this.#db
      .selectFrom('pact_publications as p')
      .where('p.is_current', '=', 1)
      .where((where) => where.and(pairConditions(where as unknown as Where, pair)));
  }

  async #publications(keys: ReadonlySet<string>) {
    const versionIds = [...new Set([...keys].map((key) => Number(key.split('/', 1)[0])))];
    const found = await inChunks(versionIds, (ids) =>
      this.#db
        .selectFrom('pact_publications as p')
        .innerJoin('versions as v', 'v.id', 'p.consumer_version_id')
        .innerJoin('pacticipants as c', 'c.id', 'p.consumer_id')
        .innerJoin('pacticipants as r', 'r.id', 'p.provider_id')
        .innerJoin('pact_versions as content', 'content.id', 'p.pact_version_id')
        .select([
          'p.id as publicationId',
          'c.name as consumer',
          'v.id as versionId',
          'v.number as version',
          'r.id as providerId',
          'r.name as provider',
          'content.id as contentId',
          'content.sha as sha',
          'p.created_at as publishedAt',
        ])
        .where('p.is_current', '=', 1)
        .where('p.consumer_version_id', 'in', ids)
        .execute(),
    );
    return found.filter(({ versionId, providerId }) => keys.has(keyOf(versionId, providerId)));
  }

  /** By version, oldest branch first. */
  async #branches(versionIds: readonly number[]) {
    const rows = await inChunks([...new Set(versionIds)], (ids) =>
      this.#db
        .selectFrom('branch_versions as bv')
        .innerJoin('branches as b', 'b.id', 'bv.branch_id')
        .select(['bv.version_id', 'b.name', 'b.head_version_id'])
        .where('bv.version_id', 'in', ids)
        .orderBy('bv.id')
        .execute(),
    );
    const branches = new Map<number, { readonly name: string; readonly isHead: boolean }[]>();
    for (const { version_id, name, head_version_id } of rows) {
      const branch = { name, isHead: head_version_id === version_id };
      branches.set(version_id, [...(branches.get(version_id) ?? []), branch]);
    }
    return branches;
  }

  /** The newest result of each content. */
  async #verifications(contentIds: readonly number[]) {
    const rows = await inChunks([...new Set(contentIds)], (ids) =>
      this.#db
        .selectFrom('verifications as ver')
        .innerJoin('versions as v', 'v.id', 'ver.provider_version_id')
        .leftJoin('pending_runs as pending', 'pending.verification_id', 'ver.id')
        .select([
          'ver.id',
          'pending.verification_id as pendingId',
          'ver.pact_version_id',
          'ver.success',
          'ver.created_at',
          'v.id as version_id',
          'v.number',
        ])
        .where('ver.id', 'in', (query) =>
          query
            .selectFrom('verifications as newest')
            .select(({ fn }) => fn.max('newest.id').as('id'))
            .where('newest.pact_version_id', 'in', ids)
            .groupBy('newest.pact_version_id'),
        )
        .execute(),
    );
    const tags = await this.#tags(rows.map(({ version_id }) => version_id));
    return new Map<number, DashboardVerification>(
      rows.map((row) => [
        row.pact_version_id,
        {
          number: row.id + NUMBER_OFFSET,
          success: row.success === 1,
          isPendingFailure: row.pendingId !== null,
          providerVersion: row.number,
          verifiedAt: row.created_at,
          tags: tags
            .filter(({ version_id }) => version_id === row.version_id)
            .map(({ name }) => name),
        },
      ]),
    );
  }

  /** The newest run of each publication. */
  async #webhooks(publicationIds: readonly number[]) {
    const rows = await inChunks(publicationIds, (ids) =>
      this.#db
        .selectFrom('triggered_webhooks')
        .select(['publication_id', 'status', 'created_at'])
        .where('publication_id', 'in', ids)
        .orderBy('id')
        .execute(),
    );
    return new Map<number, DashboardWebhook>(
      rows.flatMap(({ publication_id, status, created_at }) =>
        publication_id === null ? [] : [[publication_id, { status, triggeredAt: created_at }]],
      ),
    );
  }

  #tags(versionIds: readonly number[]) {
    return inChunks([...new Set(versionIds)], (ids) =>
      this.#db
        .selectFrom('tags')
        .select(['version_id', 'name'])
        .where('version_id', 'in', ids)
        .orderBy('name')
        .execute(),
    );
  }
}

function pairConditions(
  where: Where,
  pair: DashboardPair | undefined,
): readonly Expression<SqlBool>[] {
  if (pair === undefined) return [];
  return [
    where('p.consumer_id', '=', pair.consumerId),
    where('p.provider_id', '=', pair.providerId),
  ];
}

function keyOf(versionId: number, providerId: number): string {
  return `${versionId}/${providerId}`;
}

async function inChunks<T>(
  ids: readonly number[],
  ask: (some: readonly number[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const found: T[] = [];
  for (let start = 0; start < ids.length; start += ASKED_AT_ONCE) {
    found.push(...(await ask(ids.slice(start, start + ASKED_AT_ONCE))));
  }
  return found;
}
