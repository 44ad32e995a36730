import { type ExpressionBuilder, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import type { Tables } from '../database/tables.ts';
import { listensTo } from './listening-webhook-store.ts';
import type { WebhookPair } from './webhook-store.ts';

/** A provider version that matters now and has not verified a content; why it matters. */
export interface RequiredVersion {
  /** Undefined, with an empty number, when the provider has no version that matters. */
  readonly id: number | undefined;
  readonly version: string;
  readonly descriptions: readonly string[];
}

/** A content of a pair, just published. */
export interface PublishedContent extends WebhookPair {
  readonly pactVersionId: number;
}

/** Reads which provider versions a content still has to be verified by. */
export class RequiredVersionStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** In one query, because most publications need no more: whether any webhook listens, and any version has to verify. */
  async check(
    content: PublishedContent,
  ): Promise<{ readonly isConfigured: boolean; readonly isRequired: boolean }> {
    const { consumerId, providerId, pactVersionId } = content;
    const found = await checking.first(this.#db, { consumerId, providerId, pactVersionId });
    // SQLite has numbers for truth values.
    return { isConfigured: Boolean(found?.isConfigured), isRequired: Boolean(found?.isRequired) };
  }

  /**
   * The head of the main branch, what is deployed and what is released, where it has no result with the content. When the provider
   * has none of these and nobody has verified the content, one without a number: somebody should hear of it all the same.
   */
  async requiredVersions(content: PublishedContent): Promise<readonly RequiredVersion[]> {
    const { providerId, pactVersionId } = content;
    const unverified = byVersion(await targets(this.#db, { providerId, pactVersionId }).execute());
    if (unverified.length > 0) return unverified;
    const known = await targets(this.#db, { providerId, pactVersionId: undefined })
      .limit(1)
      .executeTakeFirst();
    if (known !== undefined) return [];
    const result = await this.#db
      .selectFrom('verifications')
      .select('id')
      .where('pact_version_id', '=', pactVersionId)
      .limit(1)
      .executeTakeFirst();
    return result === undefined ? [{ id: undefined, version: '', descriptions: [] }] : [];
  }
}

const checking = statement((db: Database, content: Required<PublishedContent>) =>
  db.selectNoFrom((select) => [
    select
      .exists(
        select
          .selectFrom('webhooks as w')
          .select('w.id')
          .where((where) => listensTo(where, content)),
      )
      .as('isConfigured'),
    select.exists(targets(db, content)).as('isRequired'),
  ]),
);

interface VersionTables extends Tables {
  readonly v: Tables['versions'];
}

/** Versions of the provider that matter now; with a content only those that have no result with it. */
function targets(
  db: Database,
  wanted: { readonly providerId: number; readonly pactVersionId: number | undefined },
) {
  const { providerId } = wanted;
  return mainBranchHeads(db, wanted)
    .where('r.id', '=', providerId)
    .unionAll(
      db
        .selectFrom('deployed_versions as d')
        .innerJoin('environments as e', 'e.id', 'd.environment_id')
        .innerJoin('versions as v', 'v.id', 'd.version_id')
        .select(['v.id as id', 'v.number as version', 'e.name as place'])
        .select([sql<string>`'deployed'`.as('kind'), 'd.id as position'])
        .where('d.pacticipant_id', '=', providerId)
        .where('d.undeployed_at', 'is', null)
        .where((where) => unverified(where as unknown as VersionExpression, wanted)),
    )
    .unionAll(
      db
        .selectFrom('released_versions as d')
        .innerJoin('environments as e', 'e.id', 'd.environment_id')
        .innerJoin('versions as v', 'v.id', 'd.version_id')
        .select(['v.id as id', 'v.number as version', 'e.name as place'])
        .select([sql<string>`'released'`.as('kind'), 'd.id as position'])
        .where('d.pacticipant_id', '=', providerId)
        .where('d.support_ended_at', 'is', null)
        .where((where) => unverified(where as unknown as VersionExpression, wanted)),
    );
}

type VersionExpression = ExpressionBuilder<VersionTables, 'v'>;

function mainBranchHeads(db: Database, wanted: { readonly pactVersionId: number | undefined }) {
  return db
    .selectFrom('pacticipants as r')
    .innerJoin('branches as b', (join) =>
      join.onRef('b.pacticipant_id', '=', 'r.id').onRef('b.name', '=', 'r.main_branch'),
    )
    .innerJoin('versions as v', 'v.id', 'b.head_version_id')
    .select(['v.id as id', 'v.number as version', 'v.number as place'])
    .select([sql<string>`'latest'`.as('kind'), sql<number>`0`.as('position')])
    .where((where) => unverified(where as unknown as VersionExpression, wanted));
}

function unverified(
  where: VersionExpression,
  { pactVersionId }: { readonly pactVersionId: number | undefined },
) {
  if (pactVersionId === undefined) return where.lit(true);
  return where.not(
    where.exists(
      where
        .selectFrom('verifications')
        .select('verifications.id')
        .whereRef('verifications.provider_version_id', '=', 'v.id')
        .where('verifications.pact_version_id', '=', pactVersionId),
    ),
  );
}

interface RequiredRow {
  readonly id: number;
  readonly version: string;
  readonly place: string;
  readonly kind: string;
  readonly position: number;
}

const KINDS = ['latest', 'deployed', 'released'];

function byVersion(rows: readonly RequiredRow[]): readonly RequiredVersion[] {
  const sorted = [...rows].sort(
    (left, right) =>
      KINDS.indexOf(left.kind) - KINDS.indexOf(right.kind) || left.position - right.position,
  );
  const versions = new Map<number, { version: string; descriptions: Set<string> }>();
  for (const { id, version, place, kind } of sorted) {
    const known = versions.get(id) ?? { version, descriptions: new Set<string>() };
    known.descriptions.add(kind === 'latest' ? 'latest from main branch' : `${kind} in ${place}`);
    versions.set(id, known);
  }
  return [...versions].map(([id, { version, descriptions }]) => ({
    id,
    version,
    descriptions: [...descriptions],
  }));
}
