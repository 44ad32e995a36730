import type { Call, CallCause } from './call.ts';
import type { CauseFinder } from './cause-finder.ts';
import type { GatewayCalls } from './gateway-calls.ts';
import { type Half, type Inbound, type Outbound, spanIdOf } from './half.ts';

export interface ToldCalls {
  readonly calls: readonly Call[];
  /** What services made their calls for; a cause may come in a later answer than its call. */
  readonly causes: readonly CallCause[];
}

/** Collects what comes of halves: the calls that are worth telling, what was meant behind gateways, and what each was made for. */
export class CallOutlet {
  readonly #ignoredPaths: ReadonlySet<string>;
  readonly #finder: CauseFinder;
  readonly #gateways: GatewayCalls;
  #calls: Call[] = [];
  #causes: CallCause[] = [];
  #ignored = 0;
  #unknownProtocol = 0;
  #uncaused = 0;

  constructor(ignoredPaths: readonly string[], finder: CauseFinder, gateways: GatewayCalls) {
    this.#ignoredPaths = new Set(ignoredPaths);
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

  /** Looks for what a calling half was made for, unless that is known; false while it is not. */
  resolve(half: Half): boolean {
    if (half.inbound === undefined) half.inbound = this.#finder.find(half);
    const { inbound, uncaused } = half;
    if (inbound === undefined) return false;
    half.uncaused = undefined;
    if (inbound !== null && uncaused !== undefined)
      for (const outbound of uncaused) this.#cause(half, inbound, outbound);
    return true;
  }

  /** The last look, when the half leaves. */
  giveUp(half: Half): void {
    if (!this.resolve(half)) this.#uncaused += half.uncaused?.length ?? 0;
  }

  take(): ToldCalls {
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
      outbound: { service: called.service, operation },
      traceId: call.traceId,
      atMicros: call.atMicros,
      weight: call.weight,
    });
    if (this.#gateways.has(half.sender.peer.service))
      this.#calls.push(...this.#gateways.went(call, call.traceId + spanIdOf(inbound)));
  }
}
