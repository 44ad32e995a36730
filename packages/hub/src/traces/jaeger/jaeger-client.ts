import { type JaegerEndpoint, jaegerEndpoint } from './jaeger-endpoint.ts';
import { JaegerReadError } from './jaeger-read-error.ts';
import { AnswerTooLargeError, readAnswer } from './read-answer.ts';

export interface JaegerClientOptions {
  /** Base URL of the query API, without `/api`. User info becomes basic authentication. */
  readonly url: string;
  /** Sent as bearer token when the URL has no user info. */
  readonly token: string | undefined;
  /** Of one question, until the last byte of its answer. */
  readonly timeoutMs: number;
  /** Of one answer, inflated. */
  readonly maxAnswerBytes: number;
}

/** An answer with the JSON object it holds; undefined when it holds none, such as a page. */
export interface JaegerAnswer {
  readonly status: number;
  readonly json: JsonObject | undefined;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** A trace or a search that has more bytes than may be held; asking for less may help. */
export class TooMuchError extends JaegerReadError {
  constructor(maxBytes: number) {
    super(`Jaeger's answer has more than ${maxBytes} bytes; ask for fewer traces.`, 502);
    this.name = 'TooMuchError';
  }
}

/** Large answers are held one beside the other no more often than this. */
const maxQuestions = 4;

/** Asks a Jaeger's query API; what goes wrong on the way is a `JaegerReadError`. */
export class JaegerClient {
  readonly #options: JaegerClientOptions;
  readonly #endpoint: JaegerEndpoint;
  readonly #waiting: (() => void)[] = [];
  #asking = 0;

  constructor(options: JaegerClientOptions) {
    this.#options = options;
    this.#endpoint = jaegerEndpoint(options.url, options.token);
  }

  get url(): string {
    return this.#endpoint.url;
  }

  get(path: string, query: URLSearchParams = new URLSearchParams()): Promise<JaegerAnswer> {
    return this.#ask('GET', query.size === 0 ? path : `${path}?${query}`);
  }

  post(path: string): Promise<JaegerAnswer> {
    return this.#ask('POST', path);
  }

  async #ask(method: string, path: string): Promise<JaegerAnswer> {
    const signal = AbortSignal.timeout(this.#options.timeoutMs);
    await this.#turn();
    try {
      const response = await fetch(`${this.#endpoint.url}${path}`, {
        method,
        headers: { ...this.#endpoint.headers, accept: 'application/json' },
        // Another address would get the credentials that were meant for this one.
        redirect: 'manual',
        signal,
      });
      const body = await readAnswer(response, this.#options.maxAnswerBytes);
      return { status: response.status, json: parseObject(body) };
    } catch (error) {
      throw this.#told(error as Error);
    } finally {
      this.#passTurn();
    }
  }

  async #turn(): Promise<void> {
    if (this.#asking < maxQuestions) this.#asking += 1;
    else await new Promise<void>((resolve) => void this.#waiting.push(resolve));
  }

  #passTurn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#asking -= 1;
    else next();
  }

  #told(error: Error): JaegerReadError {
    const { timeoutMs, maxAnswerBytes } = this.#options;
    if (error instanceof AnswerTooLargeError) return new TooMuchError(maxAnswerBytes);
    if (error.name === 'TimeoutError')
      return new JaegerReadError(
        `Jaeger at ${this.url} did not answer within ${timeoutMs / 1000} s.`,
        504,
      );
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    const told = `Jaeger at ${this.url} cannot be reached: ${reason || error.message}.`;
    return new JaegerReadError(told, 502, { cause: error });
  }
}

function parseObject(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
