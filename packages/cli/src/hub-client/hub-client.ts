import { createInsightsClient, type InsightsClient } from '@concordat/api';
import { CliError } from '../terminal/cli-error.ts';

export interface HubAddress {
  readonly baseUrl: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
}

export interface HubAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

interface Sent {
  readonly method: string;
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
  readonly accept?: string;
}

/** A request whose body or answer is a stream. */
export interface StreamedRequest {
  readonly method: string;
  readonly accept: string;
  readonly signal: AbortSignal;
  readonly body?: {
    readonly stream: ReadableStream<Uint8Array>;
    readonly headers: Readonly<Record<string, string>>;
  };
}

const TIMEOUT_MS = 60_000;

/** Talks to one hub (or Pact Broker). Not reachable, or not let in, is a `CliError`; every other answer is the caller's. */
export class HubClient {
  readonly baseUrl: string;
  readonly authorization: string | undefined;
  readonly insights: InsightsClient;

  constructor(address: HubAddress) {
    this.baseUrl = checkedUrl(address.baseUrl);
    this.authorization = authorizationOf(address);
    this.insights = createInsightsClient(this.baseUrl, async (url, init) => {
      const { status, text } = await this.#send(url, {
        method: 'GET',
        accept: init.headers.accept ?? '*/*',
      });
      return { status, text: async () => text };
    });
  }

  get(path: string): Promise<HubAnswer> {
    return this.#send(this.resolve(path), { method: 'GET' });
  }

  post(path: string, body: unknown): Promise<HubAnswer> {
    const sent = { body: JSON.stringify(body), contentType: 'application/json' };
    return this.#send(this.resolve(path), { method: 'POST', ...sent });
  }

  put(path: string, body: unknown): Promise<HubAnswer> {
    return this.putBytes(path, JSON.stringify(body), 'application/json');
  }

  putBytes(path: string, body: string | Uint8Array, contentType: string): Promise<HubAnswer> {
    return this.#send(this.resolve(path), { method: 'PUT', body, contentType });
  }

  patch(path: string, body: unknown): Promise<HubAnswer> {
    const sent = { body: JSON.stringify(body), contentType: 'application/merge-patch+json' };
    return this.#send(this.resolve(path), { method: 'PATCH', ...sent });
  }

  delete(path: string): Promise<HubAnswer> {
    return this.#send(this.resolve(path), { method: 'DELETE' });
  }

  /** An answer too large for memory, as it comes; `signal` ends it. */
  async open(path: string, sent: StreamedRequest): Promise<Response> {
    const url = this.resolve(path);
    const { method, accept, signal, body } = sent;
    const headers = {
      accept,
      ...(this.authorization === undefined ? {} : { authorization: this.authorization }),
      ...(body === undefined ? {} : body.headers),
    };
    try {
      const streamed = body === undefined ? {} : { body: body.stream, duplex: 'half' as const };
      const response = await fetch(url, { method, headers, signal, ...streamed });
      if (response.status === 401) throw refusedCredentials(url);
      return response;
    } catch (cause) {
      throw cause instanceof CliError ? cause : unreachable(url, cause);
    }
  }

  /** Links of an answer keep their path and query and move to this client's base URL, which may be behind a proxy. */
  resolve(pathOrLink: string): string {
    return `${this.baseUrl}${this.pathOf(pathOrLink)}`;
  }

  /** The part of a link that comes after the base URL. */
  pathOf(pathOrLink: string): string {
    if (pathOrLink.startsWith('/')) return pathOrLink;
    const { pathname, search } = new URL(pathOrLink);
    const prefix = new URL(this.baseUrl).pathname.replace(/\/$/, '');
    const path = pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname;
    return `${path}${search}`;
  }

  async #send(url: string, sent: Sent): Promise<HubAnswer> {
    const answer = await this.#fetch(url, sent);
    if (answer.status === 401) throw refusedCredentials(url);
    return answer;
  }

  async #fetch(url: string, sent: Sent): Promise<HubAnswer> {
    const { method, body, contentType, accept = 'application/hal+json, application/json' } = sent;
    const headers = {
      accept,
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
      ...(this.authorization === undefined ? {} : { authorization: this.authorization }),
    };
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(url, { method, headers, signal, ...(body && { body }) });
      return { status: response.status, text: await response.text(), headers: response.headers };
    } catch (cause) {
      throw unreachable(url, cause);
    }
  }
}

/** The answer's JSON; anything but JSON means that no hub lives at this address. */
export function jsonOf(answer: HubAnswer, what: string): unknown {
  try {
    return JSON.parse(answer.text);
  } catch (cause) {
    throw new CliError(`${what}: the answer is no JSON; is this address a hub?`, { cause });
  }
}

/** What the hub says against a request, from its problem, its `errors`, its notices or its body. */
export function refusalOf(answer: HubAnswer): string {
  const words = wordsOf(answer.text);
  return `the hub answered ${answer.status}: ${words || 'no reason given'}`;
}

function wordsOf(text: string): string {
  try {
    const body = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    const { detail, errors, error, notices, title } = body ?? {};
    const parts = [detail ?? title, errors, error, errors === undefined ? notices : undefined];
    return parts.flatMap(flatten).join('\n') || text.slice(0, 1000);
  } catch {
    return text.slice(0, 1000);
  }
}

/** `{"name": ["is missing"]}` → `name: is missing`; objects with words of their own give these. */
function flatten(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(flatten);
  if (typeof value !== 'object') return [String(value)];
  const { message, detail, text, place, pointer, line } = value as Record<string, unknown>;
  const words = message ?? detail ?? text;
  if (typeof words === 'string') {
    const where = [place ?? pointer, line].filter((part) => part !== undefined).join(':');
    return [where === '' ? words : `${where}: ${words}`];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    flatten(inner).map((line) => `${key}: ${line}`),
  );
}

function refusedCredentials(url: string): CliError {
  return new CliError(
    `${url} refuses the credentials; set PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD.`,
  );
}

function unreachable(url: string, cause: unknown): CliError {
  const message = `${url} cannot be reached: ${reasonOf(cause)}. Is the hub running there?`;
  return new CliError(message, { cause });
}

function checkedUrl(baseUrl: string): string {
  if (URL.canParse(baseUrl) && /^https?:$/.test(new URL(baseUrl).protocol)) {
    return baseUrl.replace(/\/+$/, '');
  }
  throw new CliError(`'${baseUrl}' is no address of a hub; give http://HOST:PORT.`);
}

function authorizationOf({ token, username, password }: HubAddress): string | undefined {
  if (token !== undefined) return `Bearer ${token}`;
  if (username === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error ? inner.message || inner.name : String(inner);
}
