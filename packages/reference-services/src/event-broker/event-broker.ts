import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { Connection } from './connection.ts';
import { protocolHeader } from './handshake.ts';
import { VirtualHost } from './virtual-host.ts';

export interface RunningEventBroker {
  /** `amqp://HOST:PORT` */
  readonly url: string;
  /** Closes every connection; what the queues held is gone. */
  readonly stop: () => Promise<void>;
}

const healthAnswer =
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\nConnection: close\r\n\r\n{"ready":true}';

/**
 * Starts a small AMQP 0-9-1 server for demonstrations and tests: what the shop needs of RabbitMQ, behaving as RabbitMQ
 * does, in memory only. Production runs on RabbitMQ; the same conformance suite runs against both. A client that
 * speaks HTTP is told that the server is there, so one port serves health checks too.
 */
export async function startEventBroker(options: {
  readonly host: string;
  readonly port: number;
}): Promise<RunningEventBroker> {
  const host = new VirtualHost();
  const connections = new Map<Socket, Connection | undefined>();
  const server = createServer({ noDelay: true }, (socket) => {
    connections.set(socket, undefined);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => connections.delete(socket));
    greet(socket, () => connections.set(socket, new Connection(socket, host)));
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `amqp://${options.host}:${port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const [socket, connection] of connections) {
        connection?.close();
        socket.destroySoon();
      }
      await closed;
    },
  };
}

/** Waits for the first eight bytes: AMQP's header opens a connection, anything else is answered and let go. */
function greet(socket: Socket, open: () => void): void {
  let first: Buffer = Buffer.alloc(0);
  const onData = (chunk: Buffer) => {
    first = Buffer.concat([first, chunk]);
    if (first.length < protocolHeader.length) return;
    socket.off('data', onData);
    const header = first.subarray(0, protocolHeader.length);
    if (header.equals(protocolHeader)) {
      open();
      if (first.length > protocolHeader.length)
        socket.emit('data', first.subarray(protocolHeader.length));
      return;
    }
    socket.end(header.toString('latin1').startsWith('GET ') ? healthAnswer : protocolHeader);
  };
  socket.on('data', onData);
}
