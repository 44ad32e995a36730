import type { GuardVerdict } from '@concordat/domain';
import { type Counter, type Histogram, metrics } from '@opentelemetry/api';

/** Why an exchange was not judged, or not wholly. */
export type SkipReason =
  | 'no-contract'
  | 'sampled-out'
  | 'over-budget'
  | 'unrecorded'
  | 'aborted'
  | 'not-modified'
  | 'body-not-known'
  | 'too-slow'
  | 'unknown-peer'
  | 'failed';

export interface GuardCounts {
  readonly checks: Readonly<Record<GuardVerdict['verdict'], number>>;
  readonly skipped: Readonly<Record<SkipReason, number>>;
}

interface Instruments {
  readonly checks: Counter;
  readonly skipped: Counter;
  readonly duration: Histogram;
}

const metersName = '@concordat/instrumentation';

/** Counts what the guard did, for whoever asks and for the host's metrics where it has any. */
export class GuardTally {
  readonly #checks = { kept: 0, broken: 0, uncovered: 0, undecided: 0 };
  readonly #skipped: Record<SkipReason, number> = {
    'no-contract': 0,
    'sampled-out': 0,
    'over-budget': 0,
    unrecorded: 0,
    aborted: 0,
    'not-modified': 0,
    'body-not-known': 0,
    'too-slow': 0,
    'unknown-peer': 0,
    failed: 0,
  };
  #instruments: Instruments | undefined;

  get counts(): GuardCounts {
    return { checks: { ...this.#checks }, skipped: { ...this.#skipped } };
  }

  checked({ verdict, side }: GuardVerdict): void {
    this.#checks[verdict] += 1;
    this.#meter().checks.add(1, {
      'concordat.guard.verdict': verdict,
      'concordat.guard.side': side,
    });
  }

  skipped(reason: SkipReason): void {
    this.#skipped[reason] += 1;
    this.#meter().skipped.add(1, { 'concordat.guard.reason': reason });
  }

  took(millis: number): void {
    this.#meter().duration.record(millis / 1_000);
  }

  /** Made at first use: instruments that are made before the host has registered its meter provider count for nobody. */
  #meter(): Instruments {
    this.#instruments ??= instruments();
    return this.#instruments;
  }
}

function instruments(): Instruments {
  const meter = metrics.getMeter(metersName);
  return {
    checks: meter.createCounter('concordat.guard.checks', {
      description: 'Exchanges judged by the live guard, by verdict.',
      unit: '{exchange}',
    }),
    skipped: meter.createCounter('concordat.guard.skipped', {
      description: 'Exchanges the live guard did not judge, or not wholly, by reason.',
      unit: '{exchange}',
    }),
    duration: meter.createHistogram('concordat.guard.duration', {
      description: 'Processor time of one check.',
      unit: 's',
    }),
  };
}
