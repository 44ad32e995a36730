import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from './listener.ts';

test('who sends headers drop by drop is answered 408 and sent away', async () => {
  const listener = await listen(() => undefined, { host: '127.0.0.1', port: 0, headersMs: 200 });
  onTestFinished(() => listener.close(0));
  const socket = connect(listener.port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  socket.write('POST /v1/traces HTTP/1.1\r\n');
  const drops = setInterval(() => socket.write('x-drop: 1\r\n'), 20);
  await once(socket, 'close');
  clearInterval(drops);
  expect(text).toContain('408 Request Timeout');
});

test('a port that is taken is named', async () => {
  const listener = await listen(() => undefined, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => listener.close(0));
  const again = listen(() => undefined, { host: '127.0.0.1', port: listener.port });
  await expect(again).rejects.toThrow(`Cannot listen on 127.0.0.1:${listener.port}`);
});
