import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleType,
  type IPolicy,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { Problem } from './problem.ts';

export interface HttpClientOptions {
  readonly baseUrl: string;
  /** The provider's name, for messages. */
  readonly provider: string;
  readonly timeoutMillis?: number;
}

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From the base URL on, already percent-encoded, query included. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the provider said; any status below 500. */
export interface HttpAnswer {
  readonly status: number;
  /** undefined when the answer had no body. */
  readonly body: unknown;
}

/** The provider did not answer, or answered 5xx. */
class ProviderFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProviderFailure';
  }
}

const parallelCalls = 64;
const waitingCalls = 256;

/**
 * Calls one provider with a timeout, a circuit breaker (opens after five failures in a row, tries again after a
 * second) and a bulkhead; GET, PUT and DELETE are tried up to three times. Answers below 500 are returned as they are;
 * everything else becomes a Problem 502, 503 or 504.
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #once: IPolicy;
  readonly #repeated: IPolicy;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    const failures = handleType(ProviderFailure).orType(TaskCancelledError);
    const guarded = wrap(
      bulkhead(parallelCalls, waitingCalls),
      circuitBreaker(failures, { halfOpenAfter: 1_000, breaker: new ConsecutiveBreaker(5) }),
      timeout(options.timeoutMillis ?? 2_000, TimeoutStrategy.Aggressive),
    );
    this.#once = guarded;
    this.#repeated = wrap(
      retry(failures, {
        maxAttempts: 2,
        backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 500 }),
      }),
      guarded,
    );
  }

  async call(call: HttpCall): Promise<HttpAnswer> {
    const policy = call.method === 'POST' ? this.#once : this.#repeated;
    try {
      return await policy.execute(({ signal }) => this.#send(call, signal));
    } catch (error) {
      throw asProblem(this.#options.provider, error);
    }
  }

  async #send(call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> {
    const { baseUrl, provider } = this.#options;
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${baseUrl}${call.path}`, requestOf(call, signal));
      text = await response.text();
    } catch (error) {
      throw new ProviderFailure(`${provider} cannot be reached`, { cause: error });
    }
    if (response.status >= 500)
      throw new ProviderFailure(`${provider} answered ${response.status}`);
    return { status: response.status, body: readBody(provider, text) };
  }
}

function requestOf(call: HttpCall, signal: AbortSignal): RequestInit {
  return {
    method: call.method,
    signal,
    headers: {
      accept: 'application/json, application/problem+json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  };
}

function readBody(provider: string, text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProviderFailure(`${provider} answered with a body that is no JSON`, { cause: error });
  }
}

function asProblem(provider: string, error: unknown): Problem {
  if (error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError) {
    return new Problem(503, 'PROVIDER_UNAVAILABLE', {
      detail: `${provider} is not called for the moment: ${error.message}`,
      cause: error,
    });
  }
  if (error instanceof TaskCancelledError) {
    return new Problem(504, 'PROVIDER_TIMEOUT', {
      detail: `${provider} did not answer in time`,
      cause: error,
    });
  }
  if (error instanceof ProviderFailure) {
    return new Problem(502, 'PROVIDER_FAILURE', { detail: error.message, cause: error });
  }
  return new Problem(500, 'INTERNAL_ERROR', { detail: `calling ${provider} failed`, cause: error });
}
