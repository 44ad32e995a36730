import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as it came to a proxy. */
export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What the hub answered. */
  readonly status: number;
}

export interface HubProxy {
  readonly url: string;
  /** In the order they were answered. */
  readonly seen: readonly SeenRequest[];
}

/**
 * Shows a hub below a path of another server, which takes the path away and says so in X-Forwarded headers, as reverse
 * proxies do. Goes away with the test.
 */
export async function startProxy(hub: { readonly url: string }, prefix = ''): Promise<HubProxy> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    if (!`${url}/`.startsWith(`${prefix}/`)) {
      outgoing.writeHead(404).end();
      return;
    }
    const forwarded = {
      'x-forwarded-host': headers.host,
      'x-forwarded-prefix': prefix,
    };
    const sent = request(
      new URL(url.slice(prefix.length) || '/', hub.url),
      { method, headers: { ...headers, ...forwarded } },
      (answer) => {
        const status = answer.statusCode ?? 0;
        outgoing.writeHead(status, answer.headers);
        answer.pipe(outgoing);
        answer.on('end', () => seen.push({ method, url, headers, status }));
      },
    );
    incoming.pipe(sent);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`, seen };
}
