import {
  type Answer,
  type Call,
  isHousekeeping,
  isPassing,
  isTestTraffic,
  judgeCall,
  RetryWindow,
} from '@concordat/domain';
import { CallTally } from './call-tally.ts';
import type { JudgedCall } from './finding-tally.ts';
import type { PromiseBook } from './promise-book.ts';
import { VerdictMemory } from './verdict-memory.ts';

/** How far ahead of now a call may claim to be. */
export const MICROS_AHEAD = 3_600_000_000;

/** Judges calls and counts them in memory; what a retry may still excuse waits for it. */
export class CallCounter {
  readonly #retries: RetryWindow<JudgedCall>;
  readonly #verdicts = new VerdictMemory();
  #tally = new CallTally();

  constructor(options: { readonly windowMs: number; readonly capacity: number }) {
    this.#retries = new RetryWindow(options);
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
    const judged = calls
      .map((call) => this.#countOne(book, call, now * 1000 + MICROS_AHEAD))
      .filter((answer) => answer !== undefined);
    if (this.#retries.size > 0 || judged.some(({ report }) => report !== undefined)) {
      this.#retries.add(judged.map(answerOf), now);
    }
  }

  /** Counts one call and tells what a retry may change about it. */
  #countOne(book: PromiseBook, call: Call, latest: number): CountedCall | undefined {
    if (isTestTraffic(call)) {
      return undefined;
    }
    const judged = this.#verdicts.judge(book, call);
    const { verdict } = judged;
    const { operation } = verdict;
    const kept = verdict.match.kind === 'promised';
    if (!kept && isHousekeeping(call)) {
      return undefined;
    }
    this.#tally.count(call, judged, latest);
    const kind = judgeCall(call, verdict.facts);
    const report = kind === undefined ? undefined : { call, kind, operation };
    if (report !== undefined && !isPassing(call)) {
      this.#tally.find(report);
      return undefined;
    }
    return { call, operation, kept, report };
  }
}

interface CountedCall {
  readonly call: Call;
  readonly operation: string;
  readonly kept: boolean;
  readonly report: JudgedCall | undefined;
}

function answerOf({ call, operation, kept, report }: CountedCall): Answer<JudgedCall> {
  return { key: requestKey(call, operation), kept, report };
}

function requestKey(call: Call, operation: string): string {
  return `${call.traceId}\n${call.consumer.service}\n${call.provider.service}\n${operation}`;
}
