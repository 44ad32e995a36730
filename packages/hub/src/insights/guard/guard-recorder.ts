import type { Call } from '@concordat/domain';
import type { Database } from '../../database/database.ts';
import type { WriteSteps } from '../../database/write-steps.ts';
import { FieldTally } from './field-tally.ts';
import { FieldUsageStore } from './field-usage-store.ts';
import { GuardCountStore } from './guard-count-store.ts';
import { GuardTally } from './guard-tally.ts';

/** Counts what live guards said, and turns it into steps that write it. */
export class GuardRecorder {
  readonly #verdicts = new GuardTally();
  readonly #fields = new FieldTally();
  readonly #counts: GuardCountStore;
  readonly #usage: FieldUsageStore;

  constructor(db: Database) {
    this.#counts = new GuardCountStore(db);
    this.#usage = new FieldUsageStore(db);
  }

  get isEmpty(): boolean {
    return this.#verdicts.isEmpty;
  }

  /** Calls without a verdict are passed over; those that claim to be later than `latestMicros` are counted at that time. */
  add(calls: readonly Call[], latestMicros: number): void {
    for (const call of calls) {
      if (call.guard === undefined) continue;
      this.#verdicts.add(call, latestMicros);
      this.#fields.add(call, latestMicros);
    }
  }

  /** What was added since the last plan. */
  plan(steps: WriteSteps): void {
    steps.addRows(this.#verdicts.takeCounts(), (rows) => this.#counts.addCounts(rows));
    steps.addRows(this.#verdicts.takeMismatches(), (rows) => this.#counts.addMismatches(rows));
    steps.addRows(this.#fields.take(), (rows) => this.#usage.add(rows));
  }
}
