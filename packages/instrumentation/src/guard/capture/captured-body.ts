/** Keeps a copy of what passes, up to a limit; beyond it nothing is kept and the body counts as not captured. */
export class CapturedBody {
  readonly #limit: number;
  #chunks: Buffer[] | undefined = [];
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes whatever streams are given: text, bytes, and what is neither (a callback, nothing), which is no content. */
  add(chunk: unknown, encoding?: unknown): void {
    if (this.#chunks === undefined) return;
    const isText = typeof chunk === 'string';
    if (!isText && !(chunk instanceof Uint8Array)) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limit) this.lose();
    // A copy: who wrote the bytes may use the same memory again once they are sent.
    else this.#chunks.push(isText ? encoded(chunk, encoding) : Buffer.from(chunk));
  }

  /** It cannot be known whole. */
  lose(): void {
    this.#chunks = undefined;
  }

  /** undefined when it was too long or not seen from its start. */
  get content(): Buffer | undefined {
    const chunks = this.#chunks;
    if (chunks === undefined) return undefined;
    const [only] = chunks;
    return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
  }
}

function encoded(text: string, encoding: unknown): Buffer {
  return typeof encoding === 'string' && Buffer.isEncoding(encoding)
    ? Buffer.from(text, encoding)
    : Buffer.from(text);
}
