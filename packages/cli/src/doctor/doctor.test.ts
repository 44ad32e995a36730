import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { HubClient } from '../hub-client/hub-client.ts';
import { formatCheck } from './check.ts';
import { checkHub } from './hub-checks.ts';
import { checkConfig, checkNode, checkPort } from './local-checks.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ readonly port: number; readonly baseUrl: string }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, baseUrl: `http://127.0.0.1:${port}` };
}

const index = JSON.stringify({ _links: { 'pb:publish-contracts': { href: '/' } } });

describe('doctor on this machine', () => {
  test.each([
    { version: 'v20.18.9', state: 'failed' },
    { version: 'v20.19.0', state: 'ok' },
    { version: 'v22.1.0', state: 'ok' },
    { version: 'v18.20.0', state: 'failed' },
  ])('Node $version: $state', ({ version, state }) => {
    expect(checkNode(version).state).toBe(state);
  });

  test('says whether a port is free', async () => {
    const { port } = await listening((_, response) => response.end());
    expect((await checkPort(port)).detail).toContain('is taken');
    expect((await checkPort(0)).detail).toBe('is free.');
  });

  test('a config that does not load is a failure with what to do', async () => {
    const check = await checkConfig(process.cwd(), 'missing.config.ts');
    expect(check).toMatchObject({ state: 'failed' });
    expect(formatCheck(check)).toMatch(
      /^✕ contracts config: .*missing\.config\.ts does not exist.*Correct it/,
    );
  });
});

describe('doctor on a hub', () => {
  test('all is well', async () => {
    const { baseUrl } = await listening((_, response) => {
      response.setHeader('x-pact-broker-version', '2.1');
      response.end(index);
    });
    const checks = await checkHub(new HubClient({ baseUrl, token: 't' }), Date.now);
    expect(checks.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(checks[0]?.detail).toContain('version 2.1');
    expect(checks[1]?.detail).toBe('are accepted.');
  });

  test('a clock that is far away is told', async () => {
    const { baseUrl } = await listening((_, response) => response.end(index));
    const checks = await checkHub(new HubClient({ baseUrl }), () => Date.now() + 60_000);
    expect(checks[2]).toMatchObject({
      name: 'clock',
      state: 'failed',
      advice: expect.stringContaining('NTP'),
    });
  });

  test('something else than a hub, without a clock and without traces, is told', async () => {
    const { baseUrl } = await listening((request, response) => {
      response.sendDate = false;
      response.statusCode = request.method === 'POST' ? 405 : 200;
      response.end('<html>');
    });
    const checks = await checkHub(new HubClient({ baseUrl }), Date.now);
    expect(checks.map(({ state }) => state)).toEqual(['failed', 'ok', 'skipped', 'failed']);
    expect(checks[3]?.detail).toContain('answered 405');
  });

  test('a hub that is not there is one failure, not four', async () => {
    const checks = await checkHub(new HubClient({ baseUrl: 'http://127.0.0.1:9' }), Date.now);
    expect(checks.map(({ state }) => state)).toEqual(['failed', 'skipped', 'skipped', 'skipped']);
  });

  test('refused credentials are told as such', async () => {
    const { baseUrl } = await listening((_, response) => {
      response.statusCode = 401;
      response.end();
    });
    const checks = await checkHub(new HubClient({ baseUrl }), Date.now);
    expect(checks.map(({ state }) => state)).toEqual(['ok', 'failed', 'skipped', 'skipped']);
  });

  test('a connection that breaks at the traces is told', async () => {
    const { baseUrl } = await listening((request, response) => {
      if (request.method === 'POST') request.socket.destroy();
      else response.end(index);
    });
    const checks = await checkHub(new HubClient({ baseUrl }), Date.now);
    expect(checks[3]).toMatchObject({ state: 'failed', advice: 'Check the network in between.' });
  });
});
