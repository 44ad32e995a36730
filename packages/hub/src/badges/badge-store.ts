import type { LatestResult } from '@concordat/domain';
import type { Database } from '../database/database.ts';

/** Which pacts of a pair a badge is about: all, those of tagged consumer versions, or those of versions without tags. */
export interface BadgePick {
  readonly consumer: string;
  readonly provider: string;
  readonly tag?: string;
  readonly isUntagged?: boolean;
  /** Only results of provider versions with this tag count. */
  readonly providerTag?: string;
}

/** Reads what pact badges say, and whether what the others name exists. */
export class BadgeStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Content of the newest consumer version that fits. */
  async latestSha(pick: BadgePick): Promise<string | undefined> {
    const row = await this.#publications(pick)
      .select('content.sha')
      .orderBy('p.consumer_version_id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.sha;
  }

  /** Of the newest consumer version that has results at all, the newest. */
  async latestResult(pick: BadgePick): Promise<LatestResult | undefined> {
    let query = this.#publications(pick)
      .innerJoin('verifications as ver', 'ver.pact_version_id', 'content.id')
      .leftJoin('pending_runs as pending', 'pending.verification_id', 'ver.id')
      .select(['content.sha', 'ver.success', 'pending.verification_id as pendingId']);
    const { providerTag } = pick;
    if (providerTag !== undefined) {
      query = query.where((where) =>
        where.exists(
          where
            .selectFrom('tags')
            .select('tags.name')
            .whereRef('tags.version_id', '=', 'ver.provider_version_id')
            .where('tags.name', '=', providerTag),
        ),
      );
    }
    const row = await query
      .orderBy('p.consumer_version_id', 'desc')
      .orderBy('ver.id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && { sha: row.sha, success: row.success === 1, isPending: row.pendingId !== null };
  }

  async pacticipant(
    name: string,
  ): Promise<{ readonly id: number; readonly mainBranch: string | null } | undefined> {
    return this.#db
      .selectFrom('pacticipants')
      .select(['id', 'main_branch as mainBranch'])
      .where('name', '=', name)
      .executeTakeFirst();
  }

  async branchExists(pacticipantId: number, branch: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('branches')
      .select('id')
      .where('pacticipant_id', '=', pacticipantId)
      .where('name', '=', branch)
      .where('head_version_id', 'is not', null)
      .executeTakeFirst();
    return row !== undefined;
  }

  async tagExists(pacticipantId: number, tag: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('tags')
      .select('name')
      .where('pacticipant_id', '=', pacticipantId)
      .where('name', '=', tag)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  async environmentExists(name: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('environments')
      .select('id')
      .where('name', '=', name)
      .executeTakeFirst();
    return row !== undefined;
  }

  #publications({ consumer, provider, tag, isUntagged }: BadgePick) {
    return this.#db
      .selectFrom('pact_publications as p')
      .innerJoin('pacticipants as c', 'c.id', 'p.consumer_id')
      .innerJoin('pacticipants as r', 'r.id', 'p.provider_id')
      .innerJoin('pact_versions as content', 'content.id', 'p.pact_version_id')
      .where('p.is_current', '=', 1)
      .where('c.name', '=', consumer)
      .where('r.name', '=', provider)
      .where((where) => {
        const tags = where
          .selectFrom('tags')
          .select('tags.name')
          .whereRef('tags.version_id', '=', 'p.consumer_version_id');
        if (isUntagged === true) return where.not(where.exists(tags));
        if (tag !== undefined) return where.exists(tags.where('tags.name', '=', tag));
        return where.and([]);
      });
  }
}
