import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildOnce, concordatInside, startConcordat } from './concordat.ts';

let folder = '';

beforeAll(async () => {
  await buildOnce();
  folder = await mkdtemp(join(tmpdir(), 'concordat-hub-'));
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const ports = ['port', 'otlp-port', 'otlp-grpc-port', 'jaeger-port', 'jaeger-udp-port'];
const free = ['--host', '127.0.0.1', ...ports.flatMap((port) => [`--${port}`, '0'])];

test.each(['SIGTERM', 'SIGINT'] as const)(
  'the hub says when it is ready, answers, and ends with 0 on %s',
  async (signal) => {
    const hub = startConcordat(['hub', ...free, '--data-dir', folder]);
    const line = await hub.line(/ready/);
    expect(line).toMatch(/^concordat hub ready at http:\/\/127\.0\.0\.1:\d+$/);
    const answer = await fetch(line.slice(line.indexOf('http')), {
      headers: { accept: 'application/hal+json' },
    });
    expect(answer.status).toBe(200);
    await answer.text();
    hub.signal(signal);
    expect(await hub.ended).toMatchObject({ code: 0, stderr: '' });
  },
);

test('every wrong value is said at once, and nothing is started', async () => {
  const ended = await concordatInside([
    'hub',
    '--port',
    'x',
    '--otlp-port',
    '70000',
    '--retention',
    'soon',
    '--jaeger-url',
    'there',
  ]);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  for (const word of ["'x'", "'70000'", "'soon'", 'JAEGER_URL'])
    expect(ended.stderr).toContain(word);
});

test('a port that is taken is told', async () => {
  const off = ['--otlp-grpc-port', 'off'];
  const hub = startConcordat(['hub', ...free, ...off, '--data-dir', folder, '--json']);
  const { url, ...others } = JSON.parse(await hub.line(/url/));
  expect(others).toEqual({
    otlpUrl: expect.stringMatching(/^http:/),
    otlpGrpcUrl: null,
    jaegerUrl: expect.stringMatching(/^http:/),
    jaegerUdpUrl: expect.stringMatching(/^udp:/),
  });
  const { port } = new URL(url);
  const second = await concordatInside([
    'hub',
    ...free,
    '--port',
    port,
    '--data-dir',
    join(folder, 'second'),
  ]);
  expect(second.stderr).toMatch(/The hub cannot start: .*EADDRINUSE/);
  expect(second.code).toBe(2);
  hub.signal('SIGTERM');
  expect((await hub.ended).code).toBe(0);
});

test('the hub inside another program is ended by its signal', async () => {
  const interrupt = new AbortController();
  const ended = await concordatInside(['hub', ...free, '--data-dir', join(folder, 'inside')], {
    signal: interrupt.signal,
    onResult: () => interrupt.abort(),
  });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).toMatch(/^concordat hub ready at /);
});

test('help and version are no failure, and both are on standard output', async () => {
  const help = await concordatInside(['--help']);
  expect(help.stdout).toContain('can-i-deploy');
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(await concordatInside(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
});
