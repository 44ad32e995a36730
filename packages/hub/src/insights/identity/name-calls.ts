import type { Call, CallCause, TestTraffic } from '@concordat/domain';
import type { Database } from '../../database/database.ts';
import type { PromiseBook } from '../promise-book.ts';
import type { SeenService } from '../version-tally.ts';
import type { Identities } from './identities.ts';
import { type Rename, RenamingStore } from './renaming-store.ts';

/** Takes what was observed, under the names of the broker. */
export interface NamedTraffic {
  record(calls: readonly Call[]): void;
  /** Late verdicts of live guards about calls that were recorded before. */
  judge(verdicts: readonly Call[]): void;
  cause(causes: readonly CallCause[]): void;
  see(services: readonly SeenService[]): void;
  /** Resolves when everything that was taken before is written. */
  flush(): Promise<void>;
}

export interface CallNamingDeps {
  readonly db: Database;
  readonly identities: Identities;
  readonly book: () => Promise<PromiseBook>;
  readonly tests: TestTraffic;
  readonly traffic: NamedTraffic;
  /** Findings about these have no subject any more. */
  readonly onRenamed: (findings: readonly string[]) => Promise<void>;
  /** Calls beyond this many that wait for their names are dropped and counted. */
  readonly capacity: number;
  readonly onError: (error: unknown) => void;
}

const LOOK_UP_MS = 20;
const RETRY_MS = 1000;
const CALLS_A_STEP = 2000;

type Taken = 'record' | 'judge';

/**
 * Where observed traffic comes in: what tests did stays outside, and names become those that the broker knows. Calls with names that
 * were never seen before wait until these are looked up, and those after them wait too.
 */
export class CallNaming {
  readonly #deps: CallNamingDeps;
  readonly #renaming: RenamingStore;
  readonly #waiting: { readonly taken: Taken; readonly calls: readonly Call[] }[] = [];
  #waitingCalls = 0;
  #dropped = 0;
  #working: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** Taken from the identities and not done yet. */
  #renames: Rename[] = [];

  constructor(deps: CallNamingDeps) {
    this.#deps = deps;
    this.#renaming = new RenamingStore(deps.db);
  }

  /** Calls that were dropped because too many waited. */
  get dropped(): number {
    return this.#dropped;
  }

  record(calls: readonly Call[]): void {
    this.#take('record', calls);
  }

  judge(verdicts: readonly Call[]): void {
    this.#take('judge', verdicts);
  }

  cause(causes: readonly CallCause[]): void {
    const { identities, tests, traffic } = this.#deps;
    const observed = causes.filter(({ environment }) => !tests.isTestEnvironment(environment));
    traffic.cause(identities.resolveCauses(observed));
  }

  see(services: readonly SeenService[]): void {
    const { identities, tests, traffic } = this.#deps;
    const observed = services.filter(({ environment }) => !tests.isTestEnvironment(environment));
    for (const service of observed) identities.hear(service);
    traffic.see(observed);
  }

  /** Looks again at names that may mean something else by now, in the background. */
  renew(): void {
    if (this.#deps.identities.isStale()) this.#start();
  }

  /** Resolves when no call waits for its names and everything that has to be renamed is. */
  async settle(): Promise<void> {
    // What is under way may have begun before the latest was taken, so another follows it.
    await this.#working?.catch(() => undefined);
    await this.#work();
  }

  /** Names what waits, as far as that needs no more than is known of contracts. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#working?.catch(() => undefined);
    if (this.#waiting.length > 0) await this.#work();
  }

  #take(taken: Taken, all: readonly Call[]): void {
    const { identities, tests, traffic } = this.#deps;
    const calls = all.some(tests.isTest) ? all.filter((call) => !tests.isTest(call)) : all;
    const named = this.#waiting.length === 0 ? identities.resolveCalls(calls) : undefined;
    if (named !== undefined) {
      traffic[taken](named);
      return;
    }
    const room = Math.max(0, this.#deps.capacity - this.#waitingCalls);
    const waiting = calls.slice(0, room);
    this.#dropped += calls.length - waiting.length;
    this.#waitingCalls += waiting.length;
    for (let at = 0; at < waiting.length; at += CALLS_A_STEP) {
      this.#waiting.push({ taken, calls: waiting.slice(at, at + CALLS_A_STEP) });
    }
    this.#start();
  }

  /** Soon, so that names of calls that come together are looked up together. */
  #start(ms = LOOK_UP_MS): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#work().catch((error: unknown) => {
        if (this.#isClosed) return;
        this.#start(RETRY_MS);
        this.#deps.onError(error);
      });
    }, ms).unref();
  }

  #work(): Promise<void> {
    this.#working ??= this.#nameAll().finally(() => {
      this.#working = undefined;
    });
    return this.#working;
  }

  async #nameAll(): Promise<void> {
    const { identities, traffic } = this.#deps;
    const book = await this.#deps.book();
    await identities.refresh(book);
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const named = await identities.learnCalls(book, next.calls);
      traffic[next.taken](named);
      this.#waiting.shift();
      this.#waitingCalls -= next.calls.length;
    }
    this.#renames.push(...identities.takeRenames());
    if (this.#renames.length > 0) await this.#renameAll();
  }

  /** What was counted under the old names is written first: nothing of it may come after. */
  async #renameAll(): Promise<void> {
    await this.#deps.traffic.flush();
    for (let rename = this.#renames[0]; rename !== undefined; rename = this.#renames[0]) {
      await this.#renaming.rename(rename);
      if (rename.from.version === undefined) {
        await this.#deps.onRenamed(await this.#renaming.openFindings(rename.from.service));
      }
      this.#renames.shift();
    }
  }
}
