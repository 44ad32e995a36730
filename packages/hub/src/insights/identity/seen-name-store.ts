import type { UnknownService } from '@concordat/domain';
import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';

/** The names under which something was ever seen. It writes nothing. */
export class SeenNameStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Databases are left out: no pacticipant is one. */
  async all(): Promise<readonly UnknownService[]> {
    const found = new Map<string, UnknownService>();
    const add = (one: UnknownService): void => {
      const known = found.get(one.service);
      found.set(one.service, {
        service: one.service,
        calls: one.calls + (known?.calls ?? 0),
        lastSeen: Math.max(one.lastSeen, known?.lastSeen ?? 0),
        virtual: one.virtual && (known?.virtual ?? true),
      });
    };
    for (const one of await this.#peers('consumer')) add(one);
    for (const one of await this.#peers('provider')) add(one);
    for (const one of await this.#services()) add(one);
    return [...found.values()];
  }

  async #peers(side: 'consumer' | 'provider'): Promise<readonly UnknownService[]> {
    const rows = await this.#db
      .selectFrom('call_counts')
      .select(({ fn }) => [
        sql.ref<string>(side).as('service'),
        fn.sum<number>('calls').as('calls'),
        fn.max('last_seen').as('lastSeen'),
        fn.min(`${side}_virtual`).as('virtual'),
      ])
      .where('bucket', '=', 0)
      .where('transport', '<>', 'database')
      .groupBy(side)
      .execute();
    return rows.map(({ service, calls, lastSeen, virtual }) => ({
      ...{ service, calls: Number(calls), lastSeen: Number(lastSeen) },
      virtual: Number(virtual) === 1,
    }));
  }

  /** A service may send spans and take part in no call. */
  async #services(): Promise<readonly UnknownService[]> {
    const rows = await this.#db
      .selectFrom('running_versions')
      .select(({ fn }) => ['service', fn.max('last_seen').as('lastSeen')])
      .groupBy('service')
      .execute();
    return rows.map(({ service, lastSeen }) => ({
      ...{ service, calls: 0, lastSeen: Number(lastSeen), virtual: false },
    }));
  }
}
