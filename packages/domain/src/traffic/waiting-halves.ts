import { type Half, keysOf } from './half.ts';
import type { Resource } from './span.ts';

/** A half inside its window; callers stay after their first pair, because a second callee may follow. */
export interface Waiting {
  readonly half: Half;
  readonly calling: boolean;
  readonly expiresAt: number;
  /** A callee's parent that is no caller: who sent it. */
  parent: Resource | undefined;
  paired: boolean;
  /** Nothing more can come of it; it only waits to be swept from its queue. */
  done: boolean;
}

/** More callees under one caller are nobody's fan-out, and would make pairing them all quadratic. */
const maxPerKey = 1_000;

/** Holds at most `max` halves, indexed by the span key they answer to, in the order in which their windows end. */
export class WaitingHalves {
  readonly #max: number;
  readonly #callers = new Map<string, Waiting>();
  readonly #callees = new Map<string, Waiting[]>();
  readonly #requests: Waiting[] = [];
  readonly #messages: Waiting[] = [];
  #heads = { requests: 0, messages: 0 };
  #held = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get held(): number {
    return this.#held;
  }

  caller(key: string): Waiting | undefined {
    return this.#callers.get(key);
  }

  callees(key: string): readonly Waiting[] {
    return this.#callees.get(key) ?? none;
  }

  holdCaller(key: string, waiting: Waiting): void {
    this.#callers.set(key, waiting);
    this.#enqueue(waiting);
  }

  holdCallee(waiting: Waiting): void {
    for (const key of keysOf(waiting.half)) {
      const others = this.#callees.get(key);
      if (others === undefined) this.#callees.set(key, [waiting]);
      else if (others.length < maxPerKey) others.push(waiting);
    }
    this.#enqueue(waiting);
  }

  /** A callee that found its one caller: gone from the index at once, so that it cannot pair twice. */
  finish(waiting: Waiting): void {
    waiting.done = true;
    this.#held -= 1;
    this.forget(waiting);
  }

  forget(waiting: Waiting): void {
    for (const key of keysOf(waiting.half)) {
      const others = this.#callees.get(key) ?? none;
      if (others.length > 1)
        this.#callees.set(
          key,
          others.filter((other) => other !== waiting),
        );
      else if (others[0] === waiting) this.#callees.delete(key);
    }
  }

  forgetCaller(key: string): void {
    this.#callers.delete(key);
  }

  /** Takes the next half whose window ended at `nowMicros`. */
  takeDue(nowMicros: number): Waiting | undefined {
    return this.#takeFrom('requests', nowMicros) ?? this.#takeFrom('messages', nowMicros);
  }

  /** Takes the oldest half while more than `max` are held. */
  takeOverflow(): Waiting | undefined {
    if (this.#held <= this.#max) return undefined;
    return this.takeDue(Number.POSITIVE_INFINITY);
  }

  #enqueue(waiting: Waiting): void {
    this.#held += 1;
    const messaging = waiting.half.kind === 'producer' || waiting.half.kind === 'consumer';
    (messaging ? this.#messages : this.#requests).push(waiting);
  }

  #takeFrom(name: 'requests' | 'messages', nowMicros: number): Waiting | undefined {
    const queue = name === 'requests' ? this.#requests : this.#messages;
    for (let head = this.#heads[name]; head < queue.length; head += 1) {
      const waiting = queue[head] as Waiting;
      if (!waiting.done && waiting.expiresAt > nowMicros) return this.#stopAt(name, head);
      if (waiting.done) continue;
      waiting.done = true;
      this.#held -= 1;
      this.#stopAt(name, head + 1);
      return waiting;
    }
    return this.#stopAt(name, queue.length);
  }

  /** Cuts the used part off only when it is long: cutting at every step would copy the queue each time. */
  #stopAt(name: 'requests' | 'messages', head: number): undefined {
    const queue = name === 'requests' ? this.#requests : this.#messages;
    const used = head >= 1024 || head === queue.length;
    if (used) queue.splice(0, head);
    this.#heads[name] = used ? 0 : head;
  }
}

const none: readonly Waiting[] = [];
