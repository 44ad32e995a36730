import { once, setMaxListeners } from 'node:events';
import type {
  Http2Server,
  IncomingHttpHeaders,
  ServerHttp2Session,
  ServerHttp2Stream,
} from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Address, type Listener, reachableHost } from './listener.ts';

/** Answers one HTTP/2 stream; `closing` is aborted when the listener takes no more. It must listen to the stream's errors. */
export type StreamHandler = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  closing: AbortSignal,
) => void;

/** The first bytes of every HTTP/2 connection. */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const settings = { maxConcurrentStreams: 128, initialWindowSize: 262_144 } as const;
/** What one connection may send before the hub has read it, over all its streams. */
const connectionWindowBytes = 1_048_576;
const firstBytesMs = 10_000;
const keepAliveMs = 60_000;

/**
 * Starts to listen for HTTP/2 without encryption; port 0 picks a free one. The protocol is loaded when somebody connects,
 * so that a port nobody uses costs nothing. `hint` is told to whoever speaks HTTP/1 here.
 */
export async function listenHttp2(
  handler: StreamHandler,
  { host, port, hint }: Address & { readonly hint: string },
): Promise<Listener> {
  const connections = new Connections(handler, hint);
  const server = createServer(
    { noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs },
    (socket) => connections.accept(socket),
  );
  server.listen(port, host);
  await once(server, 'listening').catch((cause: Error) => {
    throw new Error(`Cannot listen on ${host}:${port}: ${cause.message}`, { cause });
  });
  const { port: own } = server.address() as AddressInfo;
  return {
    port: own,
    url: `http://${reachableHost(host)}:${own}`,
    close: async (graceMs) => {
      const closed = once(server, 'close');
      server.close();
      connections.close(graceMs);
      await closed;
    },
  };
}

/** Sockets from their first byte on, and what becomes of them. */
class Connections {
  readonly #handler: StreamHandler;
  readonly #hint: string;
  readonly #closing = new AbortController();
  /** Those that have not said yet what they speak, and those that speak HTTP/1. */
  readonly #strangers = new Set<Socket>();
  readonly #sessions = new Set<ServerHttp2Session>();
  #server: Promise<Http2Server> | undefined;

  constructor(handler: StreamHandler, hint: string) {
    this.#handler = handler;
    this.#hint = hint;
    // One for every call that waits to be told.
    setMaxListeners(0, this.#closing.signal);
  }

  accept(socket: Socket): void {
    this.#strangers.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#strangers.delete(socket));
    socket.setTimeout(firstBytesMs, () => socket.destroy());
    socket.once('readable', () => void this.#start(socket));
  }

  /** Lets running calls finish for at most `graceMs`, then cuts what is left. */
  close(graceMs: number): void {
    this.#closing.abort();
    for (const socket of this.#strangers) socket.destroy();
    for (const session of this.#sessions) session.close();
    const cut = (): void => {
      for (const session of this.#sessions) session.destroy();
    };
    if (graceMs === 0) cut();
    else setTimeout(cut, graceMs).unref();
  }

  async #start(socket: Socket): Promise<void> {
    const first: Buffer | null = socket.read();
    if (first === null) return;
    if (!preface.subarray(0, first.length).equals(first.subarray(0, preface.length))) {
      socket.end(plainAnswer(this.#hint));
      return;
    }
    socket.unshift(first);
    this.#server ??= this.#open();
    const server = await this.#server;
    if (this.#closing.signal.aborted) return;
    this.#strangers.delete(socket);
    socket.setTimeout(0);
    server.emit('connection', socket);
  }

  async #open(): Promise<Http2Server> {
    const { createServer: createHttp2Server } = await import('node:http2');
    const server = createHttp2Server({ settings });
    server.on('session', (session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
      session.on('error', () => undefined);
      session.setLocalWindowSize(connectionWindowBytes);
    });
    server.on('stream', (stream, headers) => this.#handler(stream, headers, this.#closing.signal));
    return server;
  }
}

function plainAnswer(hint: string): string {
  const body = `${hint}\n`;
  return [
    'HTTP/1.1 400 Bad Request',
    'content-type: text/plain; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
