import { type GuardVerdict, guardSpanName } from '../guard/guard-verdict.ts';
import { readVerdict } from '../guard/read-verdict.ts';
import { withNames } from '../guard/verdict-names.ts';
import type { Call, Exchange, Peer } from './call.ts';
import type { CallValues } from './call-attributes.ts';
import { exchangeOf } from './exchange-of.ts';
import { type Half, maxVerdicts, spanKinds, writeKey } from './half.ts';
import { environmentOf, virtualPeers } from './pair-halves.ts';
import { sampleWeight } from './sample-weight.ts';
import type { Sender } from './sender.ts';
import type { SpanColumns } from './span-columns.ts';
import type { RememberedSpan } from './span-generation.ts';
import { keyWords, type SpanKey, spanIdText, traceIdText } from './span-ids.ts';
import type { SpanMemory } from './span-memory.ts';
import type { WaitingHalves } from './waiting-halves.ts';

/** A verdict with whose it is and when it was. */
interface SeenVerdict {
  readonly verdict: GuardVerdict;
  readonly sender: Sender;
  /** As the guard's span tells it, else as far as the operation's name does. */
  readonly exchange: Exchange;
  readonly traceId: string;
  readonly atMicros: number;
  readonly weight: number;
  /** Until when its half may come. */
  readonly until: number;
}

/** Verdicts without their half that wait at once; beyond it the oldest is told. */
const maxEarly = 10_000;
/** Deeper nesting is nobody's request. */
const maxSteps = 64;

/** A span that carries a verdict about its parent. */
export function isGuardSpan(columns: SpanColumns, index: number): boolean {
  return columns.kinds[index] === spanKinds.internal && columns.names[index] === guardSpanName;
}

/**
 * Verdicts that came on spans of their own, because the span they are about had ended. Such a verdict joins its half while that waits
 * for the other; later it is told as a call that was counted before, with what is still known about who took part.
 */
export class LateVerdicts {
  readonly #seen: SpanMemory;
  readonly #waiting: WaitingHalves;
  readonly #windowMicros: number;
  readonly #key: SpanKey = new Uint32Array(keyWords);
  /** By the key of a half that has not come yet; the oldest first. */
  readonly #early = new Map<string, readonly SeenVerdict[]>();
  #told: Call[] = [];
  #malformed = 0;

  constructor(seen: SpanMemory, waiting: WaitingHalves, windowMicros: number) {
    this.#seen = seen;
    this.#waiting = waiting;
    this.#windowMicros = windowMicros;
  }

  /** Verdicts that were none, and were left out. */
  get malformed(): number {
    return this.#malformed;
  }

  /** Gives a half the verdict among its own values. */
  judge(half: Half, values: CallValues): void {
    const verdict = this.#read(values);
    if (verdict !== undefined) half.judge(verdict);
  }

  /** A span of a guard's own, after the halves that came with it. */
  add(
    columns: SpanColumns,
    index: number,
    from: { readonly sender: Sender; readonly values: CallValues; readonly nowMicros: number },
  ): void {
    const { sender, values, nowMicros } = from;
    const verdict = this.#read(values);
    if (verdict === undefined) return;
    const word = 8 * index;
    this.#key.set(columns.ids.subarray(word, word + keyWords));
    this.#key[4] = columns.ids[word + 6] as number;
    this.#key[5] = columns.ids[word + 7] as number;
    this.#place({
      verdict,
      sender,
      exchange: exchangeOf(values) ?? exchangeNamed(verdict.operation),
      traceId: traceIdText(this.#key),
      atMicros: columns.startMicros[index] as number,
      weight: sampleWeight(columns.traceState(index), values),
      until: nowMicros + this.#windowMicros,
    });
  }

  /** Gives a half that is new the verdicts that came before it. */
  claim(half: Half): void {
    if (this.#early.size === 0) return;
    writeKey(half, this.#key);
    const key = earlyKey(this.#key, half.sender);
    for (const { verdict } of this.#early.get(key) ?? []) half.judge(verdict);
    this.#early.delete(key);
  }

  /** Tells the verdicts whose half has not come by then. */
  expire(nowMicros: number): void {
    for (const [key, verdicts] of this.#early) {
      if (verdicts.some(({ until }) => until > nowMicros)) return;
      this.#giveUp(key, verdicts);
    }
  }

  take(): readonly Call[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }

  #read(values: CallValues): GuardVerdict | undefined {
    const verdict = readVerdict(values);
    if (verdict === undefined) this.#malformed += 1;
    return verdict;
  }

  /** Walks from the parent to the span that the guard looked at. */
  #place(seen: SeenVerdict): void {
    const key = this.#key;
    const { service } = seen.sender.peer;
    for (let step = 0; step < maxSteps; step += 1) {
      const span = this.#seen.find(key, service);
      if (span === undefined) {
        this.#keep(seen);
        return;
      }
      if (span.kind !== spanKinds.internal) {
        this.#join(seen, span);
        return;
      }
      key[4] = span.parent0;
      key[5] = span.parent1;
    }
    this.#tell(seen, undefined, undefined);
  }

  #keep(seen: SeenVerdict): void {
    const key = earlyKey(this.#key, seen.sender);
    const known = this.#early.get(key) ?? [];
    if (known.length < maxVerdicts) this.#early.set(key, [...known, seen]);
    const [oldest] = this.#early;
    if (this.#early.size > maxEarly && oldest !== undefined) this.#giveUp(...oldest);
  }

  #giveUp(key: string, verdicts: readonly SeenVerdict[]): void {
    this.#early.delete(key);
    for (const seen of verdicts) this.#tell(seen, undefined, undefined);
  }

  #join(seen: SeenVerdict, span: RememberedSpan): void {
    const { service } = seen.sender.peer;
    const half = this.#waitingHalf(span);
    if (half !== undefined && half.sender.peer.service === service) {
      if (half.paired) this.#tell(seen, half.partner, half.exchange);
      else half.judge(seen.verdict);
      return;
    }
    this.#tell(seen, this.#senderAbove(span, service), undefined);
  }

  /** Another service's, right above this span. */
  #senderAbove({ parent0, parent1 }: RememberedSpan, service: string): Sender | undefined {
    if ((parent0 | parent1) === 0) return undefined;
    this.#key[4] = parent0;
    this.#key[5] = parent1;
    const above = this.#seen.find(this.#key, service)?.sender;
    return above?.peer.service === service ? undefined : above;
  }

  /** The half of this span, while it waits; the key is its own. */
  #waitingHalf({ kind, span0, span1, parent0, parent1 }: RememberedSpan): Half | undefined {
    const waiting = this.#waiting;
    if (kind === spanKinds.client || kind === spanKinds.producer) return waiting.caller(this.#key);
    const isRoot = (parent0 | parent1) === 0;
    const answersTo = Uint32Array.from(this.#key);
    answersTo[4] = isRoot ? span0 : parent0;
    answersTo[5] = isRoot ? span1 : parent1;
    let one = waiting.callees(answersTo);
    while (one !== undefined && ((one.half.span0 ^ span0) | (one.half.span1 ^ span1)) !== 0)
      one = one.next;
    return one?.half;
  }

  #tell(seen: SeenVerdict, other: Sender | undefined, exchange: Exchange | undefined): void {
    this.#told.push(callOfVerdict(seen, other, exchange));
  }
}

/** With the service: some let the two ends of a call share an id. */
function earlyKey(key: SpanKey, { peer }: Sender): string {
  return traceIdText(key) + spanIdText(key[4] as number, key[5] as number) + peer.service;
}

function callOfVerdict(
  { verdict, sender, traceId, atMicros, weight, ...seen }: SeenVerdict,
  other: Sender | undefined,
  exchange: Exchange = seen.exchange,
): Call {
  const isProvider = verdict.side === 'provider';
  const own = sender.peer;
  const peer = other?.peer ?? named(isProvider ? verdict.consumer : verdict.provider);
  const consumer = isProvider ? peer : own;
  const provider = isProvider ? own : peer;
  const isCaller = isProvider === (exchange.kind === 'message');
  return {
    ...{ consumer, provider },
    environment: environmentOf(
      exchange,
      isCaller ? sender.environment : other?.environment,
      isCaller ? other?.environment : sender.environment,
    ),
    exchange,
    traceId,
    clientSpanId: undefined,
    serverSpanId: undefined,
    atMicros,
    clientDurationMicros: undefined,
    serverDurationMicros: undefined,
    failed: false,
    weight,
    inferred: other === undefined,
    guard: [withNames(verdict, consumer, provider)],
  };
}

function named(name: string): Peer {
  return { service: name === '' ? virtualPeers.unknown : name, version: undefined, virtual: true };
}

/** As far as the operation's name tells it. */
function exchangeNamed(operation: string): Exchange {
  const space = operation.indexOf(' ');
  const [verb, rest] = [operation.slice(0, Math.max(space, 0)), operation.slice(space + 1)];
  if (verb === 'send') return { kind: 'message', system: '', destination: '', event: rest };
  return { kind: 'http', method: verb, path: '', query: '', route: rest, status: undefined };
}
