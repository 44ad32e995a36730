import type { PublishedVersion, VersionProbes } from '@concordat/domain';
import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';

const MOST_CANDIDATES = 200;

/** Finds the versions of a pacticipant that a sent one may mean. It writes nothing. */
export class PublishedVersionStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async exists(pacticipant: string, number: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom('versions as v')
      .innerJoin('pacticipants as p', 'p.id', 'v.pacticipant_id')
      .select('v.id')
      .where('p.name', '=', pacticipant)
      .where('v.number', '=', number)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** The latest first, and no more than are worth looking at. */
  async candidates(
    pacticipant: string,
    { texts, starts, commits, build }: VersionProbes,
  ): Promise<readonly PublishedVersion[]> {
    const rows = await this.#db
      .selectFrom('versions as v')
      .innerJoin('pacticipants as p', 'p.id', 'v.pacticipant_id')
      .select(['v.id', 'v.number', 'v.build_url'])
      .where('p.name', '=', pacticipant)
      .where(({ or, eb, exists, selectFrom }) =>
        or([
          eb('v.number', 'in', [...texts]),
          ...starts.map((start) => like('v.number', `${escaped(start)}%`)),
          ...commits.map((commit) => like('v.number', `%${escaped(commit)}%`)),
          ...(build === undefined ? [] : [like('v.build_url', `%${escaped(build)}%`)]),
          exists(
            selectFrom('tags as t')
              .select('t.version_id')
              .whereRef('t.version_id', '=', 'v.id')
              .where('t.name', 'in', [...texts]),
          ),
        ]),
      )
      .orderBy('v.id', 'desc')
      .limit(MOST_CANDIDATES)
      .execute();
    const tags = await this.#tagsOf(rows.map(({ id }) => id));
    return rows.map(({ id, number, build_url }) => ({
      number,
      tags: tags.get(id) ?? [],
      buildUrl: build_url ?? undefined,
    }));
  }

  /** The commit that a running version was built from, as its spans once told. */
  async revision(service: string, version: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('running_versions')
      .select('revision')
      .where('service', '=', service)
      .where('version', '=', version)
      .where('revision', '<>', '')
      .executeTakeFirst();
    return row?.revision;
  }

  async #tagsOf(versionIds: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> {
    const tags = new Map<number, string[]>();
    if (versionIds.length === 0) return tags;
    const rows = await this.#db
      .selectFrom('tags')
      .select(['version_id', 'name'])
      .where('version_id', 'in', [...versionIds])
      .execute();
    for (const { version_id, name } of rows) {
      tags.set(version_id, [...(tags.get(version_id) ?? []), name]);
    }
    return tags;
  }
}

/** Letters of either case: so the two databases agree. */
function like(column: 'v.number' | 'v.build_url', pattern: string) {
  return sql<boolean>`lower(${sql.ref(column)}) like ${pattern.toLowerCase()} escape '\\'`;
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
