/** Counts spans from their end to the hub, and says a loss once: the host's log is not the place for a line per batch. */
export class SpanLedger {
  readonly #say: (line: string) => void;
  #ended = 0;
  #delivered = 0;
  #dropped = 0;
  #said = false;
  #closed = false;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Spans that could not be sent since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Spans that have ended and are neither delivered nor lost yet. */
  get pending(): number {
    return this.#ended - this.#delivered - this.#dropped;
  }

  ended(): void {
    if (!this.#closed) this.#ended += 1;
  }

  delivered(spans: number): void {
    if (!this.#closed) this.#delivered += spans;
  }

  lost(spans: number, reason: string): void {
    if (this.#closed || spans === 0) return;
    this.#dropped += spans;
    if (this.#said) return;
    this.#said = true;
    this.#say(
      `tracing: ${spans} ${spans === 1 ? 'span was' : 'spans were'} not delivered (${reason}); further losses are only counted`,
    );
  }

  /** What is still pending is lost for this reason; later news of it changes nothing. */
  close(reason: string): void {
    this.lost(this.pending, reason);
    this.#closed = true;
  }

  /** Says something that is no loss of spans, such as a wrong setting. */
  remark(text: string): void {
    this.#say(`tracing: ${text}`);
  }
}
