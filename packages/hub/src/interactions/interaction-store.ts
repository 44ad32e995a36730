import { type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';

/** A content whose interactions wait to be described. */
export interface UndescribedContent {
  readonly id: number;
  readonly content: string;
}

/** An interaction as the search keeps it. */
export interface SearchableInteraction {
  readonly position: number;
  readonly interactionId: string;
  readonly kind: string;
  readonly description: string;
  readonly summary: string;
  readonly lines: string;
}

export interface InteractionSearch {
  /** In lower case; each must be in the interaction. */
  readonly words: readonly string[];
  readonly consumer: string | undefined;
  readonly provider: string | undefined;
  readonly kind: string | undefined;
  /** Only contents that a head of a branch, a running version or the newest version of a pair has published. */
  readonly onlyCurrent: boolean;
  readonly page: { readonly number: number; readonly size: number };
}

/** A hit, in the newest content that has it. */
export interface FoundRow {
  readonly consumer: string;
  readonly provider: string;
  readonly sha: string;
  readonly consumerVersion: string | null;
  readonly position: number;
  readonly kind: string;
  readonly description: string;
  readonly summary: string;
  readonly lines: string;
}

/** Described interactions: written once for each content, searched by words. */
export class InteractionStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Contents above an id that nobody has described, in the order of their ids. */
  async undescribed(above: number, limit: number): Promise<readonly UndescribedContent[]> {
    return await this.#db
      .selectFrom('pact_versions')
      .leftJoin('described_contents as d', 'd.pact_version_id', 'pact_versions.id')
      .select(['pact_versions.id', 'pact_versions.content'])
      .where('pact_versions.id', '>', above)
      .where('d.pact_version_id', 'is', null)
      .orderBy('pact_versions.id')
      .limit(limit)
      .execute();
  }

  /** The id of the newest content; 0 without any. */
  async newestContent(): Promise<number> {
    const row = await this.#db
      .selectFrom('pact_versions')
      .select(({ fn }) => fn.max<number | null>('id').as('id'))
      .executeTakeFirstOrThrow();
    return row.id ?? 0;
  }

  /** Nothing happens when another hub was faster, or the content has gone; run it in a transaction. */
  async describe(
    pactVersionId: number,
    interactions: readonly SearchableInteraction[],
  ): Promise<void> {
    const taken = await this.#db
      .insertInto('described_contents')
      .columns(['pact_version_id'])
      .expression(({ selectFrom }) =>
        selectFrom('pact_versions').select('id').where('id', '=', pactVersionId),
      )
      .onConflict((conflict) => conflict.column('pact_version_id').doNothing())
      .returning('pact_version_id')
      .executeTakeFirst();
    if (taken === undefined) return;
    for (let start = 0; start < interactions.length; start += 100) {
      const rows = interactions.slice(start, start + 100).map((interaction) => ({
        pact_version_id: pactVersionId,
        position: interaction.position,
        interaction_id: interaction.interactionId,
        kind: interaction.kind,
        description: interaction.description,
        summary: interaction.summary,
        lines: interaction.lines,
        search: interaction.lines.toLowerCase(),
      }));
      await this.#db.insertInto('pact_interactions').values(rows).execute();
    }
  }

  /** A page of hits, by names and description; the same interaction in several contents of a pair is one. */
  async search(search: InteractionSearch): Promise<{
    readonly rows: readonly FoundRow[];
    readonly total: number;
  }> {
    const hits = this.#hits(search);
    const { total } = await this.#db
      .selectFrom(hits.as('hit'))
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    const { number, size } = search.page;
    const rows = await this.#db
      .selectFrom(hits.as('hit'))
      .innerJoin('pact_versions as content', 'content.id', 'hit.content_id')
      .innerJoin('pact_interactions as i', (join) =>
        join
          .onRef('i.pact_version_id', '=', 'hit.content_id')
          .onRef('i.interaction_id', '=', 'hit.interaction_id'),
      )
      .innerJoin('pacticipants as c', 'c.id', 'content.consumer_id')
      .innerJoin('pacticipants as p', 'p.id', 'content.provider_id')
      .select([
        'c.name as consumer',
        'p.name as provider',
        'content.sha',
        'i.position',
        'i.kind',
        'i.description',
        'i.summary',
        'i.lines',
        newestPublisher,
      ])
      .where(isFirstOfItsId)
      .orderBy('c.name')
      .orderBy('p.name')
      .orderBy('i.description')
      .orderBy('i.interaction_id')
      .limit(size)
      .offset((number - 1) * size)
      .execute();
    return { rows, total: Number(total) };
  }

  /** The stored content and the names of its pair. */
  async content(pair: {
    readonly consumer: string;
    readonly provider: string;
    readonly sha: string;
  }): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('pact_versions')
      .innerJoin('pacticipants as c', 'c.id', 'consumer_id')
      .innerJoin('pacticipants as p', 'p.id', 'provider_id')
      .select('content')
      .where('c.name', '=', pair.consumer)
      .where('p.name', '=', pair.provider)
      .where('sha', '=', pair.sha)
      .executeTakeFirst();
    return row?.content;
  }

  /** One row for each interaction of a pair, with the newest content that has it. */
  #hits(search: InteractionSearch) {
    const { consumer, provider, kind, words, onlyCurrent } = search;
    let query = this.#db
      .selectFrom('pact_interactions as i')
      .innerJoin('pact_versions as content', 'content.id', 'i.pact_version_id')
      .innerJoin('pacticipants as c', 'c.id', 'content.consumer_id')
      .innerJoin('pacticipants as p', 'p.id', 'content.provider_id')
      .select(({ fn }) => ['i.interaction_id', fn.max('i.pact_version_id').as('content_id')])
      .groupBy(['content.consumer_id', 'content.provider_id', 'i.interaction_id']);
    for (const word of words) {
      query = query.where(sql<SqlBool>`i.search like ${patternOf(word)} escape '\\'`);
    }
    if (consumer !== undefined) query = query.where('c.name', '=', consumer);
    if (provider !== undefined) query = query.where('p.name', '=', provider);
    if (kind !== undefined) query = query.where('i.kind', '=', kind);
    return onlyCurrent ? query.where(isCurrent) : query;
  }
}

function patternOf(word: string): string {
  return `%${word.replace(/[\\%_]/g, '\\$&')}%`;
}

/** A content may hold the same interaction twice. */
function isFirstOfItsId({
  selectFrom,
  ref,
}: ExpressionBuilder<Tables & { i: Tables['pact_interactions'] }, 'i'>) {
  return sql<SqlBool>`${ref('i.position')} = ${selectFrom('pact_interactions as same')
    .select(({ fn }) => fn.min('same.position').as('position'))
    .whereRef('same.pact_version_id', '=', 'i.pact_version_id')
    .whereRef('same.interaction_id', '=', 'i.interaction_id')}`;
}

type OfContent = ExpressionBuilder<Tables & { content: Tables['pact_versions'] }, 'content'>;

function newestPublisher({ selectFrom }: OfContent) {
  return selectFrom('pact_publications as publication')
    .innerJoin('versions as v', 'v.id', 'publication.consumer_version_id')
    .select('v.number')
    .whereRef('publication.pact_version_id', '=', 'content.id')
    .where('publication.is_current', '=', 1)
    .orderBy('publication.consumer_version_id', 'desc')
    .limit(1)
    .as('consumerVersion');
}

/** Published by the head of a branch, by what runs somewhere, or by the newest version of the pair. */
function isCurrent({ exists, selectFrom }: OfContent) {
  return exists(
    selectFrom('pact_publications as publication')
      .select('publication.id')
      .whereRef('publication.pact_version_id', '=', 'content.id')
      .where('publication.is_current', '=', 1)
      .where(({ or, eb }) =>
        or([
          eb(
            'publication.consumer_version_id',
            'in',
            selectFrom('branches')
              .select('head_version_id')
              .where('head_version_id', 'is not', null),
          ),
          eb(
            'publication.consumer_version_id',
            'in',
            selectFrom('deployed_versions').select('version_id').where('undeployed_at', 'is', null),
          ),
          eb(
            'publication.consumer_version_id',
            'in',
            selectFrom('released_versions')
              .select('version_id')
              .where('support_ended_at', 'is', null),
          ),
          eb(
            'publication.consumer_version_id',
            '=',
            selectFrom('pact_publications as newest')
              .select(({ fn }) => fn.max('newest.consumer_version_id').as('id'))
              .whereRef('newest.consumer_id', '=', 'content.consumer_id')
              .whereRef('newest.provider_id', '=', 'content.provider_id')
              .where('newest.is_current', '=', 1),
          ),
        ]),
      ),
  );
}
