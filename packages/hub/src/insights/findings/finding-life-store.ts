import type { Resolution } from '@concordat/domain';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../database/database.ts';
import { transact } from '../../database/transact.ts';
import { addFindingEvent } from './finding-event-store.ts';

/** Who lets a finding be, and why; times in microseconds. */
export interface StoredAcknowledgement {
  readonly by: string;
  readonly reason: string;
  readonly at: number;
  readonly until: number | undefined;
}

export interface ResolutionOrder {
  /** Microseconds. */
  readonly at: number;
  readonly resolution: Resolution;
  /** A turn that another hub made after this time stands: it may know newer contracts. Microseconds. */
  readonly asOf?: number;
}

/** Turns findings. Each turn is one transaction and one event, whoever else asks for the same at the same time. */
export class FindingLifeStore {
  readonly #db: Database;
  readonly #hub: string;

  /** `hub` names this process among those that share the database. */
  constructor(db: Database, hub: string) {
    this.#db = db;
    this.#hub = hub;
  }

  /** Findings that are resolved already keep their time; answers how many were turned. */
  async resolve(ids: readonly string[], order: ResolutionOrder): Promise<number> {
    let turned = 0;
    for (const id of ids) turned += await transact(this.#db, (tx) => this.#resolve(tx, id, order));
    return turned;
  }

  async #resolve(tx: Database, id: string, order: ResolutionOrder): Promise<number> {
    const { at, resolution, asOf } = order;
    const turned = await tx
      .updateTable('findings')
      .set({ resolved_at: at, resolution, turned_at: at, turned_by: this.#hub })
      .where('id', '=', id)
      .where('resolved_at', 'is', null)
      .where(asOf === undefined ? sql<boolean>`1 = 1` : mayTurn(this.#hub, asOf))
      .returning('id')
      .execute();
    if (turned.length > 0) {
      await addFindingEvent(tx, { findingId: id, kind: 'resolved', at, note: resolution });
    }
    return turned.length;
  }

  /** A later acknowledgement replaces an earlier one. False when there is no such finding. */
  acknowledge(id: string, acknowledgement: StoredAcknowledgement): Promise<boolean> {
    const { by, reason, at, until } = acknowledgement;
    return transact(this.#db, async (tx) => {
      const found = await tx
        .updateTable('findings')
        .set({
          acknowledged_by: by,
          acknowledged_reason: reason,
          acknowledged_at: at,
          acknowledged_until: until ?? null,
        })
        .where('id', '=', id)
        .returning('id')
        .execute();
      if (found.length === 0) return false;
      await addFindingEvent(tx, { findingId: id, kind: 'acknowledged', at, by, note: reason });
      return true;
    });
  }

  /** False when nobody had acknowledged it, or there is no such finding. */
  unacknowledge(
    id: string,
    { by, at }: { readonly by: string; readonly at: number },
  ): Promise<boolean> {
    return transact(this.#db, async (tx) => {
      const found = await tx
        .updateTable('findings')
        .set(NOT_ACKNOWLEDGED)
        .where('id', '=', id)
        .where('acknowledged_at', 'is not', null)
        .returning('id')
        .execute();
      if (found.length === 0) return false;
      await addFindingEvent(tx, { findingId: id, kind: 'unacknowledged', at, by });
      return true;
    });
  }

  /** Ends acknowledgements whose time is over; answers how many. */
  async expire(at: number): Promise<number> {
    const over = await this.#db
      .selectFrom('findings')
      .select('id')
      .where('acknowledged_until', '<=', at)
      .execute();
    let ended = 0;
    for (const { id } of over) ended += await transact(this.#db, (tx) => expireOne(tx, id, at));
    return ended;
  }
}

/** What another hub has turned since then is left to it. */
export function mayTurn(hub: string, asOf: number): RawBuilder<boolean> {
  return sql<boolean>`(turned_by = ${hub} or turned_at <= ${asOf})`;
}

const NOT_ACKNOWLEDGED = {
  acknowledged_by: null,
  acknowledged_reason: null,
  acknowledged_at: null,
  acknowledged_until: null,
};

async function expireOne(tx: Database, id: string, at: number): Promise<number> {
  const ended = await tx
    .updateTable('findings')
    .set(NOT_ACKNOWLEDGED)
    .where('id', '=', id)
    .where('acknowledged_until', '<=', at)
    .returning('id')
    .execute();
  if (ended.length > 0) {
    await addFindingEvent(tx, { findingId: id, kind: 'acknowledgement-expired', at });
  }
  return ended.length;
}
