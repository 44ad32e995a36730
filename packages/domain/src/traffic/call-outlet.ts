import type { Call, CallCause } from './call.ts';
import type { CauseFinder } from './cause-finder.ts';
import type { GatewayCalls } from './gateway-calls.ts';
import { type Half, type Inbound, type Outbound, spanIdOf } from './half.ts';
import type { PairingOptions } from './pairing-options.ts';

export interface ToldCalls {
  readonly calls: readonly Call[];
  /** What services made their calls for; a cause may come in a later answer than its call. */
  readonly causes: readonly CallCause[];
  /** Told before, and not to be counted again: calls of which a verdict came late, with what is still known of them. */
  readonly verdicts: readonly Call[];
}

type OutletOptions = Pick<PairingOptions, 'ignoredPaths' | 'maxHalves'>;

/** Collects what comes of halves: the calls that are worth telling, what was meant behind gateways, and what each was made for. */
export class CallOutlet {
  readonly #ignoredPaths: ReadonlySet<string>;
  readonly #maxSeeking: number;
  readonly #finder: CauseFinder;
  readonly #gateways: GatewayCalls;
  #calls: Call[] = [];
  #causes: CallCause[] = [];
  readonly #seeking: { readonly half: Half; readonly againAt: number }[] = [];
  #ignored = 0;
  #unknownProtocol = 0;
  #uncaused = 0;

  constructor(options: OutletOptions, finder: CauseFinder, gateways: GatewayCalls) {
    this.#ignoredPaths = new Set(options.ignoredPaths);
    this.#maxSeeking = options.maxHalves;
    this.#finder = finder;
    this.#gateways = gateways;
  }

  counts(): { ignored: number; unknownProtocol: number; uncaused: number } {
    return {
      ignored: this.#ignored,
      unknownProtocol: this.#unknownProtocol,
      uncaused: this.#uncaused,
    };
  }

  /** undefined is a call of no protocol that we know. False when the call is not worth telling. */
  tell(call: Call | undefined): call is Call {
    if (call === undefined) {
      this.#unknownProtocol += 1;
      return false;
    }
    if (call.exchange.kind === 'http' && this.#ignoredPaths.has(call.exchange.path)) {
      this.#ignored += 1;
      return false;
    }
    this.#calls.push(call);
    if (this.#gateways.has(call.provider.service)) this.#calls.push(...this.#gateways.came(call));
    return true;
  }

  /** A call whose calling half is here; `operation`: the span of whoever was called, by name, else the half's own. */
  tellOf(half: Half, call: Call | undefined, operation: string): void {
    if (!this.tell(call)) return;
    const { inbound, uncaused = [] } = half;
    if (inbound === undefined) half.uncaused = [...uncaused, { call, operation }];
    else if (inbound !== null) this.#cause(half, inbound, { call, operation });
  }

  /** Looks for what a calling half was made for; when its parents are not all here yet, once more at `againAt`. */
  seekCause(half: Half, againAt: number): void {
    half.inbound = this.#finder.find(half);
    if (half.inbound !== undefined) return;
    if (this.#seeking.length < this.#maxSeeking) this.#seeking.push({ half, againAt });
    else this.#giveUp(half);
  }

  /** Looks again for those whose time has come, and for the last time. */
  seekAgain(nowMicros: number): void {
    const due = this.#seeking.findIndex(({ againAt }) => againAt > nowMicros);
    for (const { half } of this.#seeking.splice(0, due < 0 ? this.#seeking.length : due)) {
      half.inbound = this.#finder.find(half);
      if (half.inbound === undefined) this.#giveUp(half);
      const { inbound, uncaused = [] } = half;
      half.uncaused = undefined;
      if (inbound) for (const outbound of uncaused) this.#cause(half, inbound, outbound);
    }
  }

  #giveUp(half: Half): void {
    half.inbound = null;
    this.#uncaused += 1;
  }

  take(): Omit<ToldCalls, 'verdicts'> {
    const told = { calls: this.#calls, causes: this.#causes };
    this.#calls = [];
    this.#causes = [];
    return told;
  }

  #cause(half: Half, inbound: Inbound, { call, operation }: Outbound): void {
    const called = call.exchange.kind === 'message' ? call.consumer : call.provider;
    this.#causes.push({
      service: half.sender.peer.service,
      environment: half.environment,
      inbound: { operation: inbound.operation, kind: inbound.kind },
      outbound: { service: called.service, operation, transport: call.exchange.kind },
      traceId: call.traceId,
      atMicros: call.atMicros,
      weight: call.weight,
    });
    if (this.#gateways.has(half.sender.peer.service))
      this.#calls.push(...this.#gateways.went(call, call.traceId + spanIdOf(inbound)));
  }
}
