import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type HubProcess, startHubProcess } from './hub-process.ts';
import { createDatabase, relationalDatabases } from './relational-databases.ts';
import {
  addWebhook,
  publishVersion,
  startTarget,
  targetAllowed,
  triggeredBy,
} from './webhook-target.ts';

// Both databases when CONCORDAT_TEST_DATABASE_URL names a PostgreSQL, which several hubs may share.
const VERSIONS = Array.from({ length: 12 }, (_, index) => String(index));
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is the broker's template syntax.
const body = '${pactbroker.consumerVersionNumber}';

describe.each(relationalDatabases)('hubs in processes of their own on %s', (database) => {
  const isShared = database === 'PostgreSQL';

  /** Starts hubs on one database, each under its own name. */
  async function house(): Promise<(name: string) => Promise<HubProcess>> {
    const { url, drop } = await createDatabase(database);
    onTestFinished(drop);
    const folder = await mkdtemp(join(tmpdir(), 'concordat-hubs-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    return (name) =>
      // Hubs share PostgreSQL, but never the folder that their spans are in.
      startHubProcess(join(folder, isShared ? name : 'data'), {
        ...targetAllowed,
        PACT_BROKER_USER_AGENT: name,
        CONCORDAT_WEBHOOK_TIMEOUT_SECONDS: '3',
        ...(url === undefined ? {} : { CONCORDAT_DATABASE_URL: url }),
      });
  }

  async function allDelivered(hub: HubProcess): Promise<void> {
    await vi.waitFor(
      async () => {
        for (const version of VERSIONS) {
          const [triggered] = await triggeredBy(hub, version);
          expect(triggered, version).toMatchObject({ status: 'success' });
        }
      },
      { timeout: 30_000, interval: 300 },
    );
  }

  test('every delivery is made once, by one of those that share the work', async () => {
    const start = await house();
    const target = await startTarget({
      '/': (response) => void setTimeout(() => response.end('{}'), 30),
    });
    const hubs = [await start('first'), ...(isShared ? [await start('second')] : [])];
    const [first = raise(), last = first] = hubs;
    await addWebhook(first, { url: `${target.url}/`, body });
    await Promise.all(
      VERSIONS.map((version, index) => publishVersion(index % 2 === 0 ? first : last, version)),
    );
    await allDelivered(first);
    expect(target.calls.map((call) => call.body).sort()).toEqual([...VERSIONS].sort());
    const names = new Set(target.calls.map((call) => call.headers['user-agent']));
    expect(names.size).toBe(hubs.length);
  }, 60_000);

  test('what waits or is under way when its hub is killed is delivered by its successor', async () => {
    const start = await house();
    const hanging: ServerResponse[] = [];
    let isHanging = true;
    const target = await startTarget({
      '/': (response) => void (isHanging ? hanging.push(response) : response.end('{}')),
    });
    const killed = await start('first');
    const running = isShared ? await start('second') : undefined;
    await addWebhook(killed, { url: `${target.url}/`, body });
    for (const version of VERSIONS) await publishVersion(killed, version);
    const interrupted = (): readonly string[] =>
      target.calls
        .filter((call) => call.headers['user-agent'] === 'first')
        .map((call) => call.body);
    await vi.waitUntil(() => interrupted().length > 0, 5000);
    await killed.kill();
    isHanging = false;
    for (const response of hanging) response.end('{}');
    const successor = running ?? (await start('second'));
    await allDelivered(successor);
    expect(interrupted().length).toBeLessThan(VERSIONS.length);
    for (const version of VERSIONS) {
      const calls = target.calls.filter((call) => call.body === version);
      expect(calls.at(-1)?.headers['user-agent']).toBe('second');
      if (!interrupted().includes(version)) expect(calls).toHaveLength(1);
    }
  }, 60_000);
});

function raise(): never {
  throw new Error('There is no hub.');
}
