import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection whose every byte the test writes itself. */
export interface RawConnection {
  write(...parts: readonly (string | Buffer)[]): void;
  /** Says that nothing more will be written; answers can still be read. */
  end(): void;
  /** Resolves with all that came when it matches; rejects when the connection ends before. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves with all that came when the other side has ended the connection. */
  ended(): Promise<string>;
  close(): void;
}

/** Connects to the port of a URL. */
export async function connectRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  const isOver = new Promise<void>((resolve) => {
    socket.once('end', resolve);
    socket.once('close', () => resolve());
  });
  return {
    write: (...parts) => {
      for (const part of parts) socket.write(part);
    },
    end: () => {
      socket.end();
    },
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(text)) return;
          socket.off('data', look);
          resolve(text);
        };
        socket.on('data', look);
        void isOver.then(() => reject(new Error(`The connection ended after: ${text}`)));
        look();
      }),
    ended: async () => {
      await isOver;
      socket.destroy();
      return text;
    },
    close: () => {
      socket.destroy();
    },
  };
}
