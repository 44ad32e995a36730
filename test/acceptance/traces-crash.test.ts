import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';

const recorded = JSON.parse(
  readFileSync(new URL('../cases/traces/recorded-bodies.json', import.meta.url), 'utf8'),
);
const root = new URL('../..', import.meta.url).pathname;
let dataDir: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'concordat-crash-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

async function startHubProcess(): Promise<string> {
  const ports = ['port', 'otlp-port', 'otlp-grpc-port', 'jaeger-port', 'jaeger-udp-port'];
  const flags = [...ports.flatMap((port) => [`--${port}`, '0']), '--data-dir', dataDir];
  const started = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--conditions=@concordat/source',
      'packages/cli/src/main.ts',
      'hub',
      ...flags,
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  child = started;
  for await (const line of createInterface({ input: started.stdout })) {
    const url = /ready at (\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('The hub ended before it was ready.');
}

test('spans that could be read before kill -9 can be read after it', async () => {
  const first = await startHubProcess();
  const sent = await fetch(`${first}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(recorded.otlpJson),
  });
  expect(sent.status).toBe(200);
  const traceId: string = recorded.otlpJson.resourceSpans[0].scopeSpans[0].spans[0].traceId;
  const before = await (await fetch(`${first}/api/traces/${traceId}`)).json();
  const running = child as ChildProcess;
  running.kill('SIGKILL');
  await once(running, 'exit');

  const second = await startHubProcess();
  const after = await fetch(`${second}/api/traces/${traceId}`);
  expect(after.status).toBe(200);
  expect(await after.json()).toEqual(before);
}, 120_000);
