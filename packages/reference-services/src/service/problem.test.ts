import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Router } from 'express';
import { afterEach, expect, test, vi } from 'vitest';
import { serviceApp } from './service.ts';

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function ask(app: ReturnType<typeof serviceApp>, path: string) {
  const server = createServer(app).listen(0, '127.0.0.1');
  closing.push(() => server.close());
  await once(server, 'listening');
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: await response.json(),
  };
}

test.each([
  { what: 'an error', thrown: new Error('the secret inside'), logged: 'the secret inside' },
  { what: 'something that is no error', thrown: 'the secret inside', logged: 'the secret inside' },
  {
    what: 'an error that claims to be of the server',
    thrown: Object.assign(new Error('the secret inside'), { status: 503 }),
    logged: 'the secret inside',
  },
])(
  'a bug that throws $what is a 500 that says nothing of it but in the log',
  async ({ thrown, logged }) => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const router = Router();
    router.get('/broken', () => {
      throw thrown;
    });
    const answer = await ask(serviceApp({ routers: [router] }), '/broken');
    expect(answer).toMatchObject({
      status: 500,
      type: 'application/problem+json; charset=utf-8',
      body: { code: 'INTERNAL_ERROR' },
    });
    expect(JSON.stringify(answer.body)).not.toContain('secret');
    expect(log.mock.calls.join()).toContain(logged);
  },
);

test('health is 503 while the service is not ready', async () => {
  const app = serviceApp({ routers: [], health: () => ({ ready: false }) });
  expect(await ask(app, '/health')).toMatchObject({ status: 503, body: { ready: false } });
});
