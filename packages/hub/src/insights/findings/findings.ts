import { randomUUID } from 'node:crypto';
import type { EvidenceFloor, Finding } from '@concordat/domain';
import type { Database } from '../../database/database.ts';
import { FindingStore } from '../finding-store.ts';
import type { FindingSources } from '../open-findings.ts';
import { FindingEventStore, type StoredFindingEvent } from './finding-event-store.ts';
import { FindingKeeper } from './finding-keeper.ts';
import { FindingLifeStore } from './finding-life-store.ts';
import { QuietStore } from './quiet-store.ts';
import { SharedAnswer } from './shared-answer.ts';

export interface FindingsDeps {
  readonly db: Database;
  readonly floor: EvidenceFloor;
  readonly quietHours: number;
  readonly now: () => Date;
  /** What findings are concluded from; with `isFlushed` everything that was recorded before is in it. */
  readonly sources: (isFlushed: boolean) => Promise<FindingSources>;
  /** The open ones, which others may have asked for. */
  readonly open: () => Promise<readonly Finding[]>;
  readonly onError: (error: unknown) => void;
}

/** Findings are looked through this long after a flush, or later where looking takes long. */
const SWEEP_MS = 1000;
const SWEEP_PAUSES = 20;
/** Time alone ends acknowledgements and quiet findings. */
const IDLE_SWEEP_MS = 30_000;
const HOUR_MS = 3_600_000;

/** Where traffic and contracts disagree, and what became of it: each finding opens, is seen again, and is resolved by itself. */
export class Findings {
  readonly store: FindingStore;
  readonly lives: FindingLifeStore;
  readonly events: FindingEventStore;
  readonly #keeper: FindingKeeper;
  readonly #deps: FindingsDeps;
  readonly #all: SharedAnswer<readonly Finding[]>;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #sweeping: Promise<void> = Promise.resolve();
  #sweepTookMs = 0;
  #isClosed = false;

  constructor(deps: FindingsDeps) {
    const { db, floor, now } = deps;
    const hub = randomUUID();
    this.#deps = deps;
    this.store = new FindingStore(db, hub);
    this.lives = new FindingLifeStore(db, hub);
    this.events = new FindingEventStore(db);
    this.#keeper = new FindingKeeper({
      ...{ findings: this.store, lives: this.lives, quiet: new QuietStore(db), floor, now },
      quietMs: deps.quietHours * HOUR_MS,
    });
    this.#all = new SharedAnswer(async () => this.#keeper.all(await deps.sources(true)));
  }

  /** Those that are not resolved, as these facts have it; the latest seen first. */
  current(sources: FindingSources): Promise<readonly Finding[]> {
    return this.#keeper.current(sources);
  }

  /** With everything that was recorded before; the latest seen first. */
  list(which: 'unresolved' | 'all'): Promise<readonly Finding[]> {
    return which === 'all' ? this.#all.get() : this.#deps.open();
  }

  async one(
    id: string,
  ): Promise<
    { readonly finding: Finding; readonly history: readonly StoredFindingEvent[] } | undefined
  > {
    const finding = (await this.list('all')).find((each) => each.id === id);
    return finding && { finding, history: await this.events.history(id) };
  }

  /** False when there is no such finding. `until` undefined means for ever. */
  acknowledge(
    id: string,
    said: { readonly by: string; readonly reason: string; readonly until: Date | undefined },
  ): Promise<boolean> {
    const { by, reason, until } = said;
    const untilMicros = until === undefined ? undefined : until.getTime() * 1000;
    return this.lives.acknowledge(id, { by, reason, at: this.#nowMicros(), until: untilMicros });
  }

  /** False when nobody had acknowledged it, or there is no such finding. */
  unacknowledge(id: string, by: string): Promise<boolean> {
    return this.lives.unacknowledge(id, { by, at: this.#nowMicros() });
  }

  /** Something was written that findings may follow from; they are looked through soon. */
  changed(): void {
    this.#sweepIn(Math.max(SWEEP_MS, this.#sweepTookMs * SWEEP_PAUSES));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#sweeping;
  }

  #nowMicros(): number {
    return this.#deps.now().getTime() * 1000;
  }

  #sweepIn(ms: number): void {
    const dueAt = performance.now() + ms;
    if (this.#isClosed || this.#dueAt <= dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => {
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.#sweeping = this.#sweep();
    }, ms);
    this.#timer.unref();
  }

  async #sweep(): Promise<void> {
    const start = performance.now();
    try {
      await this.#keeper.current(await this.#deps.sources(false));
    } catch (error) {
      if (!this.#isClosed) this.#deps.onError(error);
    }
    this.#sweepTookMs = performance.now() - start;
    this.#sweepIn(IDLE_SWEEP_MS);
  }
}
