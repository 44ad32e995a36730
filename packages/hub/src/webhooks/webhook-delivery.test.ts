import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { readConfig } from '../config.ts';
import { type Database, openDatabase } from '../database/database.ts';
import type { Resolve } from './send-webhook.ts';
import { TriggeredWebhookStore } from './triggered-webhook-store.ts';
import { type DeliveryOptions, WebhookDelivery } from './webhook-delivery.ts';
import { WebhookPolicy } from './webhook-policy.ts';
import { WebhookStore } from './webhook-store.ts';

const env = {
  CONCORDAT_WEBHOOK_SCHEME_WHITELIST: 'http',
  CONCORDAT_WEBHOOK_HOST_WHITELIST: '127.0.0.1',
};
const config = readConfig({ flags: {}, env }).webhooks;
const at = '2026-01-01T00:00:00.000Z';
const later = new Date('2026-01-01T00:00:01Z');

describe('the queue of deliveries', () => {
  let dataDir: string;
  let db: Database;
  let target: Server;
  let received: string[];
  let hanging: ServerResponse[];
  let url: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'concordat-queue-'));
    db = await openDatabase({ dataDir, databaseUrl: undefined });
    received = [];
    hanging = [];
    target = createServer((request, response) => {
      received.push(String(request.url));
      if (request.url === '/hang') hanging.push(response);
      else response.end('ok');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => target.once('listening', resolve));
    url = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    target.closeAllConnections();
    target.close();
    await db.destroy();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** A hub's part in the queue; it stops with the test. */
  function start(changes: Partial<DeliveryOptions> = {}): WebhookDelivery {
    const delivery = new WebhookDelivery({
      db,
      policy: new WebhookPolicy(config),
      resolve: () => Promise.reject(new Error('nobody asks')),
      timeoutMs: 5000,
      now: () => later,
      log: () => undefined,
      ...changes,
    });
    delivery.start();
    onTestFinished(() => delivery.close());
    return delivery;
  }

  async function addWebhook(to: string): Promise<number> {
    const all = { kind: 'all' } as const;
    const call = { method: 'POST', url: to, headers: {}, body: 'x' };
    const noSecrets = { username: undefined, password: undefined, signingSecret: undefined };
    const uuid = randomUUID();
    await new WebhookStore(db).add(
      {
        description: 'x',
        consumer: all,
        provider: all,
        consumerVersions: { branches: [], tags: [] },
        enabled: true,
        events: ['contract_published'],
        call: { ...call, ...noSecrets },
      },
      uuid,
      at,
    );
    return (await new WebhookStore(db).find(uuid))?.id ?? 0;
  }

  async function enqueue(count: number, to: string = url): Promise<readonly string[]> {
    const webhookId = await addWebhook(to);
    const publicationId = await aPublication(db);
    const queue = new TriggeredWebhookStore(db);
    const uuids: string[] = [];
    for (let each = 0; each < count; each += 1) {
      const triggered = {
        ...({ webhookId, event: 'contract_published', baseUrl: 'http://hub' } as const),
        ...{ context: {}, parameters: {}, at },
        about: {
          ...({ kind: 'pact', consumerId: 1, providerId: 1 } as const),
          ...{ publicationId, verificationId: undefined },
        },
      };
      uuids.push(await queue.add(triggered));
    }
    return uuids;
  }

  async function statuses(): Promise<readonly string[]> {
    const rows = await db.selectFrom('triggered_webhooks').select('status').orderBy('id').execute();
    return rows.map(({ status }) => status);
  }

  async function settled(): Promise<void> {
    await vi.waitFor(async () => expect(await statuses()).not.toContain('not_run'), 5000);
  }

  test('two hubs on one database make every delivery once', async () => {
    await enqueue(40);
    start();
    start();
    await settled();
    expect(received).toHaveLength(40);
    expect(new Set(await statuses())).toEqual(new Set(['success']));
  });

  test('what a dead hub had taken is taken again when its time is up, not before', async () => {
    await enqueue(1);
    const queue = new TriggeredWebhookStore(db);
    const claim = { now: at, until: '2026-01-01T00:00:30.000Z', limit: 4, busy: [] };
    const [dead] = await queue.claim(claim);
    let now = new Date('2026-01-01T00:00:29Z');
    const asked = vi.fn(() => now);
    const delivery = start({ now: asked });
    await vi.waitUntil(() => asked.mock.calls.length > 0, 10_000);
    await enqueue(1, `${url}/other`);
    delivery.wake();
    await vi.waitUntil(async () => (await statuses())[1] === 'success', 10_000);
    expect(received).toEqual(['/other']);
    now = new Date('2026-01-01T00:00:30Z');
    delivery.wake();
    await settled();
    expect(received).toEqual(['/other', '/']);
    if (dead === undefined) throw new Error('Nothing was taken.');
    const late = { delivery: dead, attemptsMade: 1, status: 'failure', dueAt: null } as const;
    expect(await queue.finishAttempt({ ...late, logs: 'late', at })).toBe(false);
    expect(await statuses()).toEqual(['success', 'success']);
  });

  test('a webhook whose target hangs does not hold up the others', async () => {
    await enqueue(30, `${url}/hang`);
    await enqueue(3, `${url}/quick`);
    start();
    await vi.waitUntil(() => received.filter((path) => path === '/quick').length === 3, 5000);
    expect(hanging.length).toBeLessThanOrEqual(7);
    while ((await statuses()).includes('not_run')) {
      for (const response of hanging.splice(0)) response.end();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(received).toHaveLength(33);
  });

  test('what belongs to no webhook any more fails without a call', async () => {
    await enqueue(1);
    await db.deleteFrom('webhooks').execute();
    start();
    await settled();
    expect(await statuses()).toEqual(['failure']);
    expect(received).toEqual([]);
  });

  test.each([
    ['at the address that was checked', ['rebinding.example'], '127.0.0.1', 'success', ['/x']],
    ['not at the private address that comes after a public one', [], '192.0.2.1', 'retrying', []],
    ['nowhere when it leads to a private network', [], '10.0.0.1', 'retrying', []],
    ['nowhere when it leads to a metadata service', [], '169.254.169.254', 'retrying', []],
    ['nowhere when it leads to IPv4 in IPv6 clothes', [], '::ffff:10.0.0.1', 'retrying', []],
  ])('a name that changes its mind is called %s', async (...[, hosts, first, status, calls]) => {
    const asked: string[] = [];
    const resolve: Resolve = async (host) => {
      asked.push(host);
      const address = asked.length === 1 ? first : '127.0.0.1';
      return [{ address, family: address.includes(':') ? 6 : 4 }];
    };
    const to = `${url.replace('127.0.0.1', 'rebinding.example')}/x`;
    const [uuid = ''] = await enqueue(1, to);
    start({ policy: new WebhookPolicy({ ...config, hosts }), resolve, timeoutMs: 300 });
    await settled();
    expect(await statuses()).toEqual([status]);
    expect(received).toEqual(calls);
    expect(asked).toEqual(['rebinding.example']);
    const logs = await new TriggeredWebhookStore(db).logs(uuid);
    const isRefused = !['127.0.0.1', '192.0.2.1'].includes(first);
    expect(logs?.includes('rebinding.example is at a private address')).toBe(isRefused);
  });

  test('a database that fails is asked again, and the failure is logged', async () => {
    await enqueue(1);
    const broken = await openDatabase({ dataDir, databaseUrl: undefined });
    await broken.destroy();
    const log = vi.fn();
    start({ db: broken, log });
    await vi.waitUntil(() => log.mock.calls.length > 0, 10_000);
    expect(log.mock.calls[0]?.slice(0, 2)).toEqual([
      'error',
      'the queue of webhooks could not be read and is read again',
    ]);
    start();
    await settled();
    expect(received).toEqual(['/']);
  });
});

/** The least that a delivery hangs on. */
async function aPublication(db: Database): Promise<number> {
  const known = await db.selectFrom('pact_publications').select('id').executeTakeFirst();
  if (known !== undefined) return known.id;
  const time = { created_at: at, updated_at: at };
  await db
    .insertInto('pacticipants')
    .values({ name: 'web', ...time })
    .execute();
  await db
    .insertInto('versions')
    .values({ pacticipant_id: 1, number: '1', ...time })
    .execute();
  const sides = { consumer_id: 1, provider_id: 1, created_at: at };
  await db
    .insertInto('pact_versions')
    .values({ ...sides, sha: 'x', content: '{}' })
    .execute();
  const { id } = await db
    .insertInto('pact_publications')
    .values({
      ...sides,
      consumer_version_id: 1,
      pact_version_id: 1,
      revision_number: 1,
      is_current: 1,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
