import type { Transport } from '../call-count-store.ts';

/** Which calls are asked about. Minutes of the epoch, both included; without either all of time. */
export interface LedgerQuestion {
  readonly consumer?: string | undefined;
  readonly provider?: string | undefined;
  readonly environment?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** Calls of one operation (and, in `shapes`, of one promise), by who made and who answered them. */
export interface LedgerEntry {
  readonly consumer: string;
  readonly provider: string;
  readonly transport: Transport;
  /** `GET /v1/orders/{id}`, `send order.placed`. */
  readonly operation: string;
  /** Status as text; empty for messages, `none` where no answer came. */
  readonly status: string;
  /** Empty where not told. */
  readonly consumerVersion: string;
  readonly providerVersion: string;
  readonly environment: string;
  readonly count: number;
  /** How many of them were seen; `count` is extrapolated by the sample rate. */
  readonly sampled: number;
  /** How many of those told enough to be matched with promises. */
  readonly decided: number;
  /** Microseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly exemplarTraceId: string;
}

/** The same for a promise: which interactions of pacts were used. */
export interface PromiseEntry
  extends Omit<LedgerEntry, 'operation' | 'status' | 'transport' | 'decided'> {
  /** See PromisedInteraction. */
  readonly shape: string;
}

/** Reads the ledger; implemented by `LedgerStore` over `call_counts` and `usage_counts`. */
export interface UsageLedger {
  calls(question: LedgerQuestion): Promise<readonly LedgerEntry[]>;
  promises(question: LedgerQuestion): Promise<readonly PromiseEntry[]>;
}
