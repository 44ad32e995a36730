import { type Half, hasParent, isCalling, isMessaging, writeKey, writeParentKey } from './half.ts';
import { MeetingPoints, type WaitingCallee } from './meeting-points.ts';
import type { PairingOptions } from './pairing-options.ts';
import { keyWords, type SpanKey } from './span-ids.ts';

/** In the order in which they end, with what was taken from its front. */
class HalfQueue {
  readonly #halves: Half[] = [];
  #head = 0;

  push(half: Half): void {
    this.#halves.push(half);
  }

  /** The first that is not done, taken when its window ended at `nowMicros`. */
  take(nowMicros: number): Half | undefined {
    const halves = this.#halves;
    let taken: Half | undefined;
    for (; this.#head < halves.length && taken === undefined; this.#head += 1) {
      const half = halves[this.#head] as Half;
      if (half.done) continue;
      if (half.expiresAt > nowMicros) break;
      taken = half;
    }
    this.#cut();
    return taken;
  }

  /** Only when most of it was taken: cutting at every step would copy the queue each time. */
  #cut(): void {
    if (2 * this.#head < this.#halves.length) return;
    this.#halves.splice(0, this.#head);
    this.#head = 0;
  }
}

/** Keys of links that wait at once, for each half that may. */
const linkRoom = 4;

type WaitingOptions = Pick<PairingOptions, 'maxHalves' | 'windowMicros' | 'messageWindowMicros'>;

/** Holds at most `maxHalves` halves, where they can be met, until their window ends. */
export class WaitingHalves {
  readonly #options: WaitingOptions;
  readonly #points: MeetingPoints;
  readonly #requests = new HalfQueue();
  readonly #messages = new HalfQueue();
  /** Callers that have paired and wait for a second callee: the first to give way. */
  readonly #paired = new HalfQueue();
  readonly #key: SpanKey = new Uint32Array(keyWords);
  /** To be told before halves come. */
  nowMicros = 0;
  #held = 0;
  #droppedLinks = 0;

  constructor(options: WaitingOptions, seed: number) {
    this.#options = options;
    this.#points = new MeetingPoints(seed);
  }

  get held(): number {
    return this.#held;
  }

  /** Links that were not followed, because too many waited. */
  get droppedLinks(): number {
    return this.#droppedLinks;
  }

  /** The caller with this key. */
  caller(key: SpanKey): Half | undefined {
    return this.#points.caller(key);
  }

  /** The caller that shares its id with this callee (Zipkin's way). */
  callerWithIdOf(half: Half): Half | undefined {
    writeKey(half, this.#key);
    return this.#points.caller(this.#key);
  }

  /** The caller that is this callee's parent. */
  callerAbove(half: Half): Half | undefined {
    if (!hasParent(half)) return undefined;
    writeParentKey(half, this.#key);
    return this.#points.caller(this.#key);
  }

  /** Callees that answer to this key. */
  callees(key: SpanKey): WaitingCallee | undefined {
    return this.#points.callees(key);
  }

  /** Holds a caller; tells the callees that waited for it. Those without links wait no longer. */
  holdCaller(half: Half): WaitingCallee | undefined {
    writeKey(half, this.#key);
    const callees = this.#points.meet(this.#key, half);
    for (let one = callees; one !== undefined; one = one.next)
      if (one.half.links === undefined) this.#leave(one.half);
    this.hold(half);
    return callees;
  }

  /** A span that shares its id with its caller, and answers to the same parent, is found under that. */
  holdCallee(half: Half): void {
    writeAnswerKey(half, this.#key);
    this.#points.addCallee(this.#key, half);
    const { links = noLinks } = half;
    for (let at = 0; at < links.length; at += keyWords) {
      if (this.#points.size < linkRoom * this.#options.maxHalves)
        this.#points.addCallee(links.subarray(at, at + keyWords), half);
      else this.#droppedLinks += 1;
    }
    this.hold(half);
  }

  /** Held until its window ends, and not to be met. */
  hold(half: Half): void {
    const { windowMicros, messageWindowMicros } = this.#options;
    const messaging = isMessaging(half);
    half.expiresAt = this.nowMicros + (messaging ? messageWindowMicros : windowMicros);
    this.#held += 1;
    (messaging ? this.#messages : this.#requests).push(half);
  }

  /** A caller that has found a callee. */
  markPaired(half: Half): void {
    if (!half.paired) this.#paired.push(half);
    half.paired = true;
  }

  /** A callee that has found its one caller. */
  finish(half: Half): void {
    this.#leave(half);
    this.#forget(half);
  }

  /** Takes the next half whose window ended at `nowMicros`. */
  takeDue(nowMicros: number): Half | undefined {
    this.#paired.take(Number.NEGATIVE_INFINITY);
    return this.#gone(this.#requests.take(nowMicros) ?? this.#messages.take(nowMicros));
  }

  /** While more than `max` are held: takes the caller that paired first, else the oldest half. */
  takeOverflow(): Half | undefined {
    const always = Number.POSITIVE_INFINITY;
    if (this.#held <= this.#options.maxHalves) return undefined;
    return this.#gone(
      this.#paired.take(always) ?? this.#requests.take(always) ?? this.#messages.take(always),
    );
  }

  #gone(half: Half | undefined): Half | undefined {
    if (half === undefined) return undefined;
    this.#leave(half);
    this.#forget(half);
    return half;
  }

  #leave(half: Half): void {
    half.done = true;
    this.#held -= 1;
  }

  #forget(half: Half): void {
    if (isCalling(half)) {
      writeKey(half, this.#key);
      this.#points.removeCaller(this.#key, half);
      return;
    }
    writeAnswerKey(half, this.#key);
    this.#points.removeCallee(this.#key, half);
    const { links = noLinks } = half;
    for (let at = 0; at < links.length; at += keyWords)
      this.#points.removeCallee(links.subarray(at, at + keyWords), half);
  }
}

const noLinks = new Uint32Array(0);

/** The key a callee answers to: its parent's, or its own when it has none. */
function writeAnswerKey(half: Half, into: SpanKey): void {
  if (hasParent(half)) writeParentKey(half, into);
  else writeKey(half, into);
}
