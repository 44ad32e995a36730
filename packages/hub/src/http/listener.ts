import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

const defaultHeadersMs = 60_000;

/** A port that the hub listens on. */
export interface Listener {
  readonly port: number;
  /** To reach it from this machine. */
  readonly url: string;
  /** Accepts no more, lets running requests finish for at most `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Starts to listen for HTTP; port 0 picks a free one. A port in use is an error that names it. Whoever takes longer than `headersMs`
 * to send a request's headers is sent away. With `answersHalfClosed` a client that has said everything and closed its side still gets
 * its answer; without, its request counts as given up, which long answers need to notice.
 */
export async function listen(
  handler: RequestListener,
  address: Address & { readonly headersMs?: number; readonly answersHalfClosed?: boolean },
): Promise<Listener> {
  const { headersMs = defaultHeadersMs, answersHalfClosed = false } = address;
  const server = createServer(
    {
      keepAliveTimeout: 65_000,
      headersTimeout: headersMs,
      connectionsCheckingInterval: headersMs / 2,
    },
    handler,
  );
  Object.assign(server, { httpAllowHalfOpen: answersHalfClosed });
  server.listen(address.port, address.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(
      `Cannot listen on ${address.host}:${address.port}: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${reachableHost(address.host)}:${port}`,
    close: (graceMs) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

/** The host to connect to: a wildcard address is none. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
