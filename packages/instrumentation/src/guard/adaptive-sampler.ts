import type { GuardSampling } from './guard-options.ts';

export type SamplingDecision = 'whole' | 'sampled-out' | 'over-budget';

interface OperationHistory {
  looked: number;
  /** Exchanges that are looked at more often after a broken promise. */
  suspicion: number;
}

const mostOperations = 2_000;
/** After a broken promise so many exchanges of the operation are looked at this often. */
const suspiciousExchanges = 50;
const suspiciousRate = 0.5;
/** Time that may be saved up: enough to look at the first exchanges of many operations at once, while code is still cold. */
const savedSeconds = 30;

/**
 * Says before a body is captured whether an exchange is looked at: the first ones of each operation all, then a share. What looking
 * costs is paid from an account into which a share of one core flows; as the account empties the share falls with it, so that checks
 * stay spread over time instead of coming in bursts.
 */
export class AdaptiveSampler {
  readonly #sampling: GuardSampling;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #operations = new Map<string, OperationHistory>();
  readonly #fullMillis: number;
  #leftMillis: number;
  #paidAt: number;

  /** `now` in milliseconds; `random` from 0 to below 1. */
  constructor(sampling: GuardSampling, now: () => number, random: () => number) {
    this.#sampling = sampling;
    this.#now = now;
    this.#random = random;
    this.#fullMillis = sampling.cpuShare * savedSeconds * 1_000;
    this.#leftMillis = this.#fullMillis;
    this.#paidAt = now();
  }

  decide(operation: string): SamplingDecision {
    const history = this.#historyOf(operation);
    const left = this.#credit();
    if (left <= 0) return 'over-budget';
    if (history.looked < this.#sampling.first) {
      history.looked += 1;
      return 'whole';
    }
    const isSuspicious = history.suspicion > 0;
    if (isSuspicious) history.suspicion -= 1;
    const rate = isSuspicious ? Math.max(this.#sampling.rate, suspiciousRate) : this.#sampling.rate;
    // Full speed down to half of the account, then less and less.
    const slowed = rate * Math.min(1, (2 * left) / this.#fullMillis);
    if (this.#random() >= slowed) return slowed < rate ? 'over-budget' : 'sampled-out';
    history.looked += 1;
    return 'whole';
  }

  /** How many exchanges of the operation were looked at so far. */
  looked(operation: string): number {
    return this.#operations.get(operation)?.looked ?? 0;
  }

  /** What looking has cost. */
  spent(millis: number): void {
    this.#leftMillis -= millis;
  }

  suspect(operation: string): void {
    this.#historyOf(operation).suspicion = suspiciousExchanges;
  }

  #credit(): number {
    const now = this.#now();
    const earned = (now - this.#paidAt) * this.#sampling.cpuShare;
    this.#paidAt = now;
    this.#leftMillis = Math.min(this.#fullMillis, this.#leftMillis + Math.max(0, earned));
    return this.#leftMillis;
  }

  #historyOf(operation: string): OperationHistory {
    const known = this.#operations.get(operation);
    if (known !== undefined) return known;
    // Operations come from contracts, so they are few; a flood of unknown ones shares one history.
    const key = this.#operations.size < mostOperations ? operation : '';
    const history = this.#operations.get(key) ?? { looked: 0, suspicion: 0 };
    this.#operations.set(key, history);
    return history;
  }
}
