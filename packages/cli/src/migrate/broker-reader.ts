import { setTimeout as pause } from 'node:timers/promises';
import { Slots } from '../processes/slots.ts';
import { CliError } from '../terminal/cli-error.ts';

export interface BrokerAddress {
  readonly baseUrl: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
}

export interface ReaderOptions {
  /** Requests at once. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Milliseconds before the second try; doubled before each further one. */
  readonly firstPause?: number;
}

const TRIES = 7;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
const TIMEOUT_MS = 60_000;

/** Asks a Pact Broker, only by GET: some requests at once, tried again when it is overloaded or away for a moment. */
export class BrokerReader {
  readonly baseUrl: string;
  requests = 0;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #slots: Slots<number>;
  readonly #options: ReaderOptions;

  /** Credentials may stand in the URL; the broker may live below a path. */
  constructor(address: BrokerAddress, options: ReaderOptions) {
    const { url, authorization } = read(address);
    this.baseUrl = url;
    this.#headers = {
      accept: 'application/hal+json',
      ...(authorization === undefined ? {} : { authorization }),
    };
    this.#slots = new Slots(Array.from({ length: options.concurrency }, (_, index) => index));
    this.#options = options;
  }

  /** The body of the answer; undefined when there is no such thing. */
  find(path: string): Promise<string | undefined> {
    return this.#slots.use(() => this.#ask(path));
  }

  async #ask(path: string): Promise<string | undefined> {
    const { firstPause = FIRST_PAUSE_MS, signal } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#try(path);
      if (answer.kind === 'found') return answer.text;
      if (answer.kind === 'nothing') return undefined;
      if (attempt === TRIES) {
        throw new CliError(
          `${this.baseUrl}${path} ${answer.reason}, ${TRIES} times; try again later.`,
        );
      }
      const wanted = answer.afterMs ?? firstPause * 2 ** (attempt - 1);
      await pause(Math.min(wanted, LONGEST_PAUSE_MS), undefined, { signal });
    }
  }

  async #try(path: string): Promise<Attempt> {
    this.requests += 1;
    const { signal } = this.#options;
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.baseUrl}${path}`, {
        headers: this.#headers,
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      text = await response.text();
    } catch (error) {
      if (signal.aborted) throw error;
      const { cause } = error as { cause?: unknown };
      const reason = cause instanceof Error ? cause.message : String(error);
      return { kind: 'failed', reason: `cannot be reached (${reason})` };
    }
    return this.#judge(path, response, text);
  }

  #judge(path: string, { status, headers }: Response, text: string): Attempt {
    if (status === 200) return { kind: 'found', text };
    if (status === 404) return { kind: 'nothing' };
    const reason = `answered ${status}`;
    if (status === 408 || status === 429 || status >= 500) {
      const seconds = Number(headers.get('retry-after') ?? Number.NaN);
      return { kind: 'failed', reason, ...(seconds >= 0 ? { afterMs: seconds * 1000 } : {}) };
    }
    if (status === 401 || status === 403) {
      throw new CliError(
        `${this.baseUrl} ${reason}: give --from-token, or --from-username and --from-password, of somebody who may read.`,
      );
    }
    throw new CliError(`${this.baseUrl}${path} ${reason}: ${text.slice(0, 200)}`);
  }
}

type Attempt =
  | { readonly kind: 'found'; readonly text: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed'; readonly reason: string; readonly afterMs?: number };

function read(address: BrokerAddress): { readonly url: string; readonly authorization?: string } {
  if (!URL.canParse(address.baseUrl) || !/^https?:$/.test(new URL(address.baseUrl).protocol)) {
    throw new CliError(`'${address.baseUrl}' is no address of a Pact Broker.`);
  }
  const url = new URL(address.baseUrl);
  const username = address.username ?? decodeURIComponent(url.username);
  const password = address.password ?? decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  const clean = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  if (address.token !== undefined) return { url: clean, authorization: `Bearer ${address.token}` };
  if (username === '') return { url: clean };
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  return { url: clean, authorization: `Basic ${basic}` };
}
