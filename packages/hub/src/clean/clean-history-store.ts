import { type CleanHistory, ResultFold } from '@concordat/domain';
import type { Database } from '../database/database.ts';

/** Small enough for SQLite, which answers on the thread that serves requests, to take a few milliseconds. */
const AT_ONCE = 2_000;

/** The history of all versions, and what is not of use to anybody whatever is decided about them. */
export interface ReadHistory {
  readonly history: CleanHistory;
  /** Ids of publications and results that newer ones have replaced long enough ago. */
  readonly overwrittenPublications: readonly number[];
  readonly overwrittenResults: readonly number[];
  /** Ids of contents that no publication has, and that are not new. */
  readonly orphanContents: readonly number[];
}

/** Reads everything cleaning asks for, in slices between which others get the database and the thread. */
export class CleanHistoryStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Times are ISO text: replaced data and orphans have to be older than these. Not one state of the database: what is read last may know more. */
  async read(before: {
    readonly overwritten: string;
    readonly orphan: string;
  }): Promise<ReadHistory> {
    const pacticipants = await this.#pacticipants();
    const versions = await this.#versions();
    const branches = await this.#branches();
    const branchVersions = await this.#branchVersions();
    const tags = await this.#tags();
    const placements = await this.#placements();
    const { publications, overwrittenPublications } = await this.#publications(before.overwritten);
    const orphanContents = await this.#orphanContents(publications, before.orphan);
    const mainBranches = new Set(
      branches
        .filter(({ pacticipantId, name }) => pacticipants.get(pacticipantId)?.mainBranch === name)
        .map(({ id }) => id),
    );
    const onMain = new Set(
      branchVersions
        .filter(({ branchId }) => mainBranches.has(branchId))
        .map(({ versionId }) => versionId),
    );
    const placed = new Set(placements.map(({ versionId }) => versionId));
    const fold = new ResultFold({
      isOnMain: (versionId) => onMain.has(versionId),
      overwrittenBefore: Date.parse(before.overwritten),
    });
    const reliedOn = await this.#results(fold, placed);
    return {
      history: {
        pacticipants: [...pacticipants.values()],
        ...{ versions, branches, branchVersions, tags, placements, publications, reliedOn },
        results: fold.results(),
      },
      overwrittenPublications,
      overwrittenResults: fold.overwritten(),
      orphanContents,
    };
  }

  async #pacticipants() {
    const rows = await this.#db
      .selectFrom('pacticipants')
      .select(['id', 'name', 'main_branch as mainBranch'])
      .execute();
    return new Map(rows.map((row) => [row.id, row]));
  }

  async #versions() {
    const rows = await inSlices((after) =>
      this.#db
        .selectFrom('versions')
        .select(['id', 'pacticipant_id as pacticipantId', 'created_at as createdAt'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(AT_ONCE)
        .execute(),
    );
    return rows.map((row) => ({ ...row, createdAt: Date.parse(row.createdAt) }));
  }

  async #branches() {
    const rows = await inSlices((after) =>
      this.#db
        .selectFrom('branches')
        .select([
          'id',
          'pacticipant_id as pacticipantId',
          'name',
          'head_version_id as headVersionId',
          'created_at as createdAt',
        ])
        .where('id', '>', after)
        .orderBy('id')
        .limit(AT_ONCE)
        .execute(),
    );
    return rows.map((row) => ({ ...row, createdAt: Date.parse(row.createdAt) }));
  }

  async #branchVersions() {
    const rows = await inSlices((after) =>
      this.#db
        .selectFrom('branch_versions')
        .select(['id', 'branch_id as branchId', 'version_id as versionId', 'created_at as addedAt'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(AT_ONCE)
        .execute(),
    );
    return rows.map((row) => ({ ...row, addedAt: Date.parse(row.addedAt) }));
  }

  /** Their key is the version and the name: a slice is all tags of some versions. */
  #tags() {
    return inSlices(async (after) => {
      const versions = await this.#db
        .selectFrom('tags')
        .select('version_id as id')
        .distinct()
        .where('version_id', '>', after)
        .orderBy('version_id')
        .limit(AT_ONCE)
        .execute();
      const last = versions.at(-1)?.id;
      if (last === undefined) return [];
      return this.#db
        .selectFrom('tags')
        .select(['version_id as id', 'version_id as versionId', 'name'])
        .where('version_id', '>', after)
        .where('version_id', '<=', last)
        .orderBy('version_id')
        .execute();
    });
  }

  async #placements(): Promise<CleanHistory['placements']> {
    const deployed = await this.#db
      .selectFrom('deployed_versions as d')
      .innerJoin('environments as e', 'e.id', 'd.environment_id')
      .select(['d.version_id as versionId', 'e.name as environment'])
      .where('d.undeployed_at', 'is', null)
      .execute();
    const released = await this.#db
      .selectFrom('released_versions as r')
      .innerJoin('environments as e', 'e.id', 'r.environment_id')
      .select(['r.version_id as versionId', 'e.name as environment'])
      .where('r.support_ended_at', 'is', null)
      .execute();
    return [
      ...deployed.map((row) => ({ ...row, kind: 'deployed' as const })),
      ...released.map((row) => ({ ...row, kind: 'released' as const })),
    ];
  }

  async #publications(overwrittenBefore: string) {
    const publications: CleanHistory['publications'][number][] = [];
    const overwrittenPublications: number[] = [];
    await eachSlice(
      (after) =>
        this.#db
          .selectFrom('pact_publications')
          .select([
            'id',
            'consumer_version_id as versionId',
            'provider_id as providerId',
            'pact_version_id as contentId',
            'is_current as isCurrent',
            'created_at as createdAt',
          ])
          .where('id', '>', after)
          .orderBy('id')
          .limit(AT_ONCE)
          .execute(),
      ({ id, versionId, providerId, contentId, isCurrent, createdAt }) => {
        if (isCurrent === 1) publications.push({ versionId, providerId, contentId });
        else if (createdAt < overwrittenBefore) overwrittenPublications.push(id);
      },
    );
    return { publications, overwrittenPublications };
  }

  async #orphanContents(
    publications: CleanHistory['publications'],
    before: string,
  ): Promise<readonly number[]> {
    const published = new Set(publications.map(({ contentId }) => contentId));
    const orphans: number[] = [];
    await eachSlice(
      (after) =>
        this.#db
          .selectFrom('pact_versions')
          .select(['id', 'created_at as createdAt'])
          .where('id', '>', after)
          .orderBy('id')
          .limit(AT_ONCE)
          .execute(),
      ({ id, createdAt }) => {
        if (!published.has(id) && createdAt < before) orphans.push(id);
      },
    );
    return orphans;
  }

  /** Folds all results; answers the contents that a version of `placed` has a result of. */
  async #results(fold: ResultFold, placed: ReadonlySet<number>): Promise<readonly number[]> {
    const reliedOn = new Set<number>();
    await eachSlice(
      (after) =>
        this.#db
          .selectFrom('verifications')
          .select([
            'id',
            'pact_version_id as contentId',
            'provider_version_id as versionId',
            'success',
            'is_latest as isLatest',
            'created_at as createdAt',
          ])
          .where('id', '>', after)
          .orderBy('id')
          .limit(AT_ONCE)
          .execute(),
      (row) => {
        if (placed.has(row.versionId)) reliedOn.add(row.contentId);
        fold.add({
          ...row,
          success: row.success === 1,
          isLatest: row.isLatest === 1,
          createdAt: Date.parse(row.createdAt),
        });
      },
    );
    return [...reliedOn];
  }
}

async function inSlices<Row extends { readonly id: number }>(
  read: (after: number) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  await eachSlice(read, (row) => rows.push(row));
  return rows;
}

/** Reads by growing ids until nothing comes back; whoever waits for the database or the thread comes between. */
async function eachSlice<Row extends { readonly id: number }>(
  read: (after: number) => Promise<readonly Row[]>,
  take: (row: Row) => void,
): Promise<void> {
  let rows = await read(0);
  for (let last = rows.at(-1); last !== undefined; last = rows.at(-1)) {
    for (const row of rows) take(row);
    await new Promise((resolve) => setImmediate(resolve));
    rows = await read(last.id);
  }
}
