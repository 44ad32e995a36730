import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../database/database.ts';
import { sendWebhook } from './send-webhook.ts';
import { TriggeredWebhookStore } from './triggered-webhook-store.ts';
import { WebhookDelivery } from './webhook-delivery.ts';
import { WebhookPolicy } from './webhook-policy.ts';
import { WebhookStore } from './webhook-store.ts';

const policy = new WebhookPolicy({
  methods: ['POST'],
  schemes: ['http'],
  hosts: ['127.0.0.1'],
  retrySchedule: [10],
  successCodes: [200],
});
const at = '2026-01-01T00:00:00.000Z';

describe('the queue of deliveries', () => {
  let dataDir: string;
  let db: Database;
  let target: Server;
  let received: string[];
  let url: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'concordat-queue-'));
    db = await openDatabase({ dataDir, databaseUrl: undefined });
    received = [];
    target = createServer((request, response) => {
      received.push(String(request.url));
      if (request.url !== '/hang') response.end('ok');
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

  function delivery(now: Date): WebhookDelivery {
    return new WebhookDelivery({
      db,
      policy,
      timeoutMs: 5000,
      now: () => now,
      log: () => undefined,
    });
  }

  async function enqueue(count: number): Promise<void> {
    const webhooks = new WebhookStore(db);
    const all = { kind: 'all' } as const;
    const call = {
      method: 'POST',
      url,
      headers: {},
      body: 1,
      username: undefined,
      password: undefined,
    };
    const webhook = { description: 'x', consumer: all, provider: all, enabled: true, call };
    await webhooks.add({ ...webhook, events: ['contract_published'] }, at, 'uuid-of-the-webhook');
    const webhookId = (await webhooks.find('uuid-of-the-webhook'))?.id ?? 0;
    const publicationId = await aPublication(db);
    for (let each = 0; each < count; each += 1) {
      await new TriggeredWebhookStore(db).add({
        webhookId,
        event: 'contract_published',
        consumerId: 1,
        providerId: 1,
        publicationId,
        verificationId: undefined,
        baseUrl: 'http://hub',
        context: {},
        parameters: {},
        at,
      });
    }
  }

  test('two hubs on one database make every delivery once', async () => {
    await enqueue(12);
    const now = new Date('2026-01-01T00:00:01Z');
    const drain = async (hub: WebhookDelivery): Promise<void> => {
      while ((await hub.deliverDue()) > 0);
    };
    await Promise.all([drain(delivery(now)), drain(delivery(now))]);
    expect(received).toHaveLength(12);
  });

  test('what a dead hub had taken is taken again when its time is up, not before', async () => {
    await enqueue(1);
    const store = new TriggeredWebhookStore(db);
    await store.claim({ now: at, until: '2026-01-01T00:00:30.000Z', limit: 4 });
    expect(await delivery(new Date('2026-01-01T00:00:29Z')).deliverDue()).toBe(0);
    expect(await delivery(new Date('2026-01-01T00:00:30Z')).deliverDue()).toBe(1);
    expect(received).toHaveLength(1);
  });

  test.each([
    ['/hang', 'No answer within 0.05 seconds.'],
    ['/refused', 'ECONNREFUSED'],
  ])('a call to %s ends by itself', async (path, message) => {
    const base = path === '/refused' ? 'http://127.0.0.1:1' : url;
    const call = {
      method: 'POST',
      headers: {},
      body: undefined,
      username: undefined,
      password: undefined,
    };
    const sending = await sendWebhook(
      { ...call, url: `${base}${path}` },
      {},
      { policy, timeoutMs: 50 },
    );
    expect('error' in sending && sending.error).toContain(message);
  });

  test('values cannot break out of their place', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the broker's template syntax.
    const value = '${pactbroker.consumerName}';
    const call = { method: 'POST', username: undefined, password: undefined };
    const sending = await sendWebhook(
      { ...call, url: `${url}/${value}`, headers: { 'x-name': value }, body: { name: value } },
      { consumerName: 'a"b/\r\nX-Evil: ü€' },
      { policy, timeoutMs: 5000 },
    );
    expect(received).toEqual(['/a%22b%2F%0D%0AX-Evil%3A%20%C3%BC%E2%82%AC']);
    expect(JSON.parse(sending.request.body ?? '')).toEqual({ name: 'a"b/\r\nX-Evil: ü€' });
    expect(Object.fromEntries(sending.request.headers)['x-name']).toBe('a"b/ X-Evil: ü?');
  });
});

/** The least that a delivery hangs on. */
async function aPublication(db: Database): Promise<number> {
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
