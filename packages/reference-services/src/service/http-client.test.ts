import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { HttpClient } from './http-client.ts';

describe('the client of a provider', () => {
  const servers: Server[] = [];

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  async function clientOf(answer: RequestListener, timeoutMillis = 1_000): Promise<HttpClient> {
    const server = createServer(answer);
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new HttpClient({
      provider: 'orders',
      baseUrl: `http://127.0.0.1:${port}`,
      timeoutMillis,
    });
  }

  test('gives back any answer below 500 as it is', async () => {
    const client = await clientOf((_request, response) => {
      response.writeHead(409).end('{"code":"OUT_OF_STOCK"}');
    });
    const answer = await client.call({ method: 'GET', path: '/' });
    expect(answer).toEqual({ status: 409, body: { code: 'OUT_OF_STOCK' } });
  });

  test('tries a read again when the provider fails', async () => {
    let calls = 0;
    const client = await clientOf((_request, response) => {
      calls += 1;
      response.writeHead(calls < 3 ? 500 : 200).end('{}');
    });
    expect(await client.call({ method: 'GET', path: '/' })).toEqual({ status: 200, body: {} });
    expect(calls).toBe(3);
  });

  test('never repeats a POST', async () => {
    let calls = 0;
    const client = await clientOf((_request, response) => {
      calls += 1;
      response.writeHead(500).end();
    });
    await expect(client.call({ method: 'POST', path: '/', body: {} })).rejects.toMatchObject({
      status: 502,
      code: 'PROVIDER_FAILURE',
      message: 'orders answered 500',
    });
    expect(calls).toBe(1);
  });

  test('stops calling a provider that failed five times in a row', async () => {
    let calls = 0;
    const client = await clientOf((_request, response) => {
      calls += 1;
      response.writeHead(500).end();
    });
    for (let call = 0; call < 5; call += 1) {
      await expect(client.call({ method: 'POST', path: '/' })).rejects.toMatchObject({
        status: 502,
      });
    }
    await expect(client.call({ method: 'POST', path: '/' })).rejects.toMatchObject({
      status: 503,
      code: 'PROVIDER_UNAVAILABLE',
    });
    expect(calls).toBe(5);
  });

  test('does not wait longer than its timeout', async () => {
    const client = await clientOf(() => undefined, 50);
    await expect(client.call({ method: 'POST', path: '/' })).rejects.toMatchObject({
      status: 504,
      code: 'PROVIDER_TIMEOUT',
    });
  });

  test.each([{ what: 'a body that is no JSON', answer: '<html>', message: /no JSON/ }])(
    'takes $what for a failure of the provider',
    async ({ answer, message }) => {
      const client = await clientOf((_request, response) => {
        response.writeHead(200).end(answer);
      });
      await expect(client.call({ method: 'POST', path: '/' })).rejects.toMatchObject({
        status: 502,
        message: expect.stringMatching(message),
      });
    },
  );

  test('says when the provider cannot be reached', async () => {
    const client = new HttpClient({ provider: 'orders', baseUrl: 'http://127.0.0.1:1' });
    await expect(client.call({ method: 'POST', path: '/' })).rejects.toMatchObject({
      status: 502,
      message: 'orders cannot be reached',
    });
  });
});
