import type { Database } from '../database/database.ts';
import type { Removed } from './removal-store.ts';

export type RunStatus = 'running' | 'done' | 'stopped' | 'failed';

/** A clean-up that was started, and how far it came. */
export interface CleanRun {
  readonly uuid: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly status: RunStatus;
  readonly startedBy: string;
  /** JSON texts. */
  readonly policy: string;
  readonly planned: string;
  readonly removed: string;
  readonly error: string | null;
}

const CLAIM = 'clean';

/** Runs of the clean-up, and the claim by which hubs on one database agree that only one of them runs it. */
export class CleanRunStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Takes the claim until `until`; false when another holder's still counts at `now`, or when somebody has taken the scheduled time
   * `slot` before. Asking again before it has run out prolongs it.
   */
  async claim(options: {
    readonly holder: string;
    readonly now: string;
    readonly until: string;
    readonly slot?: string;
  }): Promise<boolean> {
    const { holder, now, until, slot } = options;
    const taken = await this.#db
      .insertInto('clean_claims')
      .values({ name: CLAIM, holder, expires_at: until, slot: slot ?? '' })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet({ holder, expires_at: until, ...(slot === undefined ? {} : { slot }) })
          .where((where) =>
            where.and([
              where.or([
                where('clean_claims.expires_at', '<=', now),
                where('clean_claims.holder', '=', holder),
              ]),
              ...(slot === undefined ? [] : [where('clean_claims.slot', '<', slot)]),
            ]),
          ),
      )
      .returning('holder')
      .executeTakeFirst();
    return taken !== undefined;
  }

  /** Keeps the claim; false when it has gone to another. */
  async prolong(holder: string, until: string): Promise<boolean> {
    const kept = await this.#db
      .updateTable('clean_claims')
      .set({ expires_at: until })
      .where('name', '=', CLAIM)
      .where('holder', '=', holder)
      .returning('holder')
      .executeTakeFirst();
    return kept !== undefined;
  }

  async release(holder: string, now: string): Promise<void> {
    await this.#db
      .updateTable('clean_claims')
      .set({ expires_at: now })
      .where('name', '=', CLAIM)
      .where('holder', '=', holder)
      .execute();
  }

  /** With the claim in hand: runs that say they go on belong to hubs that ended. */
  async closeAbandoned(now: string): Promise<void> {
    await this.#db
      .updateTable('clean_runs')
      .set({ status: 'stopped', finished_at: now, error: 'The hub ended while it ran.' })
      .where('status', '=', 'running')
      .execute();
  }

  async add(run: Omit<CleanRun, 'finishedAt' | 'error' | 'status'>): Promise<void> {
    await this.#db
      .insertInto('clean_runs')
      .values({
        uuid: run.uuid,
        started_at: run.startedAt,
        status: 'running',
        started_by: run.startedBy,
        policy: run.policy,
        planned: run.planned,
        removed: run.removed,
      })
      .execute();
  }

  async plan(uuid: string, planned: object): Promise<void> {
    await this.#db
      .updateTable('clean_runs')
      .set({ planned: JSON.stringify(planned) })
      .where('uuid', '=', uuid)
      .execute();
  }

  /** Belongs into the transaction that removed them. */
  async progress(uuid: string, removed: Removed): Promise<void> {
    await this.#db
      .updateTable('clean_runs')
      .set({ removed: JSON.stringify(removed) })
      .where('uuid', '=', uuid)
      .execute();
  }

  async finish(
    uuid: string,
    end: { readonly status: RunStatus; readonly at: string; readonly error?: string },
  ): Promise<void> {
    await this.#db
      .updateTable('clean_runs')
      .set({ status: end.status, finished_at: end.at, error: end.error ?? null })
      .where('uuid', '=', uuid)
      .execute();
  }

  find(uuid: string): Promise<CleanRun | undefined> {
    return this.#select().where('uuid', '=', uuid).executeTakeFirst() as Promise<
      CleanRun | undefined
    >;
  }

  /** The newest first. */
  list(page: { readonly number: number; readonly size: number }): Promise<readonly CleanRun[]> {
    return this.#select()
      .orderBy('id', 'desc')
      .limit(page.size)
      .offset((page.number - 1) * page.size)
      .execute() as Promise<readonly CleanRun[]>;
  }

  async count(): Promise<number> {
    const { total } = await this.#db
      .selectFrom('clean_runs')
      .select((select) => select.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    return total;
  }

  #select() {
    return this.#db
      .selectFrom('clean_runs')
      .select([
        'uuid',
        'started_at as startedAt',
        'finished_at as finishedAt',
        'status',
        'started_by as startedBy',
        'policy',
        'planned',
        'removed',
        'error',
      ]);
  }
}
