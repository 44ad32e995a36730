import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A listening HTTP server. */
export interface Listener {
  readonly port: number;
  readonly url: string;
  /** Accepts no more, lets running requests finish for at most `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

/** Starts to listen; port 0 picks a free one. A port in use is an error that names it. */
export async function listen(
  handler: RequestListener,
  address: { readonly host: string; readonly port: number },
): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: 65_000 }, handler);
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

/** A wildcard address is not one to connect to. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
