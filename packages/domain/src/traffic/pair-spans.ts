import type { Call } from './call.ts';
import { type Half, keysOf, roleOf, spanKey, toHalf } from './half.ts';
import { callOf, callOfCallee, callOfCaller } from './pair-halves.ts';
import { createPeerAddresses, type PeerAddresses } from './peer-addresses.ts';
import type { Resource, Span } from './span.ts';
import { SpanMemory } from './span-memory.ts';
import { TopicMemory } from './topic-memory.ts';
import { type Waiting, WaitingHalves } from './waiting-halves.ts';

export interface PairingOptions {
  /** How long a request's half waits for the other. */
  readonly windowMicros: number;
  /** How long a message's half waits: queues delay. */
  readonly messageWindowMicros: number;
  /** Halves kept at once; beyond it the oldest is dropped and counted. */
  readonly maxHalves: number;
  /** Spans remembered for de-duplication and as parents. */
  readonly maxRemembered: number;
  /** Paths of health checks: no calls. */
  readonly ignoredPaths: readonly string[];
}

/** Since the start; `held` is now. */
export interface PairingCounts {
  readonly spans: number;
  readonly duplicates: number;
  readonly paired: number;
  readonly inferred: number;
  /** Windows that ended with one half only. */
  readonly unpairedCallers: number;
  readonly unpairedCallees: number;
  /** Callees whose own trace lacks their local parent: no call can be told. */
  readonly incomplete: number;
  /** Halves given up because too many waited; no call is made of them, for their other half may well have come. */
  readonly dropped: number;
  readonly ignored: number;
  readonly unknownProtocol: number;
  readonly held: number;
}

export const defaultPairing: PairingOptions = {
  windowMicros: 20_000_000,
  messageWindowMicros: 120_000_000,
  maxHalves: 50_000,
  maxRemembered: 100_000,
  ignoredPaths: ['/health', '/healthz', '/livez', '/readyz', '/ready', '/live', '/metrics'],
};

const maxAddresses = 2_000;
const maxTopics = 2_000;

/**
 * Spans in, calls out. A pair is a call as soon as its second half is added, whichever half that is; one caller may
 * have many callees. A half alone becomes a call with a virtual peer when its window ends. The same span twice counts
 * once. Time comes in with every call and never from spans: clocks differ.
 */
export class Pairing {
  readonly #options: PairingOptions;
  readonly #seen: SpanMemory;
  readonly #waiting: WaitingHalves;
  readonly #addresses: PeerAddresses;
  readonly #topics: TopicMemory;
  readonly #ignored: ReadonlySet<string>;
  readonly #counts = {
    spans: 0,
    duplicates: 0,
    paired: 0,
    inferred: 0,
    unpairedCallers: 0,
    unpairedCallees: 0,
    incomplete: 0,
    dropped: 0,
    ignored: 0,
    unknownProtocol: 0,
  };
  #calls: Call[] = [];
  #now = 0;

  constructor(options: PairingOptions) {
    this.#options = options;
    this.#seen = new SpanMemory(options.windowMicros, options.maxRemembered);
    this.#waiting = new WaitingHalves(options.maxHalves);
    this.#addresses = createPeerAddresses(maxAddresses);
    this.#topics = new TopicMemory(2 * options.messageWindowMicros, maxTopics);
    this.#ignored = new Set(options.ignoredPaths);
  }

  add(spans: readonly Span[], nowMicros: number): readonly Call[] {
    this.#now = nowMicros;
    this.#counts.spans += spans.length;
    for (const span of spans) this.#addSpan(span);
    this.#dropOverflow();
    return this.#takeCalls();
  }

  /** Concludes the halves whose window has ended. */
  expire(nowMicros: number): readonly Call[] {
    this.#now = nowMicros;
    return this.#conclude(nowMicros);
  }

  /** Concludes every half, as if all windows ended now: for the shutdown. */
  flush(): readonly Call[] {
    return this.#conclude(Number.POSITIVE_INFINITY);
  }

  counts(): PairingCounts {
    return { ...this.#counts, held: this.#waiting.held };
  }

  #addSpan(span: Span): void {
    const key = spanKey(span.traceId, span.spanId);
    if (!this.#seen.remember(key, span, this.#now)) {
      this.#counts.duplicates += 1;
      return;
    }
    const role = roleOf(span);
    if (role === 'caller') this.#addCaller(toHalf(span, key));
    else this.#noteParent(key, span.resource);
    if (role === 'callee') this.#addCallee(toHalf(span, key));
  }

  /** Tells waiting callees who sent their parent. */
  #noteParent(key: string, resource: Resource): void {
    for (const callee of this.#waiting.callees(key)) {
      if (callee.half.spanId !== key.slice(32)) callee.parent = resource;
    }
  }

  #addCaller(half: Half): void {
    const waiting = this.#wait(half, true);
    for (const callee of this.#waiting.callees(half.key)) this.#pair(waiting, callee);
    this.#waiting.holdCaller(half.key, waiting);
    if (half.kind === 'producer') this.#topics.sent(half, this.#now);
  }

  #addCallee(half: Half): void {
    const waiting = this.#wait(half, false);
    const isPaired =
      half.links.length === 0 ? this.#meetCaller(waiting) : this.#meetSenders(waiting);
    if (isPaired) return;
    if (isContextless(half)) this.#topics.received(half, this.#now);
    if (half.parentKey !== undefined) waiting.parent = this.#seen.find(half.parentKey)?.resource;
  }

  /** A callee whose one caller is here already is never held: that is half of all calls, and each holding costs eight look-ups. */
  #meetCaller(waiting: Waiting): boolean {
    const { key, parentKey } = waiting.half;
    const caller =
      this.#waiting.caller(key) ??
      (parentKey === undefined ? undefined : this.#waiting.caller(parentKey));
    if (caller === undefined) this.#waiting.holdCallee(waiting);
    else this.#join(caller, waiting);
    return caller !== undefined;
  }

  /** A consumer of a batch answers to several producers and waits on for more. */
  #meetSenders(waiting: Waiting): boolean {
    this.#waiting.holdCallee(waiting);
    for (const key of keysOf(waiting.half)) {
      const caller = this.#waiting.caller(key);
      if (caller !== undefined) this.#join(caller, waiting);
    }
    return waiting.paired;
  }

  #wait(half: Half, calling: boolean): Waiting {
    const { windowMicros, messageWindowMicros } = this.#options;
    const messaging = half.kind === 'producer' || half.kind === 'consumer';
    const expiresAt = this.#now + (messaging ? messageWindowMicros : windowMicros);
    return { half, calling, expiresAt, parent: undefined, paired: false, done: false };
  }

  /** A server has one caller, so that it leaves the index when that comes. */
  #pair(caller: Waiting, callee: Waiting): void {
    this.#join(caller, callee);
    if (callee.half.links.length === 0) this.#waiting.finish(callee);
  }

  #join(caller: Waiting, callee: Waiting): void {
    caller.paired = true;
    callee.paired = true;
    const inferred = callee.half.kind === 'unspecified';
    this.#addresses.learn(caller.half, callee.half);
    this.#emit(callOf(caller.half, callee.half, inferred));
    this.#counts[inferred ? 'inferred' : 'paired'] += 1;
  }

  #emit(call: Call | undefined): void {
    if (call === undefined) this.#counts.unknownProtocol += 1;
    else if (call.exchange.kind === 'http' && this.#ignored.has(call.exchange.path))
      this.#counts.ignored += 1;
    else this.#calls.push(call);
  }

  #takeCalls(): readonly Call[] {
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  #dropOverflow(): void {
    let waiting = this.#waiting.takeOverflow();
    while (waiting !== undefined) {
      this.#forget(waiting);
      if (!waiting.paired) this.#counts.dropped += 1;
      waiting = this.#waiting.takeOverflow();
    }
  }

  #conclude(nowMicros: number): readonly Call[] {
    let waiting = this.#waiting.takeDue(nowMicros);
    while (waiting !== undefined) {
      this.#forget(waiting);
      if (!waiting.paired && waiting.calling) this.#concludeCaller(waiting.half);
      else if (!waiting.paired) this.#concludeCallee(waiting);
      waiting = this.#waiting.takeDue(nowMicros);
    }
    return this.#takeCalls();
  }

  #forget(waiting: Waiting): void {
    if (waiting.calling) this.#waiting.forgetCaller(waiting.half.key);
    else this.#waiting.forget(waiting);
  }

  #concludeCaller(half: Half): void {
    const receivers = half.kind === 'producer' ? this.#topics.receiversOf(half, this.#now) : [];
    for (const receiver of receivers) this.#infer(half, receiver);
    if (receivers.length > 0) return;
    this.#counts.unpairedCallers += 1;
    this.#emit(callOfCaller(half, this.#addresses.nameOf(half)));
  }

  #concludeCallee({ half, parent }: Waiting): void {
    if (parent !== undefined && half.links.length === 0) this.#concludeChild(half, parent);
    else if (half.kind === 'unspecified') return;
    else if (isContextless(half) && this.#topics.hasSender(half, this.#now)) return;
    else if (half.parentSpanId !== undefined && half.remoteParent === false)
      this.#counts.incomplete += 1;
    else {
      this.#counts.unpairedCallees += 1;
      this.#emit(callOfCallee(half));
    }
  }

  /** Directly under a span that is no caller: of the same service it is inner work, of another a concluded call. */
  #concludeChild(half: Half, parent: Resource): void {
    if (parent.service === half.service) return;
    this.#infer(bystander(half, parent), half);
  }

  #infer(caller: Half, callee: Half): void {
    this.#counts.inferred += 1;
    this.#emit(callOf(caller, callee, true));
  }
}

/** A pairing window with the defaults of `defaultPairing` where nothing else is said. */
export function createPairing(options: Partial<PairingOptions> = {}): Pairing {
  return new Pairing({ ...defaultPairing, ...options });
}

function isContextless(half: Half): boolean {
  return half.kind === 'consumer' && half.parentSpanId === undefined && half.links.length === 0;
}

function bystander(callee: Half, parent: Resource): Half {
  return {
    ...callee,
    parentKey: undefined,
    parentSpanId: undefined,
    kind: 'internal',
    service: parent.service,
    version: parent.version,
    environment: parent.environment,
    exchange: undefined,
    failed: false,
    weight: 1,
  };
}
