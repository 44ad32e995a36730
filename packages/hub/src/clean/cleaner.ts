import { randomUUID } from 'node:crypto';
import type { CleanPreview } from '@concordat/api';
import type { Database } from '../database/database.ts';
import type { DataCleaned } from '../events.ts';
import type { Log } from '../log.ts';
import { policyResource } from './clean-resource.ts';
import { type CleanRun, CleanRunStore } from './clean-run-store.ts';
import { type CleanRequest, type PlannedClean, planClean } from './plan-clean.ts';
import { previewClean } from './preview-clean.ts';
import { nothingRemoved, type Removed } from './removal-store.ts';
import { removePlanned } from './remove-planned.ts';

/** How long a hub may be silent before another may take its place, and how often it speaks up while it reads. */
const CLAIM_MS = 30_000;
const HEARTBEAT_MS = 10_000;

export interface CleanerOptions {
  readonly db: Database;
  readonly now: () => Date;
  readonly log: Log;
  /** Told after a run that removed something. */
  readonly cleaned: (event: DataCleaned) => Promise<void>;
}

export interface StartRequest extends CleanRequest {
  readonly startedBy: string;
  /** The scheduled time this run is for: every time is taken once, whatever the number of hubs. */
  readonly slot?: string;
}

/** Runs clean-ups, one at a time over all hubs on the database. */
export class Cleaner {
  readonly #options: CleanerOptions;
  readonly #holder = randomUUID();
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: CleanerOptions) {
    this.#options = options;
  }

  /** What a run would remove; nothing is written. */
  async preview(
    request: CleanRequest,
    options: { readonly explain: boolean },
  ): Promise<CleanPreview> {
    const { db, now } = this.#options;
    return previewClean(await planClean(request, { db, now: now() }), { db, request, ...options });
  }

  /** Starts a run and answers it at once; undefined when one is under way, or when its slot is taken. */
  async start(request: StartRequest): Promise<CleanRun | undefined> {
    const { db } = this.#options;
    const { startedBy, slot } = request;
    if (this.#running !== undefined || this.#isStopped) return undefined;
    const at = this.#options.now();
    const until = new Date(at.getTime() + CLAIM_MS).toISOString();
    const store = new CleanRunStore(db);
    const claim = { holder: this.#holder, now: at.toISOString(), until };
    if (!(await store.claim({ ...claim, ...(slot !== undefined && { slot }) }))) return undefined;
    await store.closeAbandoned(at.toISOString());
    const uuid = randomUUID();
    await store.add({
      uuid,
      startedAt: at.toISOString(),
      startedBy,
      policy: JSON.stringify(policyResource(request.policy)),
      planned: 'null',
      removed: JSON.stringify(nothingRemoved),
    });
    this.#running = this.#run(uuid, request).finally(() => {
      this.#running = undefined;
    });
    return store.find(uuid);
  }

  /** Resolves when no run is under way. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Ends a run after the batch it is at. */
  async close(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  async #run(uuid: string, request: StartRequest): Promise<void> {
    const { db, now, log } = this.#options;
    const store = new CleanRunStore(db);
    try {
      const removed = await this.#remove(uuid, request);
      const status = this.#isStopped ? 'stopped' : 'done';
      await store.finish(uuid, { status, at: now().toISOString() });
      await store.release(this.#holder, now().toISOString());
      await this.#tell(removed, request.startedBy);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      log('error', 'a clean-up failed; what it has removed stays removed', {
        run: uuid,
        error: error instanceof Error ? (error.stack ?? text) : text,
      });
      await store.finish(uuid, { status: 'failed', at: now().toISOString(), error: text });
      await store.release(this.#holder, now().toISOString());
    }
  }

  async #remove(uuid: string, request: StartRequest): Promise<Removed> {
    const { db } = this.#options;
    const planned = await this.#plan(request);
    await new CleanRunStore(db).plan(uuid, planned.summary);
    return removePlanned(planned, {
      db,
      runUuid: uuid,
      prolong: (tx) => this.#prolong(tx),
      isStopped: () => this.#isStopped,
    });
  }

  /** Reading a large history takes longer than a claim lasts; when the claim is lost all the same, the first removal finds out. */
  async #plan(request: StartRequest): Promise<PlannedClean> {
    const { db, now, log } = this.#options;
    const heartbeat = setInterval(() => {
      this.#prolong(db).catch((error: unknown) =>
        log('warn', 'the claim to clean up could not be prolonged', { error: String(error) }),
      );
    }, HEARTBEAT_MS);
    try {
      return await planClean(request, { db, now: now() });
    } finally {
      clearInterval(heartbeat);
    }
  }

  #prolong(db: Database): Promise<boolean> {
    const until = new Date(this.#options.now().getTime() + CLAIM_MS).toISOString();
    return new CleanRunStore(db).prolong(this.#holder, until);
  }

  async #tell(removed: Removed, startedBy: string): Promise<void> {
    if (Object.values(removed).every((count) => count === 0)) return;
    const at = this.#options.now();
    await this.#options.cleaned({ kind: 'dataCleaned', at, startedBy, ...removed });
  }
}
