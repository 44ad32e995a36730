import {
  type Answer,
  brokenPromises,
  type Call,
  type CallFacts,
  isHousekeeping,
  isPassing,
  isRedirect,
  isUndeclaredEvent,
  judgeCall,
  RetryWindow,
} from '@concordat/domain';
import { CallTally } from './call-tally.ts';
import type { JudgedCall } from './finding-tally.ts';
import type { CallVerdict, PromiseBook } from './promise-book.ts';
import { VerdictMemory } from './verdict-memory.ts';

/** How far ahead of now a call may claim to be. */
export const MICROS_AHEAD = 3_600_000_000;

/** Judges calls and counts them in memory; what a retry may still excuse waits for it. */
export class CallCounter {
  readonly #retries: RetryWindow<JudgedCall>;
  readonly #verdicts = new VerdictMemory();
  readonly #gateways: ReadonlySet<string>;
  #tally = new CallTally();

  /** `gateways`: services that only pass calls on. */
  constructor(options: {
    readonly windowMs: number;
    readonly capacity: number;
    readonly gateways?: readonly string[];
  }) {
    this.#retries = new RetryWindow(options);
    this.#gateways = new Set(options.gateways);
  }

  /** Reports that wait for a retry. */
  get waiting(): number {
    return this.#retries.size;
  }

  /** Counts the reports that have waited long enough at that time, in milliseconds. */
  conclude(at: number): void {
    for (const judged of this.#retries.due(at)) this.#tally.find(judged);
  }

  /** What was counted since it was last taken. */
  take(): CallTally {
    const tally = this.#tally;
    this.#tally = new CallTally();
    return tally;
  }

  count(book: PromiseBook, calls: readonly Call[], now: number): void {
    const latest = now * 1000 + MICROS_AHEAD;
    const judged: CountedCall[] = [];
    const reported = new Set<string>();
    for (const call of calls) {
      const counted = this.#countOne(book, call, latest);
      if (counted !== undefined) judged.push(counted);
      if (counted?.report !== undefined) reported.add(call.traceId);
    }
    if (reported.size === 0 && this.#retries.size === 0) return;
    // Keys are texts to be made: only calls of a trace in which something is reported can excuse it.
    const concerned = judged.filter(
      ({ call }) => reported.has(call.traceId) || this.#retries.holds(call.traceId),
    );
    this.#retries.add(concerned.flatMap(answersOf), now);
  }

  /** Counts one call and tells what a retry may change about it. */
  #countOne(book: PromiseBook, call: Call, latest: number): CountedCall | undefined {
    const judged = this.#verdicts.judge(book, call);
    const { verdict } = judged;
    const { operation } = verdict;
    const kept = verdict.match.kind === 'promised';
    if (!kept && isHousekeeping(call)) {
      return undefined;
    }
    this.#tally.count(call, judged, latest);
    this.#findMore(call, verdict);
    const kind = judgeCall(call, this.#factsOf(call, verdict.facts));
    const report = kind === undefined ? undefined : { call, kind, operation };
    if (report !== undefined && !isPassing(call) && !isRedirect(call)) {
      this.#tally.find(report);
      return undefined;
    }
    return { call, operation, kept, report };
  }

  /** Calls that were counted before, of which a verdict of a live guard came late. */
  judge(verdicts: readonly Call[]): void {
    for (const call of verdicts) this.#findBroken(call);
  }

  #findBroken(call: Call): void {
    for (const broken of brokenPromises(call)) {
      this.#tally.find({ call, kind: 'broken-promise', operation: broken.operation, broken });
    }
  }

  #factsOf({ consumer, provider }: Call, facts: CallFacts): CallFacts {
    if (this.#gateways.size === 0) return facts;
    const isHop = this.#gateways.has(consumer.service) || this.#gateways.has(provider.service);
    return isHop ? { ...facts, isHop } : facts;
  }

  /** What has nothing to do with whether the consumer's pacts promise the call. */
  #findMore(call: Call, { declared, operation }: CallVerdict): void {
    if (call.guard !== undefined) this.#findBroken(call);
    if (declared !== undefined && isUndeclaredEvent(call, declared.declaration)) {
      this.#tally.find({ call, kind: 'undeclared-event', operation });
    }
  }
}

interface CountedCall {
  readonly call: Call;
  readonly operation: string;
  readonly kept: boolean;
  readonly report: JudgedCall | undefined;
}

/** A redirect is made good by whatever kept answer the client was led to. */
function answersOf(counted: CountedCall): readonly Answer<JudgedCall>[] {
  const { call, operation, kept, report } = counted;
  const group = call.traceId;
  const key = requestKey(call, operation);
  const led = `${requestKey(call, '')}redirect`;
  if (report !== undefined && isRedirect(call)) return [{ key: led, group, kept, report }];
  const answer = { key, group, kept, report };
  return kept ? [answer, { key: led, group, kept, report: undefined }] : [answer];
}

function requestKey(call: Call, operation: string): string {
  return `${call.traceId}\n${call.consumer.service}\n${call.provider.service}\n${operation}`;
}
