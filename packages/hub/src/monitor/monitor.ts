import type { Call, OperationMinute } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { WriteSteps } from '../database/write-steps.ts';
import { type Dependency, DependencyStore, type MinuteRange } from './dependency-store.ts';
import { DependencyTally } from './dependency-tally.ts';
import { OperationCounts } from './operation-counts.ts';
import {
  type CountedOperation,
  type CountedService,
  type ObservedMinutes,
  OperationMinuteStore,
  type OperationQuestion,
} from './operation-minute-store.ts';

export interface MonitorDeps {
  readonly db: Database;
  /** Resolves when everything that spans tell so far has been recorded; waited for before reads. */
  readonly settle: () => Promise<void>;
  readonly now: () => Date;
  /** Told of a write that failed; it is tried again with the next. */
  readonly onError: (error: unknown) => void;
  /** At most this long after counts are recorded they are in the database; a crash loses no more than that. */
  readonly flushMs?: number;
}

const FLUSH_MS = 1000;
/** The pause before a write is at least this many times as long as the last one took. */
const PAUSES = 10;

/**
 * Operations and dependencies by minute, in the relational database. `record` and `observeCalls` only add in memory; every read first
 * settles and writes what was recorded before it, so it never lags behind.
 */
export class Monitor {
  readonly #deps: MonitorDeps;
  readonly #operations: OperationMinuteStore;
  readonly #dependencies: DependencyStore;
  readonly #operationCounts = new OperationCounts();
  readonly #dependencyTally = new DependencyTally();
  readonly #steps = new WriteSteps();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #tookMs = 0;
  #isClosed = false;
  #forgetting: Promise<void> = Promise.resolve();

  constructor(deps: MonitorDeps) {
    this.#deps = deps;
    this.#operations = new OperationMinuteStore(deps.db);
    this.#dependencies = new DependencyStore(deps.db);
  }

  /** What an operation tally took since it was last asked. */
  record(minutes: readonly OperationMinute[]): void {
    this.#operationCounts.add(minutes);
    this.#scheduleFlush();
  }

  /** Paired calls; returns at once. */
  observeCalls(calls: readonly Call[], at: Date): void {
    this.#dependencyTally.add(calls, at);
    this.#scheduleFlush();
  }

  /** Spans that were not counted because too many rows waited for the database. */
  get dropped(): number {
    return this.#operationCounts.dropped;
  }

  now(): Date {
    return this.#deps.now();
  }

  /** By service, environment and kind. */
  async services(asked: ObservedMinutes): Promise<readonly CountedService[]> {
    await this.#settled();
    return await this.#operations.services(asked);
  }

  /** How many distinct operations every service has. */
  async operationCounts(asked: ObservedMinutes): Promise<ReadonlyMap<string, number>> {
    await this.#settled();
    return await this.#operations.operationCounts(asked);
  }

  /** Where spans of the service came from; empty when it never sent one. */
  async environments(service: string): Promise<readonly string[]> {
    await this.#settled();
    return await this.#operations.environments(service);
  }

  async operations(question: OperationQuestion): Promise<readonly CountedOperation[]> {
    await this.#settled();
    return await this.#operations.operations(question);
  }

  async dependencies(range: MinuteRange, service?: string): Promise<readonly Dependency[]> {
    await this.#settled();
    return await this.#dependencies.between(range, service);
  }

  /** Drops minutes that are older than this, in the background. A failure is reported. */
  forgetBefore(time: Date): void {
    const minute = Math.floor(time.getTime() / 60_000);
    const forget = async (): Promise<void> => {
      await this.#operations.forgetBefore(minute);
      await this.#dependencies.forgetBefore(minute);
    };
    this.#forgetting = this.#forgetting.then(forget).catch(this.#deps.onError);
  }

  /** Resolves when everything that was recorded before is in the database. */
  async flush(): Promise<void> {
    // The flush under way may have taken its counts before the latest came, so another follows it.
    await this.#running?.catch(() => undefined);
    this.#running ??= this.#flush().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#forgetting;
    await this.flush();
  }

  async #settled(): Promise<void> {
    await this.#deps.settle();
    await this.flush();
  }

  #scheduleFlush(): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    const pause = Math.max(this.#deps.flushMs ?? FLUSH_MS, this.#tookMs * PAUSES);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush()
        .catch(this.#deps.onError)
        .finally(() => this.#again());
    }, pause);
    this.#timer.unref();
  }

  #again(): void {
    const isDone = this.#operationCounts.isEmpty && this.#dependencyTally.isEmpty;
    if (!isDone || !this.#steps.isEmpty) this.#scheduleFlush();
  }

  async #flush(): Promise<void> {
    const start = performance.now();
    // What an earlier flush could not write goes first; while it fails, counts add up in bounded memory.
    await this.#steps.run();
    this.#steps.addRows(this.#operationCounts.take(), (rows) => this.#operations.add(rows));
    this.#steps.addRows(this.#dependencyTally.take(), (rows) => this.#dependencies.add(rows));
    await this.#steps.run();
    this.#tookMs = performance.now() - start;
  }
}
