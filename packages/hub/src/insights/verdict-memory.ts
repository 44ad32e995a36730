// Hot path: matching a call with the pacts takes ten times the look-up of what was said about one like it.
import type { Call } from '@concordat/domain';
import type { CallVerdict, PromiseBook } from './promise-book.ts';

const MOST_VERDICTS = 10_000;

/** The verdicts of one promise book, as long as that is in use; calls that are alike in all that judging reads share one. */
export class VerdictMemory {
  readonly #verdicts = new Map<string, CallVerdict>();
  #book: PromiseBook | undefined;

  judge(book: PromiseBook, call: Call): CallVerdict {
    if (book !== this.#book || this.#verdicts.size >= MOST_VERDICTS) {
      this.#verdicts.clear();
      this.#book = book;
    }
    const key = keyOf(call);
    const known = this.#verdicts.get(key) ?? book.judge(call);
    this.#verdicts.set(key, known);
    return known;
  }
}

function keyOf({ consumer, provider, environment, exchange, clientSpanId }: Call): string {
  const isQueryKnown = clientSpanId !== undefined;
  const names = [consumer.service, consumer.version ?? null, provider.service, environment ?? null];
  return JSON.stringify([names, exchange, isQueryKnown]);
}
