/** Counts what tracing lost and says so once: the host's log is not the place for a line per batch. */
export class LossNotice {
  readonly #say: (line: string) => void;
  #dropped = 0;
  #said = false;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Spans that could not be sent since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  lost(spans: number, reason: string): void {
    this.#dropped += spans;
    if (this.#said) return;
    this.#said = true;
    this.#say(
      `tracing: ${spans} ${spans === 1 ? 'span was' : 'spans were'} not delivered (${reason}); further losses are only counted`,
    );
  }

  /** Says something that is no loss of spans, such as a wrong setting. */
  remark(text: string): void {
    this.#say(`tracing: ${text}`);
  }
}
