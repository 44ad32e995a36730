import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTestHub } from './start-hub.ts';

/**
 * Which of its query APIs a Jaeger has: `1.x` v1 only; `2.16` both, but its v3 knows neither attributes nor names in
 * camelCase; `2.20` both; `2.21` v3, and of v1 single traces only.
 */
export type JaegerVersion = '1.x' | '2.16' | '2.20' | '2.21';

/** What every request gets instead of its answer; `hold` is answered when the fault is taken away. */
export type Fault =
  | { readonly kind: 'hold' }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    };

/** A Jaeger as it looks from outside; behind it a hub keeps the spans and searches them. */
export interface FakeJaeger {
  readonly otlpUrl: string;
  readonly queryUrl: string;
  /** `GET /api/v3/services?…`, in order, those with faults too. */
  readonly seen: readonly string[];
  fail(fault: Fault | undefined): void;
  /** Refuses connections until `comeBack`; spans it has are kept. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

export async function startFakeJaeger(version: JaegerVersion): Promise<FakeJaeger> {
  const behind = await startTestHub({ flags: { retention: '3650d' } });
  const faults = new Faults();
  const otlp = await Listener.start((exchange) =>
    faults.unless(exchange, () => passOn(exchange, `${behind.otlpUrl}${exchange.request.url}`)),
  );
  const query = await Listener.start((exchange) =>
    faults.unless(exchange, () => answerQuery(exchange, version, behind.url)),
  );
  const listeners = [otlp, query];
  return {
    otlpUrl: otlp.url,
    queryUrl: query.url,
    seen: faults.seen,
    fail: (fault) => faults.set(fault),
    goDown: async () => void (await Promise.all(listeners.map((listener) => listener.stop()))),
    comeBack: async () => void (await Promise.all(listeners.map((listener) => listener.listen()))),
    close: async () => {
      faults.set(undefined);
      await Promise.all(listeners.map((listener) => listener.stop()));
      await behind.close();
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

type Work = (exchange: Exchange) => Promise<void>;

/** Listens again on the port it had. */
class Listener {
  readonly #server: Server;
  #port = 0;

  static async start(work: Work): Promise<Listener> {
    const listener = new Listener(work);
    await listener.listen();
    return listener;
  }

  constructor(work: Work) {
    this.#server = createServer((request, response) => {
      // Who asked may be gone by the time there is an answer.
      work({ request, response }).catch(() => response.destroy());
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

class Faults {
  readonly seen: string[] = [];
  #fault: Fault | undefined;
  #held: (() => void)[] = [];

  set(fault: Fault | undefined): void {
    this.#fault = fault;
    for (const release of this.#held.splice(0)) release();
  }

  async unless({ request, response }: Exchange, answer: () => Promise<void>): Promise<void> {
    this.seen.push(`${request.method} ${request.url}`);
    while (this.#fault?.kind === 'hold')
      await new Promise<void>((resolve) => {
        this.#held.push(resolve);
      });
    if (this.#fault === undefined) {
      await answer();
      return;
    }
    const { status, headers = {}, body = '' } = this.#fault;
    request.resume();
    response.writeHead(status, headers).end(body);
  }
}

async function passOn({ request, response }: Exchange, url: string): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': request.headers['content-type'] ?? '',
      'content-encoding': request.headers['content-encoding'] ?? '',
    },
    body: Buffer.concat(chunks),
  });
  response
    .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    .end(Buffer.from(await answer.arrayBuffer()));
}

const page = { status: 404, type: 'text/html', body: '<!doctype html><title>Jaeger</title>' };
const noRoute = { status: 404, type: 'text/plain', body: '404 page not found\n' };

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function answerQuery(
  { request, response }: Exchange,
  version: JaegerVersion,
  base: string,
): Promise<void> {
  const asked = new URL(request.url ?? '', base);
  const { status, type, body } = refusalOf(version, asked) ?? (await read(version, asked));
  response.writeHead(status, { 'content-type': type }).end(body);
}

const searchOfV1 = /^\/api\/(?:services|operations|traces)$|^\/api\/services\/.+\/operations$/;

/** What this version has no route for, or does not answer so. */
function refusalOf(version: JaegerVersion, { pathname, searchParams }: URL): Reply | undefined {
  if (version === '1.x' && pathname.startsWith('/api/v3')) return page;
  if (version === '2.21' && searchOfV1.test(pathname)) return noRoute;
  if (pathname !== '/api/traces' || searchParams.has('service')) return undefined;
  const errors = [{ code: 400, msg: "parameter 'service' is required" }];
  const body = JSON.stringify({ data: null, total: 0, limit: 0, offset: 0, errors });
  return { status: 400, type: 'text/plain; charset=utf-8', body };
}

/** As Go writes it: errors as plain text, empty lists left out. */
async function read(version: JaegerVersion, asked: URL): Promise<Reply> {
  const answer = await fetch(version === '2.16' ? asOldV3(asked) : asked);
  const body = await answer.text();
  const isError = answer.status >= 400;
  return {
    status: answer.status,
    type: isError ? 'text/plain; charset=utf-8' : 'application/json',
    body: /^\{"\w+":\[\]\}$/.test(body) ? '{}' : body,
  };
}

/** Passes over what it does not know. */
function asOldV3(asked: URL): URL {
  const url = new URL(asked);
  if (!url.pathname.startsWith('/api/v3')) return url;
  for (const name of asked.searchParams.keys())
    if (/[A-Z]/.test(name) || name === 'query.attributes') url.searchParams.delete(name);
  return url;
}
