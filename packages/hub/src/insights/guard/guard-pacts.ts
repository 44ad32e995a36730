import type { GuardPact, GuardPacts } from '@concordat/api';
import { entityTagOf } from '../../http/entity-tag.ts';
import type { CompiledInForce, PromiseBook } from '../promise-book.ts';

/** Who asks: a service that runs a live guard. */
export interface GuardQuestion {
  readonly pacticipant: string;
  readonly environment: string | undefined;
  readonly version: string | undefined;
}

/** The answer as it is sent. */
export interface GuardAnswer {
  readonly text: string;
  /** Of the text. */
  readonly tag: string;
}

type Pair = { readonly consumer: string; readonly provider: string };

/** Answers of one book that are kept: guards ask the same over and over. */
const MOST_ANSWERS = 5_000;

/** What guards judge by; thousands of them ask every few seconds, so nothing is worked out twice while the contracts stay. */
export class GuardPactList {
  #book: PromiseBook | undefined;
  #pairs: ReadonlyMap<string, readonly Pair[]> = new Map();
  #answers = new Map<string, GuardAnswer>();

  answer(book: PromiseBook, question: GuardQuestion): GuardAnswer {
    if (book !== this.#book) this.#turnTo(book);
    const { pacticipant, environment, version } = question;
    const key = JSON.stringify([pacticipant, environment, version]);
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const body: GuardPacts = { pacts: this.#pactsFor(book, question) };
    const text = JSON.stringify(body);
    const answer = { text, tag: entityTagOf(text) };
    if (this.#answers.size < MOST_ANSWERS) this.#answers.set(key, answer);
    return answer;
  }

  #turnTo(book: PromiseBook): void {
    this.#book = book;
    this.#pairs = pairsByPacticipant(book.pairs());
    this.#answers = new Map();
  }

  /** The version is the asker's: of the pacts in which it is the provider, those of the consumers around it speak. */
  #pactsFor(book: PromiseBook, question: GuardQuestion): GuardPact[] {
    const { pacticipant, environment, version } = question;
    return (this.#pairs.get(pacticipant) ?? [])
      .flatMap((pair) => {
        const own = pair.consumer === pacticipant ? version : undefined;
        return byContent(book.pactsFor(pair, { version: own, environment }));
      })
      .sort((left, right) => compare(keyOf(left), keyOf(right)));
  }
}

function pairsByPacticipant(pairs: readonly Pair[]): ReadonlyMap<string, readonly Pair[]> {
  const found = new Map<string, Pair[]>();
  for (const pair of pairs) {
    for (const name of new Set([pair.consumer, pair.provider])) {
      const ofName = found.get(name) ?? [];
      ofName.push(pair);
      found.set(name, ofName);
    }
  }
  return found;
}

function byContent(pacts: readonly CompiledInForce[]): readonly GuardPact[] {
  const found = new Map<string, GuardPact>();
  for (const { consumer, provider, sha, consumerVersion } of pacts) {
    const pact = found.get(sha) ?? {
      ...{ consumer, provider, sha, consumerVersions: [] },
      path: pathOf({ consumer, provider }, sha),
    };
    pact.consumerVersions.push(consumerVersion);
    found.set(sha, pact);
  }
  return [...found.values()];
}

function pathOf({ consumer, provider }: Pair, sha: string): string {
  const names = [provider, consumer].map(encodeURIComponent);
  return `/pacts/provider/${names[0]}/consumer/${names[1]}/pact-version/${sha}`;
}

function keyOf({ consumer, provider, sha }: GuardPact): string {
  return `${consumer}\n${provider}\n${sha}`;
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
