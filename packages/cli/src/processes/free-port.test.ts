import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from './free-port.ts';

test('a wanted port is given when nobody has it, and another one when somebody has', async () => {
  const wanted = await freePort('127.0.0.1');
  expect(await freePort('127.0.0.1', wanted)).toBe(wanted);
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const other = await freePort('127.0.0.1', port);
  server.close();
  expect(other).not.toBe(port);
  expect(other).toBeGreaterThan(0);
});

test('an address this machine does not have is an error', async () => {
  await expect(freePort('192.0.2.1')).rejects.toThrow('No port is free on 192.0.2.1.');
});
