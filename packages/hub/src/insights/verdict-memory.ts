// Hot path: matching a call with the pacts takes ten times the look-up of what was said about one like it.
import type { Call } from '@concordat/domain';
import type { CallVerdict, PromiseBook } from './promise-book.ts';

const MOST_VERDICTS = 10_000;

/** What was said of a call, and room for whoever counts calls to note where those like it are counted. */
export interface RememberedVerdict {
  readonly verdict: CallVerdict;
  place: unknown;
}

/** The verdicts of one promise book, as long as that is in use; calls that are alike in all that judging reads share one. */
export class VerdictMemory {
  readonly #verdicts = new Map<string, RememberedVerdict>();
  #book: PromiseBook | undefined;

  judge(book: PromiseBook, call: Call): RememberedVerdict {
    if (book !== this.#book || this.#verdicts.size >= MOST_VERDICTS) {
      this.#verdicts.clear();
      this.#book = book;
    }
    const key = keyOf(call);
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    const judged = { verdict: book.judge(call), place: undefined };
    this.#verdicts.set(key, judged);
    return judged;
  }
}

/** The version of the provider is judged by nothing, but counted by; every text stands behind its length, so that none can pass for two. */
function keyOf({ consumer, provider, environment, exchange, clientSpanId }: Call): string {
  const isQueryKnown = clientSpanId === undefined ? 0 : 1;
  const peers = `${text(consumer.service)}${text(consumer.version)}${text(provider.service)}${text(provider.version)}`;
  return `${isQueryKnown}${peers}${text(environment)}${exchangeKey(exchange)}`;
}

function exchangeKey(exchange: Call['exchange']): string {
  if (exchange.kind !== 'http') return JSON.stringify(exchange);
  const { method, path, query, route, status } = exchange;
  return `${method} ${status} ${text(path)}${text(query)}${text(route)}`;
}

function text(value: string | undefined): string {
  return value === undefined ? '-' : `${value.length} ${value}`;
}
