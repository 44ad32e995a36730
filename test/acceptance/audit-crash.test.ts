import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { aPublication, ask } from './publishing.ts';
import { startTestHub, type TestHub } from './start-hub.ts';
import { startHubChild } from './start-hub-child.ts';

const WRITERS = 4;
const WANTED = 40;

test('after kill -9 every publication that was acknowledged is in the audit log', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'concordat-audit-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const { child, url } = await startHubChild(dataDir);
  const acknowledged: string[] = [];
  const write = async (writer: number): Promise<void> => {
    for (let count = 0; ; count += 1) {
      const version = `${writer}.${count}`;
      if (!(await isPublished(url, version))) return;
      acknowledged.push(version);
      if (acknowledged.length === WANTED) child.kill('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(acknowledged.length).toBeGreaterThanOrEqual(WANTED);

  const hub = await startTestHub({ flags: { dataDir } });
  onTestFinished(() => hub.close());
  const { body } = await ask(hub, 'GET /audit?action=contracts.publish&size=1000');
  const logged = body.entries.map(({ names }: { names: { version: string } }) => names.version);
  expect(logged).toEqual(expect.arrayContaining(acknowledged));
});

async function isPublished(url: string, version: string): Promise<boolean> {
  try {
    const json = aPublication({ pacticipantVersionNumber: version });
    const { status } = await ask({ url } as TestHub, 'POST /contracts/publish', { json });
    return status === 200;
  } catch {
    return false;
  }
}
