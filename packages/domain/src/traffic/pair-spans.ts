import type { DatabaseExchange } from './call.ts';
import { callPlaces } from './call-attributes.ts';
import { CallOutlet, type ToldCalls } from './call-outlet.ts';
import { CallReader } from './call-reader.ts';
import { CauseFinder } from './cause-finder.ts';
import { databaseName, databaseOf, exchangeOf, isFetch } from './exchange-of.ts';
import { GatewayCalls } from './gateway-calls.ts';
import {
  Half,
  hasParent,
  isCalling,
  isContextless,
  type ParentSpan,
  spanKinds,
  writeParentKey,
} from './half.ts';
import { isGuardSpan, LateVerdicts } from './late-verdicts.ts';
import { callOf, callOfCallee, callOfCaller, callOfParent } from './pair-halves.ts';
import {
  defaultPairing,
  newPairingCounts,
  type PairedSpans,
  type PairingCounts,
  type PairingOptions,
} from './pairing-options.ts';
import { PeerAddresses } from './peer-addresses.ts';
import { type Sender, Senders } from './sender.ts';
import type { SpanColumns } from './span-columns.ts';
import { keyWords, type SpanKey } from './span-ids.ts';
import { newOfSharedId, newSpan, SpanMemory, seenBefore } from './span-memory.ts';
import { TopicMemory } from './topic-memory.ts';
import { WaitingHalves } from './waiting-halves.ts';

const maxAddresses = 2_000;
const maxTopics = 2_000;
const maxVisits = 10_000;

/**
 * Spans in, calls out. A pair is a call as soon as its second half is added, whichever half that is; one caller may
 * have many callees. A half alone becomes a call with a virtual peer when its window ends; a query of a database is one at
 * once. The same span (id and kind) twice counts once: of a span that comes again with a later end the first stays, and that is
 * counted. Time comes in with every call and never from spans: clocks differ.
 */
export class Pairing {
  readonly #windowMicros: number;
  readonly #senders = new Senders();
  readonly #seen: SpanMemory;
  readonly #waiting: WaitingHalves;
  readonly #addresses = new PeerAddresses(maxAddresses);
  readonly #topics: TopicMemory;
  readonly #gateways: GatewayCalls;
  readonly #outlet: CallOutlet;
  readonly #verdicts: LateVerdicts;
  readonly #reader = new CallReader();
  readonly #key: SpanKey = new Uint32Array(keyWords);
  readonly #counts = newPairingCounts();
  #now = 0;

  constructor(options: PairingOptions) {
    const { windowMicros, messageWindowMicros } = options;
    this.#windowMicros = windowMicros;
    const seed = 2 * options.seed + 0x9e3779b1;
    this.#seen = new SpanMemory({ windowMicros, max: options.maxRemembered, seed });
    this.#waiting = new WaitingHalves(options, seed);
    this.#topics = new TopicMemory(2 * messageWindowMicros, maxTopics);
    this.#gateways = new GatewayCalls(options.transparentServices, {
      windowMicros,
      max: maxVisits,
    });
    this.#verdicts = new LateVerdicts(this.#seen, this.#waiting, windowMicros);
    this.#outlet = new CallOutlet(options, new CauseFinder(this.#seen), this.#gateways);
  }

  add(columns: SpanColumns, nowMicros: number): PairedSpans {
    this.#turn(nowMicros);
    this.#counts.spans += columns.length;
    const senders = columns.resources.map((resource) => this.#senders.of(resource));
    const isNew = this.#remember(columns, senders);
    const judging: number[] = [];
    for (let at = 0; at < columns.length; at += 1) {
      const seen = isNew[at];
      if (seen === seenBefore) this.#counts.duplicates += 1;
      else isNew[at] = newSpan;
      if (seen !== seenBefore && isGuardSpan(columns, at)) judging.push(at);
      if (seen === seenBefore || columns.kinds[at] === spanKinds.internal) continue;
      const sender = senders[columns.resourceOf[at] as number] as Sender;
      this.#addHalf(columns, at, { sender, sharesId: seen === newOfSharedId });
    }
    for (const at of judging) this.#addVerdict(columns, at, senders);
    this.#dropOverflow();
    return { ...this.#take(), isNew };
  }

  /** Spans that were counted before this process began: they count no more when they are sent again. */
  remember(columns: SpanColumns, nowMicros: number): void {
    this.#turn(nowMicros);
    this.#remember(
      columns,
      columns.resources.map((resource) => this.#senders.of(resource)),
    );
  }

  /** Concludes the halves whose window has ended. */
  expire(nowMicros: number): ToldCalls {
    this.#now = nowMicros;
    const told = this.#conclude(nowMicros);
    this.#turn(nowMicros);
    return told;
  }

  /** Concludes every half, as if all windows ended now: for the shutdown. */
  flush(): ToldCalls {
    return this.#conclude(Number.POSITIVE_INFINITY);
  }

  counts(): PairingCounts {
    return {
      ...this.#counts,
      ...this.#outlet.counts(),
      lengthened: this.#seen.lengthened,
      malformedVerdicts: this.#verdicts.malformed,
      droppedLinks: this.#waiting.droppedLinks,
      droppedHops: this.#gateways.dropped,
      held: this.#waiting.held,
    };
  }

  #turn(nowMicros: number): void {
    this.#now = nowMicros;
    this.#waiting.nowMicros = nowMicros;
    this.#seen.turn(nowMicros);
    this.#gateways.turn(nowMicros);
  }

  /** All of them first, so that what works for a request and comes in the same batch finds it. */
  #remember(columns: SpanColumns, senders: readonly Sender[]): Uint8Array {
    const seen = new Uint8Array(columns.length);
    for (let at = 0; at < columns.length; at += 1) {
      const sender = senders[columns.resourceOf[at] as number] as Sender;
      seen[at] = this.#seen.remember(columns, at, sender);
    }
    return seen;
  }

  #addHalf(columns: SpanColumns, at: number, { sender, sharesId }: From): void {
    const kind = columns.kinds[at] as number;
    const word = 8 * at;
    const isOrphan = columns.ids[word + 6] === 0 && columns.ids[word + 7] === 0;
    if (kind === spanKinds.unspecified && isOrphan) return;
    const values = this.#reader.read(columns, at);
    const database = kind === spanKinds.client ? databaseOf(values) : undefined;
    const exchange = database ?? exchangeOf(values);
    const half = new Half(columns, at, { sender, values, exchange });
    if (values[callPlaces['concordat.guard.verdict']] !== undefined)
      this.#verdicts.judge(half, values);
    this.#verdicts.claim(half);
    if (database !== undefined) this.#addQuery(half, database);
    else if (!isCalling(half)) this.#addCallee(half, sharesId);
    else if (kind === spanKinds.producer || !isFetch(values)) this.#addCaller(half, sharesId);
  }

  #addVerdict(columns: SpanColumns, at: number, senders: readonly Sender[]): void {
    const sender = senders[columns.resourceOf[at] as number] as Sender;
    const values = this.#reader.read(columns, at);
    this.#verdicts.add(columns, at, { sender, values, nowMicros: this.#now });
  }

  /** Nobody answers to it. */
  #addQuery(half: Half, database: DatabaseExchange): void {
    const name = half.peerService ?? databaseName(database);
    this.#outlet.seekCause(half, this.#now + this.#windowMicros);
    this.#outlet.tellOf(half, callOfCaller(half, name), half.name);
  }

  #addCaller(half: Half, sharesId: boolean): void {
    this.#outlet.seekCause(half, this.#now + this.#windowMicros);
    for (let one = this.#waiting.holdCaller(half); one !== undefined; one = one.next)
      this.#join(half, one.half);
    if (sharesId) this.#joinTwins(half);
    if (half.kind === spanKinds.producer) this.#topics.sent(half, this.#now);
  }

  /** Zipkin's way: the callee has the id of its caller, and both have the same parent. */
  #joinTwins(half: Half): void {
    writeParentKey(half, this.#key);
    for (let one = this.#waiting.callees(this.#key); one !== undefined; one = one.next) {
      const twin = one.half;
      if (twin.span0 !== half.span0 || twin.span1 !== half.span1) continue;
      if (twin.links !== undefined) continue;
      this.#join(half, twin);
      this.#waiting.finish(twin);
    }
  }

  #addCallee(half: Half, sharesId: boolean): void {
    if (half.links !== undefined) this.#meetSenders(half, half.links);
    else if (!this.#meetCaller(half, sharesId)) {
      half.parent = this.#parentSpanOf(half);
      this.#waiting.holdCallee(half);
    }
    if (!half.paired && isContextless(half)) this.#topics.received(half, this.#now);
  }

  /** A callee whose one caller is here already is never held: that is half of all calls. */
  #meetCaller(half: Half, sharesId: boolean): boolean {
    const twin = sharesId ? this.#waiting.callerWithIdOf(half) : undefined;
    const caller = twin ?? this.#waiting.callerAbove(half);
    if (caller !== undefined) this.#join(caller, half);
    return caller !== undefined;
  }

  /** A consumer of a batch answers to several producers and waits on for more. */
  #meetSenders(half: Half, links: Uint32Array): void {
    this.#waiting.holdCallee(half);
    const parent = this.#waiting.callerAbove(half);
    if (parent !== undefined) this.#join(parent, half);
    for (let at = 0; at < links.length; at += keyWords) {
      const caller = this.#waiting.caller(links.subarray(at, at + keyWords));
      if (caller !== undefined) this.#join(caller, half);
    }
  }

  #join(caller: Half, callee: Half): void {
    this.#waiting.markPaired(caller);
    caller.partner = callee.sender;
    callee.paired = true;
    const inferred = callee.kind === spanKinds.unspecified;
    this.#addresses.learn(caller, callee);
    this.#outlet.tellOf(caller, callOf(caller, callee, inferred), callee.name);
    this.#counts[inferred ? 'inferred' : 'paired'] += 1;
  }

  #dropOverflow(): void {
    let half = this.#waiting.takeOverflow();
    while (half !== undefined) {
      if (!half.paired) this.#counts.dropped += 1;
      half = this.#waiting.takeOverflow();
    }
  }

  #conclude(nowMicros: number): ToldCalls {
    let half = this.#waiting.takeDue(nowMicros);
    while (half !== undefined) {
      if (!half.paired && isCalling(half)) this.#concludeCaller(half);
      else if (!half.paired) this.#concludeCallee(half);
      half = this.#waiting.takeDue(nowMicros);
    }
    this.#outlet.seekAgain(nowMicros);
    this.#verdicts.expire(nowMicros);
    return this.#take();
  }

  #take(): ToldCalls {
    return { ...this.#outlet.take(), verdicts: this.#verdicts.take() };
  }

  #concludeCaller(half: Half): void {
    const receivers =
      half.kind === spanKinds.producer ? this.#topics.receiversOf(half, this.#now) : [];
    for (const receiver of receivers) {
      this.#counts.inferred += 1;
      this.#outlet.tellOf(half, callOf(half, receiver, true), receiver.name);
    }
    if (receivers.length > 0) return;
    this.#counts.unpairedCallers += 1;
    this.#outlet.tellOf(half, callOfCaller(half, this.#addresses.nameOf(half)), half.name);
  }

  #concludeCallee(half: Half): void {
    const parent = half.parent ?? this.#parentSpanOf(half);
    if (parent !== undefined) this.#concludeChild(half, parent);
    else if (half.kind === spanKinds.unspecified) return;
    else if (isContextless(half) && this.#topics.hasSender(half, this.#now)) return;
    else if (hasParent(half) && (half.flags & 0x300) === 0x100) this.#counts.incomplete += 1;
    else {
      this.#counts.unpairedCallees += 1;
      this.#outlet.tell(callOfCallee(half));
    }
  }

  #parentSpanOf(half: Half): ParentSpan | undefined {
    if (half.links !== undefined || !hasParent(half)) return undefined;
    writeParentKey(half, this.#key);
    const span = this.#seen.find(this.#key, half.sender.peer.service);
    return span && { sender: span.sender, kind: span.kind };
  }

  /** Directly under a span that is no caller: of the same service it is inner work, of another a concluded call. */
  #concludeChild(half: Half, { sender, kind }: ParentSpan): void {
    if (sender.peer.service === half.sender.peer.service) return;
    this.#counts.inferred += 1;
    if (kind === spanKinds.client || kind === spanKinds.producer) this.#counts.late += 1;
    this.#outlet.tell(callOfParent(sender, half));
  }
}

interface From {
  readonly sender: Sender;
  readonly sharesId: boolean;
}

/** A pairing window with the defaults of `defaultPairing` where nothing else is said. */
export function createPairing(options: Partial<PairingOptions> = {}): Pairing {
  return new Pairing({ ...defaultPairing, ...options });
}
