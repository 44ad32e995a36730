import type { IncomingMessage } from 'node:http';

/**
 * Where a request comes from. Each proxy adds the address it was asked from to the end of X-Forwarded-For, so only as many entries from
 * the end can be believed as there are proxies of one's own; what stands before is the client's word.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string {
  const own = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  if (trustedProxies === 0) return own;
  const entries = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  return entries.at(-trustedProxies)?.slice(0, MOST_CHARACTERS) ?? own;
}

/** Enough for any address with port and zone. */
const MOST_CHARACTERS = 100;
