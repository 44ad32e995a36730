import type { TransferRecordOf } from '@concordat/api';
import { PostgresAdapter, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { ImportScope, Numbered } from './import-scope.ts';
import { idOfContent, pairOf } from './pact-import-store.ts';
import { idOfVersion } from './version-import-store.ts';

type ResultItem = Numbered<TransferRecordOf<'verification'>>;

/** A result that was just written and has test results. */
export interface ImportedResult {
  readonly id: number;
  readonly pactVersionId: number;
  readonly success: boolean;
  /** JSON text. */
  readonly testResults: string;
}

export interface ResultRules {
  /** The number by which clients know the result with the id 1. */
  readonly firstResultNumber: number;
  /** Keeps what follows from test results, as publishing them does. */
  readonly keepDetails: (tx: Database, results: readonly ImportedResult[]) => Promise<void>;
}

/**
 * Writes verification results. The hub knows a result again by content, provider version, time and what it says. A new one
 * comes after all others; it keeps its number when that is higher than theirs, as it always is in a hub without results.
 */
export class ResultImport {
  readonly #scope: ImportScope;
  readonly #rules: ResultRules;
  #highestBefore: number | undefined;
  #highest = 0;

  constructor(scope: ImportScope, rules: ResultRules) {
    this.#scope = scope;
    this.#rules = rules;
  }

  async import(items: readonly ResultItem[]): Promise<void> {
    const scope = this.#scope;
    this.#highestBefore ??= await this.#highestId();
    await scope.known.findContents(items.map(({ record }) => record));
    await scope.known.findVersions(items.map(({ record }) => providerVersionOf(record)));
    const rows = items.map((item) => resultRow(scope, item));
    const known = await this.#known(rows);
    const missing = rows.filter((row) => !known.has(resultKey(row)));
    scope.count('verification', 'created', missing.length);
    scope.count('verification', 'unchanged', rows.length - missing.length);
    if (missing.length === 0) return;
    const numbered = missing.map(({ number, isPendingRun, ...row }) => ({
      isPendingRun,
      row: { id: this.#idFor(number), ...row },
    }));
    const written = numbered.map(({ row }) => row);
    await scope.tx.insertInto('verifications').values(written).execute();
    const pending = numbered.filter(({ isPendingRun }) => isPendingRun);
    if (pending.length > 0) {
      const runs = pending.map(({ row }) => ({ verification_id: row.id }));
      await scope.tx.insertInto('pending_runs').values(runs).execute();
    }
    const detailed = written.flatMap((row) => importedResult(row) ?? []);
    if (detailed.length > 0) await this.#rules.keepDetails(scope.tx, detailed);
  }

  /** To be called when all are written: of several results of one content and provider version the last is the latest. */
  async settle(): Promise<void> {
    const { tx, tallies } = this.#scope;
    if ((tallies.verification?.created ?? 0) === 0) return;
    await tx
      .updateTable('verifications')
      .set({ is_latest: 0 })
      .where('is_latest', '=', 1)
      .where((where) =>
        where.exists(
          where
            .selectFrom('verifications as later')
            .select('later.id')
            .whereRef('later.pact_version_id', '=', 'verifications.pact_version_id')
            .where('later.is_latest', '=', 1)
            .whereRef('later.provider_version_id', '=', 'verifications.provider_version_id')
            .whereRef('later.id', '>', 'verifications.id'),
        ),
      )
      .execute();
    // Ids that were given do not move PostgreSQL's own counting on, as they do SQLite's.
    if (tx.getExecutor().adapter instanceof PostgresAdapter) {
      await sql`select setval(pg_get_serial_sequence('verifications', 'id'), ${this.#highest})`.execute(
        tx,
      );
    }
  }

  #idFor(number: number): number {
    const wanted = number - this.#rules.firstResultNumber + 1;
    this.#highest = Math.max(this.#highest + 1, wanted);
    return this.#highest;
  }

  async #highestId(): Promise<number> {
    const row = await this.#scope.tx
      .selectFrom('verifications')
      .select((select) => select.fn.max('id').as('id'))
      .executeTakeFirst();
    this.#highest = row?.id ?? 0;
    return this.#highest;
  }

  /** Keys of those rows that the hub had before this import. */
  async #known(rows: readonly ResultRow[]): Promise<ReadonlySet<string>> {
    const before = this.#highestBefore ?? 0;
    if (before === 0) return new Set();
    const found = await this.#scope.tx
      .selectFrom('verifications')
      .select(['pact_version_id', 'provider_version_id', 'success', 'is_wip', 'created_at'])
      .select('build_url')
      .where('pact_version_id', 'in', [...new Set(rows.map((row) => row.pact_version_id))])
      .where('provider_version_id', 'in', [...new Set(rows.map((row) => row.provider_version_id))])
      .where('id', '<=', before)
      .execute();
    return new Set(found.map(resultKey));
  }
}

type ResultRow = ReturnType<typeof resultRow>;

function resultRow(scope: ImportScope, item: ResultItem) {
  const { record } = item;
  return {
    ...pairOf(scope, item),
    number: record.number,
    isPendingRun: record.pending === true,
    pact_version_id: idOfContent(scope, item),
    provider_version_id: idOfVersion(scope, item, providerVersionOf(record)),
    success: record.success ? 1 : 0,
    is_wip: record.wip ? 1 : 0,
    is_latest: 1,
    build_url: record.buildUrl ?? null,
    created_at: record.createdAt,
    verified_by: record.verifiedBy ?? null,
    test_results: record.testResults ?? null,
  };
}

function resultKey(
  row: Pick<
    ResultRow,
    'pact_version_id' | 'provider_version_id' | 'success' | 'is_wip' | 'created_at' | 'build_url'
  >,
): string {
  return JSON.stringify([
    row.pact_version_id,
    row.provider_version_id,
    row.success,
    row.is_wip,
    row.created_at,
    row.build_url,
  ]);
}

function providerVersionOf(record: {
  readonly provider: string;
  readonly providerVersion: string;
}) {
  return { pacticipant: record.provider, number: record.providerVersion };
}

function importedResult(row: {
  readonly id: number;
  readonly pact_version_id: number;
  readonly success: number;
  readonly test_results: string | null;
}): ImportedResult | undefined {
  if (row.test_results === null) return undefined;
  return {
    id: row.id,
    pactVersionId: row.pact_version_id,
    success: row.success === 1,
    testResults: row.test_results,
  };
}
