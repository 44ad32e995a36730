import type { FindingKind, Resolution } from '@concordat/domain';
import { type Selectable, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { FindingsTable } from '../database/tables/insight-tables.ts';
import { transact } from '../database/transact.ts';
import { addFindingEvent } from './findings/finding-event-store.ts';
import { mayTurn, type StoredAcknowledgement } from './findings/finding-life-store.ts';

/** What was seen of a finding; of one that no call shows, as its facts tell it. */
export interface FindingSighting {
  readonly id: string;
  readonly kind: FindingKind;
  /** Empty where none is meant, like environment and operation. */
  readonly consumer: string;
  readonly provider: string;
  readonly environment: string;
  readonly operation: string;
  readonly calls: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly exemplarTraceId: string;
  /** JSON; empty where no call showed it. */
  readonly exemplarCall: string;
  readonly details: readonly FindingDetail[];
}

export interface FindingDetail {
  readonly name: 'consumer-version' | 'provider-version' | 'status' | 'mismatch';
  readonly value: string;
}

/** A finding as it is kept. Times are microseconds. */
export interface FindingRecord extends FindingSighting {
  /** The latest first. */
  readonly exemplars: readonly string[];
  readonly said: string;
  readonly openedAt: number;
  readonly toldAt: number;
  readonly resolvedAt: number | undefined;
  readonly resolution: Resolution | undefined;
  readonly acknowledgement: StoredAcknowledgement | undefined;
}

/** Microseconds: now, and until when everything that was written is known. What another hub turned after that, it may know better. */
export interface FindingMoment {
  readonly at: number;
  readonly asOf: number;
}

/** How often at most an event tells that a finding is still seen. */
const TELL_AGAIN_MICROS = 600_000_000;
const MOST_EXEMPLARS = 5;

/** Keeps findings. A sighting adds to what is there and opens a resolved finding again. */
export class FindingStore {
  readonly #db: Database;
  readonly #hub: string;

  /** `hub` names this process among those that share the database. */
  constructor(db: Database, hub: string) {
    this.#db = db;
    this.#hub = hub;
  }

  /** Calls of one flush that are the same finding. */
  add(sighting: FindingSighting, now: FindingMoment): Promise<void> {
    return transact(this.#db, async (tx) => {
      const isNew = await this.#open(tx, sighting, { at: now.at, said: '' });
      if (!isNew) await this.#seeAgain(tx, sighting, now);
      await addDetails(tx, sighting);
    });
  }

  /** Opens a finding that no call showed, or opens it again; false when another hub has just resolved it. */
  conclude(
    finding: FindingSighting,
    now: FindingMoment & { readonly said: string },
  ): Promise<boolean> {
    return transact(this.#db, async (tx) => {
      if (await this.#open(tx, finding, now)) return true;
      const { at } = now;
      const reopened = await tx
        .updateTable('findings')
        .set({ ...factsOf(finding), ...this.#turn(at), said: now.said })
        .where('id', '=', finding.id)
        .where('resolved_at', 'is not', null)
        .where(mayTurn(this.#hub, now.asOf))
        .returning('id')
        .execute();
      if (reopened.length === 0) return false;
      await addFindingEvent(tx, { findingId: finding.id, kind: 'reopened', at });
      return true;
    });
  }

  /** Tells that a finding that no call showed still holds, unless that was told lately. */
  tellAgain(
    finding: FindingSighting,
    now: { readonly at: number; readonly said: string },
  ): Promise<void> {
    return transact(this.#db, async (tx) => {
      const told = await tx
        .updateTable('findings')
        .set({ ...factsOf(finding), said: now.said, told_at: now.at })
        .where('id', '=', finding.id)
        .where('told_at', '<=', now.at - TELL_AGAIN_MICROS)
        .returning('id')
        .execute();
      if (told.length > 0) {
        await addFindingEvent(tx, { findingId: finding.id, kind: 're-seen', at: now.at });
      }
    });
  }

  /** Those that are not resolved, with their details, the latest first. */
  async open(): Promise<readonly FindingRecord[]> {
    return await this.#read('open');
  }

  /** Every finding there ever was, the latest first. */
  async all(): Promise<readonly FindingRecord[]> {
    return await this.#read('all');
  }

  async #read(which: 'open' | 'all'): Promise<readonly FindingRecord[]> {
    const asked = which === 'open' ? sql<boolean>`resolved_at is null` : sql<boolean>`1 = 1`;
    const rows = await this.#db
      .selectFrom('findings')
      .selectAll()
      .where(asked)
      .orderBy('last_seen', 'desc')
      .orderBy('id')
      .execute();
    const details = await this.#db
      .selectFrom('finding_details')
      .innerJoin('findings', 'findings.id', 'finding_details.finding_id')
      .select(['finding_id', 'name', 'value'])
      .where(asked)
      .orderBy('value')
      .execute();
    const byFinding = new Map<string, FindingDetail[]>();
    for (const { finding_id, name, value } of details) {
      const known = byFinding.get(finding_id) ?? [];
      byFinding.set(finding_id, known);
      known.push({ name: name as FindingDetail['name'], value });
    }
    return rows.map((row) => recordOf(row, byFinding.get(row.id) ?? []));
  }

  async #open(
    tx: Database,
    finding: FindingSighting,
    { at, said }: { readonly at: number; readonly said: string },
  ): Promise<boolean> {
    const { id, kind, consumer, provider, environment, operation } = finding;
    const opened = await tx
      .insertInto('findings')
      .values({
        ...{ id, kind, consumer, provider, environment, operation },
        ...factsOf(finding),
        ...this.#turn(at),
        ...{ exemplar_call: finding.exemplarCall, exemplars: finding.exemplarTraceId },
        ...{ opened_at: at, said },
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .execute();
    if (opened.length > 0) await addFindingEvent(tx, { findingId: id, kind: 'opened', at });
    return opened.length > 0;
  }

  #turn(at: number) {
    return {
      ...{ resolved_at: null, resolution: null },
      ...{ turned_at: at, turned_by: this.#hub, told_at: at },
    };
  }

  async #seeAgain(tx: Database, sighting: FindingSighting, now: FindingMoment): Promise<void> {
    const { at } = now;
    const { id, calls, firstSeen, lastSeen } = sighting;
    const [known] = await tx
      .updateTable('findings')
      .set({
        calls: sql<number>`calls + ${calls}`,
        first_seen: sql<number>`case when first_seen > ${firstSeen} then ${firstSeen} else first_seen end`,
        last_seen: sql<number>`case when last_seen < ${lastSeen} then ${lastSeen} else last_seen end`,
      })
      .where('id', '=', id)
      .returning(['resolved_at', 'turned_by', 'turned_at', 'told_at', 'exemplars'])
      .execute();
    if (known === undefined) return;
    const event = this.#eventOf(known, now);
    await tx
      .updateTable('findings')
      .set({
        ...(event === 'reopened' ? this.#turn(at) : {}),
        ...(event === 're-seen' ? { told_at: at } : {}),
        exemplar_trace_id: sighting.exemplarTraceId,
        exemplar_call: sighting.exemplarCall,
        exemplars: withExemplar(known.exemplars, sighting.exemplarTraceId),
      })
      .where('id', '=', id)
      .execute();
    if (event !== undefined) await addFindingEvent(tx, { findingId: id, kind: event, at });
  }

  /** Calls that were judged by contracts which another hub has just seen replaced do not open a finding again. */
  #eventOf(
    known: Pick<Selectable<FindingsTable>, 'resolved_at' | 'turned_by' | 'turned_at' | 'told_at'>,
    { at, asOf }: FindingMoment,
  ): 'reopened' | 're-seen' | undefined {
    if (known.resolved_at === null) {
      return at - known.told_at >= TELL_AGAIN_MICROS ? 're-seen' : undefined;
    }
    const isOthers = known.turned_by !== this.#hub && known.turned_at > asOf;
    return isOthers ? undefined : 'reopened';
  }
}

async function addDetails(tx: Database, { id, details }: FindingSighting): Promise<void> {
  if (details.length === 0) return;
  await tx
    .insertInto('finding_details')
    .values(details.map((detail) => ({ finding_id: id, ...detail })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function factsOf({ calls, firstSeen, lastSeen, exemplarTraceId }: FindingSighting) {
  return {
    calls,
    first_seen: firstSeen,
    last_seen: lastSeen,
    exemplar_trace_id: exemplarTraceId,
  };
}

function withExemplar(exemplars: string, traceId: string): string {
  const others = exemplars.split(',').filter((known) => known !== '' && known !== traceId);
  return [traceId, ...others].slice(0, MOST_EXEMPLARS).join(',');
}

function recordOf(
  row: Selectable<FindingsTable>,
  details: readonly FindingDetail[],
): FindingRecord {
  const { id, consumer, provider, environment, operation, calls, said } = row;
  return {
    ...{ id, consumer, provider, environment, operation, calls, said, details },
    kind: row.kind as FindingKind,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    exemplarTraceId: row.exemplar_trace_id,
    exemplarCall: row.exemplar_call,
    exemplars: row.exemplars.split(',').filter((traceId) => traceId !== ''),
    openedAt: row.opened_at,
    toldAt: row.told_at,
    resolvedAt: row.resolved_at ?? undefined,
    resolution: (row.resolution ?? undefined) as Resolution | undefined,
    acknowledgement: acknowledgementOf(row),
  };
}

function acknowledgementOf(row: Selectable<FindingsTable>): StoredAcknowledgement | undefined {
  return row.acknowledged_at === null
    ? undefined
    : {
        by: row.acknowledged_by ?? '',
        reason: row.acknowledged_reason ?? '',
        at: row.acknowledged_at,
        until: row.acknowledged_until ?? undefined,
      };
}
