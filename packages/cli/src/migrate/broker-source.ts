import type { AnswerStore } from './answer-store.ts';
import type { BrokerReader } from './broker-reader.ts';
import { type HalObject, halObject, objectOf } from './hal-answer.ts';

const PAGE_SIZE = 100;

/** The broker that is read: its answers as objects, all pages of a list, many things at once. */
export class BrokerSource {
  readonly answers: AnswerStore;
  /** What was named by one answer and was gone when asked for. */
  vanished = 0;
  readonly #reader: BrokerReader;
  readonly #onRequest: (step: string, requests: number) => void;
  #step = '';

  constructor(deps: {
    readonly reader: BrokerReader;
    readonly answers: AnswerStore;
    readonly onRequest: (step: string, requests: number) => void;
  }) {
    this.answers = deps.answers;
    this.#reader = deps.reader;
    this.#onRequest = deps.onRequest;
  }

  startStep(step: string): void {
    this.#step = step;
  }

  async text(path: string): Promise<string | undefined> {
    const text = await this.#reader.find(path);
    this.#onRequest(this.#step, this.#reader.requests);
    return text;
  }

  /** Undefined when the broker does not have it, or not this route. */
  async find(path: string): Promise<HalObject | undefined> {
    const text = await this.text(path);
    return text === undefined ? undefined : halObject(text, path);
  }

  /** Something that another answer has named. */
  async named(path: string): Promise<HalObject | undefined> {
    const found = await this.find(path);
    if (found === undefined) this.vanished += 1;
    return found;
  }

  /** Something named that never changes, or only together with what the key says beside its path. */
  async lasting(path: string, key = ''): Promise<HalObject | undefined> {
    const text = await this.answers.remember(`${path} ${key}`, () => this.text(path));
    if (text === undefined) this.vanished += 1;
    return text === undefined ? undefined : halObject(text, path);
  }

  /** Every page of a list; a broker that does not page gives everything at once. */
  async pages(path: string): Promise<readonly HalObject[]> {
    const first = await this.find(`${path}?page=1&size=${PAGE_SIZE}`);
    if (first === undefined) return [];
    const total = Number(objectOf(first, 'page').totalPages ?? 1);
    const pages = [first];
    for (let page = 2; page <= total; page += 1) {
      const next = await this.find(`${path}?page=${page}&size=${PAGE_SIZE}`);
      if (next !== undefined) pages.push(next);
    }
    return pages;
  }
}

/** All at once, as far as the reader lets them; answers stay in the order of the items. */
export function together<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  return Promise.all(items.map(work));
}
