import { once } from 'node:events';
import { createServer } from 'node:net';

/** The wanted port when nobody listens on it, else one that was free a moment ago. */
export async function freePort(host: string, wanted = 0): Promise<number> {
  const port = await tryPort(host, wanted);
  if (port !== undefined) return port;
  const other = await tryPort(host, 0);
  if (other === undefined) throw new Error(`No port is free on ${host}.`);
  return other;
}

async function tryPort(host: string, wanted: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(wanted, host);
    await once(server, 'listening');
  } catch {
    return undefined;
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address === null || typeof address === 'string' ? undefined : address.port;
}
