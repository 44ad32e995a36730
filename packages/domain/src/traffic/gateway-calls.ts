import type { Call } from './call.ts';

interface Visit {
  /** Calls that came in at the gateway's span. */
  readonly inbound: Call[];
  /** Calls that the gateway made for it. */
  readonly outbound: Call[];
}

/** More hops at one span are nobody's gateway. */
const maxAtSpan = 64;

/**
 * Joins what a service called a gateway for with what the gateway called for it, so that the two hops are also told as the one
 * call that was meant. Whichever comes first waits one to two windows for the other.
 */
export class GatewayCalls {
  readonly #services: ReadonlySet<string>;
  readonly #windowMicros: number;
  readonly #max: number;
  #young = new Map<string, Visit>();
  #old = new Map<string, Visit>();
  #turnedAt = 0;
  #dropped = 0;

  constructor(
    services: readonly string[],
    { windowMicros, max }: { readonly windowMicros: number; readonly max: number },
  ) {
    this.#services = new Set(services);
    this.#windowMicros = windowMicros;
    this.#max = max;
  }

  /** Hops that found no room to wait. */
  get dropped(): number {
    return this.#dropped;
  }

  turn(nowMicros: number): void {
    if (nowMicros - this.#turnedAt < this.#windowMicros) return;
    this.#turnedAt = nowMicros;
    this.#old = this.#young;
    this.#young = new Map();
  }

  /** True for a service that is one of the gateways. */
  has(service: string): boolean {
    return this.#services.has(service);
  }

  /** A call that came in somewhere; tells what it meant, for each call its gateway made for it. */
  came(call: Call): readonly Call[] {
    const { provider, serverSpanId } = call;
    if (serverSpanId === undefined || !this.has(provider.service)) return [];
    const visit = this.#visit(call.traceId + serverSpanId);
    if (visit === undefined || visit.inbound.length >= maxAtSpan) return this.#drop();
    visit.inbound.push(call);
    return this.#meantBy(visit.outbound.map((hop) => ({ call, hop })));
  }

  /** A call that a gateway made while it worked at the span `inboundKey`. */
  went(call: Call, inboundKey: string): readonly Call[] {
    const visit = this.#visit(inboundKey);
    if (visit === undefined || visit.outbound.length >= maxAtSpan) return this.#drop();
    visit.outbound.push(call);
    return this.#meantBy(visit.inbound.map((inbound) => ({ call: inbound, hop: call })));
  }

  #visit(key: string): Visit | undefined {
    const known = this.#young.get(key) ?? this.#old.get(key);
    if (known !== undefined) return known;
    if (this.#young.size >= this.#max) return undefined;
    const visit: Visit = { inbound: [], outbound: [] };
    this.#young.set(key, visit);
    return visit;
  }

  #drop(): readonly Call[] {
    this.#dropped += 1;
    return [];
  }

  /** What is meant for the next gateway goes on there. */
  #meantBy(pairs: readonly { readonly call: Call; readonly hop: Call }[]): readonly Call[] {
    return pairs.filter(isPassedOn).flatMap(({ call, hop }) => {
      const meant = meantCall(call, hop);
      return [meant, ...this.came(meant)];
    });
  }
}

/** Another method is the gateway's own question, and not what it was asked. */
function isPassedOn({ call, hop }: { readonly call: Call; readonly hop: Call }): boolean {
  return (
    call.exchange.kind === 'http' &&
    hop.exchange.kind === 'http' &&
    call.exchange.method === hop.exchange.method
  );
}

function meantCall(call: Call, hop: Call): Call {
  const gateway = hop.consumer.service;
  return {
    ...hop,
    consumer: call.consumer,
    clientSpanId: call.clientSpanId,
    clientDurationMicros: call.clientDurationMicros,
    atMicros: call.atMicros,
    failed: call.failed || hop.failed,
    inferred: call.inferred || hop.inferred,
    via: call.via === undefined ? gateway : `${call.via}, ${gateway}`,
    // Told with the hop, which is where the guard looked.
    guard: undefined,
  };
}
