import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { listenHttp2, type StreamHandler } from './listen-http2.ts';
import type { Listener } from './listener.ts';

const local = { host: '127.0.0.1', port: 0, hint: 'Speak HTTP/2 here.' };

async function listening(handler: StreamHandler): Promise<Listener> {
  const listener = await listenHttp2(handler, local);
  onTestFinished(() => listener.close(0));
  return listener;
}

function session(listener: Listener): ClientHttp2Session {
  const opened = connect(listener.url);
  opened.on('error', () => undefined);
  onTestFinished(() => opened.destroy());
  return opened;
}

async function ask(opened: ClientHttp2Session): Promise<string> {
  const stream = opened.request({ ':path': '/', ':method': 'POST' });
  stream.on('error', () => undefined);
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk) => {
    text += chunk;
  });
  stream.end('asked');
  await once(stream, 'close');
  return text;
}

const answering: StreamHandler = (stream) => {
  stream.respond({ ':status': 200 });
  stream.end('answered');
};

test('streams of many connections are answered', async () => {
  const listener = await listening(answering);
  const sessions = [session(listener), session(listener)];
  const answers = await Promise.all([...sessions, ...sessions].map(ask));
  expect(new Set(answers)).toEqual(new Set(['answered']));
});

test('HTTP/1 is told what is spoken here', async () => {
  const listener = await listening(answering);
  const response = await fetch(listener.url, { method: 'POST', body: 'x' });
  expect([response.status, await response.text()]).toEqual([400, 'Speak HTTP/2 here.\n']);
});

test('bytes that only begin as HTTP/2 does end their connection and nothing else', async () => {
  const listener = await listening(answering);
  const socket = connectSocket(listener.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nrubbish rubbish rubbish');
  socket.resume();
  await once(socket, 'close');
  expect(await ask(session(listener))).toBe('answered');
});

test('closing tells the streams that run, lets them finish, and cuts those that do not', async () => {
  const signals: AbortSignal[] = [];
  const listener = await listenHttp2((stream, headers, closing) => {
    stream.on('error', () => undefined);
    signals.push(closing);
    if (headers[':path'] !== '/stays')
      closing.addEventListener('abort', () => answering(stream, headers, closing));
  }, local);
  const opened = session(listener);
  const finishing = ask(opened);
  const staying = opened.request({ ':path': '/stays', ':method': 'POST' });
  staying.on('error', () => undefined);
  const cut = once(staying, 'close');
  await vi.waitFor(() => expect(signals).toHaveLength(2), 10_000);
  const closed = listener.close(200);
  expect(await finishing).toBe('answered');
  await Promise.all([closed, cut]);
  expect(signals[0]?.aborted).toBe(true);
});

test('a connection that says nothing is cut when the listener closes', async () => {
  const listener = await listening(answering);
  const socket = connectSocket(listener.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const cut = once(socket.resume(), 'close');
  await listener.close(10_000);
  await cut;
});

test('a port that is taken is named', async () => {
  const { port } = await listening(answering);
  await expect(listenHttp2(answering, { ...local, port })).rejects.toThrow(
    `Cannot listen on 127.0.0.1:${port}`,
  );
});
