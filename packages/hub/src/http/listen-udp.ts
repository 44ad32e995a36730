import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { type Address, type Listener, reachableHost } from './listener.ts';

/** Handles one datagram, whose bytes it may keep; it must not throw. */
export type DatagramHandler = (message: Buffer) => Promise<void>;

/** What waits in the kernel while the hub is busy; the kernel may allow less. */
const receiveBufferBytes = 4_194_304;

/**
 * Starts to listen for UDP; port 0 picks a free one. A port in use is an error that names it. Closing resolves when what was
 * taken has been handled.
 */
export async function listenUdp(
  handler: DatagramHandler,
  { host, port }: Address,
): Promise<Listener> {
  const socket = createSocket({
    type: isIPv6(host) ? 'udp6' : 'udp4',
    recvBufferSize: receiveBufferBytes,
  });
  const running = new Set<Promise<void>>();
  socket.bind(port, host);
  try {
    await once(socket, 'listening');
  } catch (cause) {
    throw new Error(`Cannot listen on UDP ${host}:${port}: ${(cause as Error).message}`, { cause });
  }
  // What goes wrong with one datagram, such as an answer of ICMP, is no reason to stop.
  socket.on('error', () => undefined);
  socket.on('message', (message) => {
    const handled = handler(message).finally(() => running.delete(handled));
    running.add(handled);
  });
  const { port: own } = socket.address();
  return {
    port: own,
    url: `udp://${reachableHost(host)}:${own}`,
    close: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
      await Promise.all(running);
    },
  };
}
