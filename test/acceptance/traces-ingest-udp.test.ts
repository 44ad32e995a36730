import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestHub, type TestHub } from './start-hub.ts';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../cases/traces/${name}.json`, import.meta.url), 'utf8'));
const batch = Buffer.from(read('recorded-bodies').jaegerThriftBase64, 'base64');
const compact = Buffer.from(read('recorded-datagrams').compactBase64, 'base64');
const binary = Buffer.concat([
  Buffer.from([0x80, 1, 0, 4, 0, 0, 0, 9]),
  Buffer.from('emitBatch'),
  Buffer.from([0, 0, 0, 1, 12, 0, 1]),
  batch,
  Buffer.from([0]),
]);

let hub: TestHub;
const socket = createSocket('udp4');

beforeAll(async () => {
  hub = await startTestHub({ env: { CONCORDAT_JAEGER_COMPACT_UDP_PORT: '0' } });
});
afterAll(async () => {
  socket.close();
  await hub.close();
});

function send(message: Buffer, port = hub.ports.jaegerUdp): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(message, Number(port), '127.0.0.1', (error) => (error ? reject(error) : resolve()));
  });
}

async function count(outcome: string, from: TestHub = hub): Promise<number> {
  const response = await fetch(`${from.url}/metrics`, { headers: { accept: 'text/plain' } });
  const line = `concordat_ingest_requests_total{transport="jaeger-udp",outcome="${outcome}"} `;
  const found = (await response.text()).split('\n').find((one) => one.startsWith(line));
  return Number(found?.slice(line.length) ?? 0);
}

async function counted(outcome: string, expected: number): Promise<void> {
  await vi.waitFor(async () => expect(await count(outcome)).toBe(expected), 10_000);
}

describe.each(['jaegerUdp', 'jaegerCompactUdp'] as const)('the port %s', (port) => {
  test.each([
    ['binary', binary, 'web'],
    ['compact', compact, 'py-web'],
  ])('takes the %s protocol, and its spans are read back', async (_what, message, service) => {
    const before = await count('taken');
    await send(message, hub.ports[port]);
    await counted('taken', before + 1);
    const response = await fetch(`${hub.url}/api/services`);
    const { data } = (await response.json()) as { data: string[] };
    expect(data).toContain(service);
  });
});

test.each([
  ['rubbish', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['an empty datagram', Buffer.alloc(0)],
  ['a message that is cut off', binary.subarray(0, 99)],
  ['compact that is cut off', compact.subarray(0, 99)],
  ['zeros as many as a datagram holds', Buffer.alloc(65_000)],
])('%s is counted, and the hub goes on', async (_what, message) => {
  const [undecodable, taken] = [await count('undecodable'), await count('taken')];
  await send(message);
  await counted('undecodable', undecodable + 1);
  await send(binary);
  await counted('taken', taken + 1);
});

test('a burst is taken or counted, and what comes after it is taken', async () => {
  const before = await count('taken');
  await Promise.all(Array.from({ length: 500 }, () => send(binary)));
  // The kernel drops what it has no room for, and tells nobody.
  await vi.waitFor(async () => expect(await count('taken')).toBeGreaterThan(before), 10_000);
  await send(compact);
  await vi.waitFor(async () => expect(await count('taken')).toBeGreaterThan(before + 1), 10_000);
  expect(await count('failed')).toBe(0);
});

test('a hub that asks for credentials opens no port for datagrams', async () => {
  const closed = await startTestHub({
    env: { CONCORDAT_TOKENS: 'publish=one' },
    flags: { jaegerUdpPort: '' },
  });
  expect(closed.ports).toMatchObject({ jaegerUdp: undefined, jaegerCompactUdp: undefined });
  await closed.close();
});

test('a port that is taken is named, and nothing stays open', async () => {
  const taken = String(hub.ports.jaegerUdp);
  await expect(startTestHub({ flags: { jaegerUdpPort: taken } })).rejects.toThrow(
    `Cannot listen on UDP 127.0.0.1:${taken}`,
  );
});
