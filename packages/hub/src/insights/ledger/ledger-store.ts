import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../database/database.ts';
import {
  inBuckets,
  inEnvironment,
  latestExemplar,
  traceIdOf,
  transportOf,
} from '../call-count-store.ts';
import type { PromiseStart } from '../promise-store.ts';
import type { LedgerEntry, LedgerQuestion, PromiseEntry, UsageLedger } from './ledger-entry.ts';

const NAMES = [
  'consumer',
  'provider',
  'environment',
  'consumer_version',
  'provider_version',
] as const;

interface CountRow {
  readonly consumer: string;
  readonly provider: string;
  readonly environment: string;
  readonly consumer_version: string;
  readonly provider_version: string;
  readonly count: number;
  readonly sampled: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly exemplar: string;
}

/** The ledger over the hub's counts: minutes where a window is asked for, else the totals of all time. */
export class LedgerStore implements UsageLedger {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async calls(question: LedgerQuestion): Promise<readonly LedgerEntry[]> {
    const rows = await this.#db
      .selectFrom('call_counts')
      .select([...NAMES, 'transport', 'operation', 'status'])
      .select([...sums, sql<number>`sum(decided)`.as('decided')])
      .where(asked(question))
      .groupBy([...NAMES, 'transport', 'operation', 'status'])
      .execute();
    return rows.map(({ transport, operation, status, decided, ...row }) => ({
      ...entryOf(row),
      decided: Number(decided),
      transport: transportOf(transport),
      operation,
      status: status === 'message' ? '' : status,
    }));
  }

  async promises(question: LedgerQuestion): Promise<readonly PromiseEntry[]> {
    const rows = await this.#db
      .selectFrom('usage_counts')
      .select([...NAMES, 'shape'])
      .select(sums)
      .where(asked(question))
      .groupBy([...NAMES, 'shape'])
      .execute();
    return rows.map(({ shape, ...row }) => ({ ...entryOf(row), shape }));
  }

  /** Since when the promises of a provider are watched. */
  async watched(provider: string): Promise<readonly PromiseStart[]> {
    const rows = await this.#db
      .selectFrom('watched_promises')
      .selectAll()
      .where('provider', '=', provider)
      .execute();
    return rows.map(({ calls_before, transport, ...row }) => ({
      ...row,
      transport: transport === 'message' ? 'message' : 'http',
      callsBefore: calls_before,
    }));
  }
}

const sums = [
  sql<number>`sum(calls)`.as('count'),
  sql<number>`sum(sampled)`.as('sampled'),
  sql<number>`min(first_seen)`.as('firstSeen'),
  sql<number>`max(last_seen)`.as('lastSeen'),
  latestExemplar.as('exemplar'),
] as const;

function asked(question: LedgerQuestion): RawBuilder<boolean> {
  const { consumer, provider } = question;
  const conditions = [
    inBuckets(question),
    inEnvironment(question),
    ...(consumer === undefined ? [] : [sql<boolean>`consumer = ${consumer}`]),
    ...(provider === undefined ? [] : [sql<boolean>`provider = ${provider}`]),
  ];
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

function entryOf(row: CountRow): Omit<PromiseEntry, 'shape'> {
  return {
    consumer: row.consumer,
    provider: row.provider,
    environment: row.environment,
    consumerVersion: row.consumer_version,
    providerVersion: row.provider_version,
    count: Number(row.count),
    sampled: Number(row.sampled),
    firstSeen: row.firstSeen,
    lastSeen: row.lastSeen,
    exemplarTraceId: traceIdOf(row.exemplar),
  };
}
