import type { ToldCalls } from './call-outlet.ts';

export interface PairingOptions {
  /** How long a request's half waits for the other. */
  readonly windowMicros: number;
  /** How long a message's half waits: queues delay. */
  readonly messageWindowMicros: number;
  /** Halves kept at once; beyond it callers that have paired give way, then the oldest, which is counted. */
  readonly maxHalves: number;
  /** Spans remembered for de-duplication and as parents. */
  readonly maxRemembered: number;
  /** Paths of health checks: no calls. */
  readonly ignoredPaths: readonly string[];
  /** Gateways: what goes through them is also told as the call that was meant. */
  readonly transparentServices: readonly string[];
  /** Any number, another one in each process: it keeps others from preparing ids that collide. */
  readonly seed: number;
}

/** Since the start; `held` is now. */
export interface PairingCounts {
  readonly spans: number;
  readonly duplicates: number;
  /** Duplicates with a later end than before; the first one counts all the same. */
  readonly lengthened: number;
  readonly paired: number;
  readonly inferred: number;
  /** Of those, callees that came after their caller's window had ended. */
  readonly late: number;
  /** Windows that ended with one half only. */
  readonly unpairedCallers: number;
  readonly unpairedCallees: number;
  /** Callees whose own trace lacks their local parent: no call can be told. */
  readonly incomplete: number;
  /** Halves given up because too many waited; no call is made of them, for their other half may well have come. */
  readonly dropped: number;
  /** Verdicts of live guards that were none. */
  readonly malformedVerdicts: number;
  /** Links not followed because too many waited. */
  readonly droppedLinks: number;
  /** Hops of transparent gateways that found no room to wait for the other. */
  readonly droppedHops: number;
  readonly ignored: number;
  readonly unknownProtocol: number;
  /** Calling spans of which it stayed unknown what they worked for, because their parents did not come in time, or too many sought. */
  readonly uncaused: number;
  readonly held: number;
}

/** What came of some spans. */
export interface PairedSpans extends ToldCalls {
  /** By index: 1 for a span that was not here before, 0 for one that was. */
  readonly isNew: Uint8Array;
}

export const defaultPairing: PairingOptions = {
  windowMicros: 20_000_000,
  messageWindowMicros: 120_000_000,
  maxHalves: 100_000,
  maxRemembered: 1_000_000,
  ignoredPaths: ['/health', '/healthz', '/livez', '/readyz', '/ready', '/live', '/metrics'],
  transparentServices: [],
  seed: 0,
};

/** Those that the pairing itself counts, at their start. */
export function newPairingCounts() {
  return {
    spans: 0,
    duplicates: 0,
    paired: 0,
    inferred: 0,
    late: 0,
    unpairedCallers: 0,
    unpairedCallees: 0,
    incomplete: 0,
    dropped: 0,
  };
}
