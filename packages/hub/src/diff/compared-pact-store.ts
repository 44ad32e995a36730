import type { Database } from '../database/database.ts';

/** A publication as a comparison shows it. */
export interface ComparedPact {
  readonly consumer: string;
  readonly provider: string;
  readonly versionId: number;
  readonly version: string;
  readonly sha: string;
  readonly createdAt: string;
  /** JSON text as stored. */
  readonly content: string;
}

interface Pair {
  readonly consumer: string;
  readonly provider: string;
}

/** Finds the two pacts of a comparison. */
export class ComparedPactStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** What a consumer version published. */
  ofVersion(pair: Pair, version: string): Promise<ComparedPact | undefined> {
    return this.#newest(pair).where('v.number', '=', version).executeTakeFirst();
  }

  /** The newest publication of a content. */
  ofContent(pair: Pair, sha: string): Promise<ComparedPact | undefined> {
    return this.#newest(pair).where('content.sha', '=', sha).executeTakeFirst();
  }

  /** The newest publication of an earlier consumer version with another content. */
  previousDistinct(pact: ComparedPact): Promise<ComparedPact | undefined> {
    return this.#newest(pact)
      .where('v.id', '<', pact.versionId)
      .where('content.sha', '!=', pact.sha)
      .executeTakeFirst();
  }

  #newest({ consumer, provider }: Pair) {
    return this.#db
      .selectFrom('pact_publications as p')
      .innerJoin('versions as v', 'v.id', 'p.consumer_version_id')
      .innerJoin('pacticipants as c', 'c.id', 'p.consumer_id')
      .innerJoin('pacticipants as r', 'r.id', 'p.provider_id')
      .innerJoin('pact_versions as content', 'content.id', 'p.pact_version_id')
      .select([
        'c.name as consumer',
        'r.name as provider',
        'v.id as versionId',
        'v.number as version',
        'content.sha as sha',
        'p.created_at as createdAt',
        'content.content as content',
      ])
      .where('p.is_current', '=', 1)
      .where('c.name', '=', consumer)
      .where('r.name', '=', provider)
      .orderBy('v.id', 'desc')
      .limit(1);
  }
}
