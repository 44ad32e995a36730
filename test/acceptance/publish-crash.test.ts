import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { aContract, aPublication, ask } from './publishing.ts';
import { startTestHub } from './start-hub.ts';

const ROUNDS = 3;
const WRITERS = 4;

/** A hub in a process of its own; resolves with its URL when it is ready. */
async function startChild(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const main = fileURLToPath(new URL('./hub-child.ts', import.meta.url));
  const options = ['--import', 'tsx', '--conditions=@concordat/source', main, dataDir];
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('The child has no standard output.');
  const [url] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, url: String(url) };
}

async function publish(url: string, version: string): Promise<boolean> {
  const contracts = [aContract({}, `{"interactions":[{"description":"of ${version}"}]}`)];
  const body = aPublication({ pacticipantVersionNumber: version, contracts, tags: ['dev'] });
  try {
    const response = await fetch(`${url}/contracts/publish`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/hal+json' },
      body: JSON.stringify(body),
    });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

test('what a hub acknowledged is there after kill -9 in the middle of writing', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'concordat-crash-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { child, url } = await startChild(dataDir);
    const wanted = acknowledged.length + 20;
    const write = async (writer: number): Promise<void> => {
      for (let count = 0; ; count += 1) {
        const version = `${round}.${writer}.${count}`;
        if (!(await publish(url, version))) return;
        acknowledged.push(version);
        if (acknowledged.length === wanted) child.kill('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * 20);
  const hub = await startTestHub({ flags: { dataDir } });
  onTestFinished(() => hub.close());
  for (const version of acknowledged) {
    const pact = await ask(hub, `GET /pacts/provider/shop/consumer/web/version/${version}`);
    expect(pact.body?.interactions?.[0]?.description).toBe(`of ${version}`);
  }
  const { body } = await ask(hub, 'GET /pacticipants/web/versions');
  for (const version of body._embedded.versions) {
    expect(version._links['pb:pact-versions']).toHaveLength(1);
    expect(version._embedded.tags).toHaveLength(1);
  }
}, 60_000);
