import type { Call, CallCause } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { WriteSteps } from '../database/write-steps.ts';
import { CallCountStore } from './call-count-store.ts';
import type { ContractBook } from './contract-book.ts';
import { CallCounter, MICROS_AHEAD } from './count-calls.ts';
import { EdgeLatencyStore } from './edge-latency-store.ts';
import { EdgeLatencyTally } from './edge-latency-tally.ts';
import type { FindingStore } from './finding-store.ts';
import { GuardRecorder } from './guard/guard-recorder.ts';
import { OperationLinkStore } from './operation-link-store.ts';
import { OperationLinkTally } from './operation-link-tally.ts';
import type { PromiseBook } from './promise-book.ts';
import { VersionStore } from './version-store.ts';
import { type SeenService, VersionTally } from './version-tally.ts';

export interface RecorderOptions {
  /** At most this long after a call its counts are in the database; a crash loses no more than that. */
  readonly flushMs: number;
  /** The same for latencies and causes, which are many rows; a read writes them at once. */
  readonly latencyMs: number;
  /**
   * This long after a change of contracts they are looked at, calls or not; changes until then share the work. Where looking takes
   * long it is put off longer, so that a busy hub spends little of its time on it.
   */
  readonly refreshMs: number;
  /** How long a report about a failing answer waits for a retry that is kept. */
  readonly retryMs: number;
  /** Calls beyond this many unwritten ones are dropped and counted. */
  readonly capacity: number;
}

export const defaultRecorder: RecorderOptions = {
  flushMs: 500,
  latencyMs: 2000,
  refreshMs: 5000,
  retryMs: 3000,
  capacity: 500_000,
};

export interface RecorderDeps {
  readonly db: Database;
  readonly book: ContractBook;
  readonly findings: FindingStore;
  /** Services that only pass calls on. */
  readonly gateways?: readonly string[];
  readonly now: () => Date;
  readonly options: RecorderOptions;
  /** Told when a flush is done. */
  readonly onFlushed?: () => void;
  /** Told of a flush that failed; its calls are tried again with the next. */
  readonly onError: (error: unknown) => void;
}

/** The pause before a refresh is at least this many times as long as the last one took. */
const REFRESH_PAUSES = 20;
const CALLS_A_STEP = 2000;

/**
 * Takes observed calls off the ingest path: `record` only queues, a flush within the stated time judges them, counts them
 * in memory and adds the counts to the database in small steps.
 */
export class CallRecorder {
  readonly #deps: RecorderDeps;
  readonly #counts: CallCountStore;
  readonly #latencyStore: EdgeLatencyStore;
  readonly #versionStore: VersionStore;
  readonly #counter: CallCounter;
  #queue: Call[] = [];
  #versions = new VersionTally();
  #timer: NodeJS.Timeout | undefined;
  #refreshTimer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  readonly #steps = new WriteSteps();
  readonly #latencies = new EdgeLatencyTally();
  readonly #linkStore: OperationLinkStore;
  readonly #links = new OperationLinkTally();
  readonly #guards: GuardRecorder;
  #latenciesWrittenAt = 0;
  #isAsked = false;
  #dropped = 0;
  #refreshTookMs = 0;
  #closed = false;
  /** Of the last promise book, and of the oldest that judged what is not planned yet. */
  #asOf = 0;
  #judgedAsOf = Number.POSITIVE_INFINITY;
  /** The last flush did: what comes now waits in the bounded queue. */
  #isFailing = false;

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
    this.#counts = new CallCountStore(deps.db);
    this.#latencyStore = new EdgeLatencyStore(deps.db);
    this.#linkStore = new OperationLinkStore(deps.db);
    this.#guards = new GuardRecorder(deps.db);
    this.#versionStore = new VersionStore(deps.db);
    const { retryMs, capacity } = deps.options;
    const { gateways = [] } = deps;
    this.#counter = new CallCounter({ windowMs: retryMs, capacity, gateways });
  }

  /** Calls that were dropped because too many waited. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Counted at once where the contracts are known and the database takes what is written; else queued. */
  record(calls: readonly Call[]): void {
    const book = this.#queue.length === 0 && !this.#isFailing ? this.#deps.book.peek() : undefined;
    if (book === undefined) this.#enqueue(calls);
    else this.#count(book, calls);
    this.#guards.add(calls, this.#latestMicros());
    this.#scheduleFlush();
  }

  /** Calls that were recorded before, of which a verdict of a live guard came late. */
  judge(verdicts: readonly Call[]): void {
    this.#counter.judge(verdicts);
    this.#guards.add(verdicts, this.#latestMicros());
    this.#scheduleFlush();
  }

  #count(book: PromiseBook, calls: readonly Call[]): void {
    this.#counter.count(book, calls, this.#deps.now().getTime());
    this.#judgedAsOf = Math.min(this.#judgedAsOf, book.asOf);
  }

  #latestMicros(): number {
    return this.#deps.now().getTime() * 1000 + MICROS_AHEAD;
  }

  #enqueue(calls: readonly Call[]): void {
    const room = this.#deps.options.capacity - this.#queue.length;
    const taken = calls.length <= room ? calls : calls.slice(0, Math.max(0, room));
    this.#dropped += calls.length - taken.length;
    for (const call of taken) {
      this.#queue.push(call);
    }
  }

  cause(causes: readonly CallCause[]): void {
    this.#links.add(causes, this.#latestMicros());
    this.#scheduleFlush();
  }

  see(services: readonly SeenService[]): void {
    for (const service of services) this.#versions.see(service);
    this.#scheduleFlush();
  }

  /** Resolves when everything that was recorded before is in the database. */
  async flush(): Promise<void> {
    this.#isAsked = true;
    await this.#flushNext();
  }

  async #flushNext(): Promise<void> {
    // The flush under way may have taken its calls before the latest were queued, so another follows it.
    await this.#running?.catch(() => undefined);
    this.#running ??= this.#flush().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /** Writes what is left, reports that still waited for a retry included. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#refreshTimer);
    if (this.#queue.length === 0) this.#deps.book.stop();
    await this.flush();
    this.#counter.conclude(Number.POSITIVE_INFINITY);
    this.#plan();
    await this.#steps.run();
  }

  /** A fresh promise book follows after the stated time. */
  scheduleRefresh(): void {
    if (this.#refreshTimer !== undefined || this.#closed) {
      return;
    }
    const pause = Math.max(this.#deps.options.refreshMs, this.#refreshTookMs * REFRESH_PAUSES);
    this.#refreshTimer = setTimeout(() => {
      this.#refreshTimer = undefined;
      const start = performance.now();
      this.flush()
        .catch((error: unknown) => {
          if (!this.#closed) this.#deps.onError(error);
        })
        .finally(() => {
          this.#refreshTookMs = performance.now() - start;
        });
    }, pause);
    this.#refreshTimer.unref();
  }

  /** A flush follows within the stated time. */
  #scheduleFlush(): void {
    if (this.#timer !== undefined || this.#closed) {
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flushNext()
        .catch(this.#deps.onError)
        .finally(() => this.#again());
    }, this.#deps.options.flushMs);
    this.#timer.unref();
  }

  #again(): void {
    const isDone = this.#queue.length === 0 && this.#counter.waiting === 0;
    const isPlanned = this.#latencies.isEmpty && this.#links.isEmpty && this.#guards.isEmpty;
    const isWritten = this.#steps.isEmpty && isPlanned;
    if (!isDone || !isWritten) {
      this.#scheduleFlush();
    }
  }

  async #flush(): Promise<void> {
    try {
      await this.#flushAll();
      this.#isFailing = false;
      this.#deps.onFlushed?.();
    } catch (error) {
      this.#isFailing = true;
      throw error;
    }
  }

  async #flushAll(): Promise<void> {
    // What an earlier flush could not write goes first; while it fails, calls wait in the bounded queue.
    await this.#steps.run();
    const book =
      this.#closed && this.#queue.length === 0 ? undefined : await this.#deps.book.current();
    this.#asOf = book?.asOf ?? this.#asOf;
    while (book !== undefined && this.#queue.length > 0) {
      const calls = this.#queue.splice(0, CALLS_A_STEP);
      this.#count(book, calls);
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#counter.conclude(this.#deps.now().getTime());
    this.#plan();
    await this.#steps.run();
  }

  /** Turns what was counted into the steps that write it. */
  #plan(): void {
    const tally = this.#counter.take();
    const sightings = this.#versions.sightings();
    this.#versions = new VersionTally();
    const { findings, now } = this.#deps;
    const asOf = Math.min(this.#asOf, this.#judgedAsOf);
    this.#judgedAsOf = Number.POSITIVE_INFINITY;
    tally.addLatenciesTo(this.#latencies);
    this.#steps.addRows(tally.callRows(), (rows) => this.#counts.addCalls(rows));
    this.#steps.addRows(tally.usageRows(), (rows) => this.#counts.addUsage(rows));
    this.#planSlowly();
    this.#steps.add(
      ...tally
        .sightings()
        .map((sighting) => () => findings.add(sighting, { at: now().getTime() * 1000, asOf })),
      ...sightings.map((sighting) => () => this.#versionStore.addSightings([sighting])),
    );
  }

  #planSlowly(): void {
    const now = this.#deps.now().getTime();
    const isDue = now - this.#latenciesWrittenAt >= this.#deps.options.latencyMs;
    if (!isDue && !this.#isAsked && !this.#closed) return;
    this.#isAsked = false;
    this.#latenciesWrittenAt = now;
    this.#steps.addRows(this.#latencies.take(), (rows) => this.#latencyStore.add(rows));
    this.#steps.addRows(this.#links.take(), (rows) => this.#linkStore.add(rows));
    this.#guards.plan(this.#steps);
  }
}
