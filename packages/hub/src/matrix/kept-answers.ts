/** A key and an answer take some memory beyond their characters, which may need two bytes each. */
const BESIDE_BYTES = 200;

interface Options {
  /** Names the state of all that answers are drawn from; another text after any change. */
  readonly state: () => Promise<string>;
  /** What all answers together may take; 0 keeps none. */
  readonly bytes: number;
}

/**
 * Keeps answers while what they were drawn from is as it was: builds ask again and again until the last result is there, and
 * badges and pages ask the same. One that was drawn while something changed is not kept.
 */
export class KeptAnswers {
  readonly #options: Options;
  readonly #answers = new Map<string, string>();
  #state: string | undefined;
  #bytes = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The kept answer to this question, or what `draw` answers now. */
  async get(question: string, draw: () => Promise<string>): Promise<string> {
    if (this.#options.bytes === 0) return draw();
    const before = await this.#options.state();
    if (before !== this.#state) this.#forgetAll(before);
    const kept = this.#answers.get(question);
    if (kept !== undefined) return kept;
    const answer = await draw();
    if ((await this.#options.state()) === before && before === this.#state) {
      this.#keep(question, answer);
    }
    return answer;
  }

  #keep(question: string, answer: string): void {
    const bytes = sizeOf(question, answer);
    if (bytes > this.#options.bytes || this.#answers.has(question)) return;
    this.#answers.set(question, answer);
    this.#bytes += bytes;
    for (const [oldest, its] of this.#answers) {
      if (this.#bytes <= this.#options.bytes) return;
      this.#answers.delete(oldest);
      this.#bytes -= sizeOf(oldest, its);
    }
  }

  #forgetAll(state: string): void {
    this.#answers.clear();
    this.#bytes = 0;
    this.#state = state;
  }
}

function sizeOf(question: string, answer: string): number {
  return 2 * (question.length + answer.length) + BESIDE_BYTES;
}
