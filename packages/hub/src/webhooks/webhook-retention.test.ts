import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readConfig } from '../config.ts';
import { type Database, openDatabase } from '../database/database.ts';
import type { Retention } from '../retention.ts';
import { webhookRetention } from './webhook-retention.ts';

const config = { ...readConfig({ flags: {}, env: {} }).webhooks, keepDays: 10 };
const now = new Date('2026-02-01T00:00:00.000Z');
const old = '2026-01-21T23:59:59.999Z';
const young = '2026-01-22T00:00:00.000Z';

let dataDir: string;
let db: Database;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'concordat-retention-'));
  db = await openDatabase({ dataDir, databaseUrl: undefined });
  for (const id of [1, 2]) {
    await db
      .insertInto('webhooks')
      .values({
        ...{ id, uuid: `webhook ${id}`, enabled: 1, events: '[]', method: 'POST', url: '' },
        ...{ headers: '{}', created_at: old, updated_at: old },
        ...{ consumer_branches: '[]', consumer_tags: '[]' },
      })
      .execute();
  }
});

afterEach(async () => {
  await db.destroy();
  await rm(dataDir, { recursive: true, force: true });
});

interface Delivery {
  readonly webhook: number | null;
  readonly event: string;
  readonly at: string;
  readonly isWaiting: boolean;
}

async function add(changes: Partial<Delivery> = {}): Promise<number> {
  const delivery = { webhook: 1, event: 'version_tagged', at: old, isWaiting: false, ...changes };
  const { id } = await db
    .insertInto('triggered_webhooks')
    .values({
      ...{ webhook_id: delivery.webhook, event: delivery.event, created_at: delivery.at },
      ...{ uuid: crypto.randomUUID(), base_url: '', context: '{}', parameters: '{}' },
      ...{ status: 'success', attempts_made: 1, due_at: delivery.isWaiting ? old : null },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const execution = { triggered_webhook_id: id, success: 1, logs: '', created_at: delivery.at };
  await db.insertInto('webhook_executions').values(execution).execute();
  return id;
}

async function left(): Promise<readonly number[]> {
  const rows = await db.selectFrom('triggered_webhooks').select('id').orderBy('id').execute();
  return rows.map(({ id }) => id);
}

function retention(keepCount = 1000, log = vi.fn()): Retention {
  return webhookRetention({ db, config: { ...config, keepCount }, now: () => now, log });
}

test('what is older than it may be goes with its logs; what waits, and the newest of a webhook and event, stays', async () => {
  await add();
  const newest = await add();
  await add({ webhook: 2 });
  const waiting = await add({ webhook: 2, isWaiting: true });
  const other = await add({ event: 'version_deployed' });
  await add({ webhook: null });
  const last = await add({ webhook: 2, event: 'version_deployed', at: young });
  await retention().forgetOld();
  expect(await left()).toEqual([newest, waiting, other, last]);
  const logs = await db.selectFrom('webhook_executions').select('triggered_webhook_id').execute();
  expect(logs.map((row) => row.triggered_webhook_id)).toEqual([newest, waiting, other, last]);
});

test('more than may be kept go, the oldest first, in as many steps as it takes', async () => {
  const ids: number[] = [];
  for (let each = 0; each < 450; each += 1) ids.push(await add({ at: young }));
  await retention().forgetOld();
  expect(await left()).toEqual(ids);
  await retention(3).forgetOld();
  expect(await left()).toEqual(ids.slice(-3));
});

test('it runs at the start, and one that fails is logged', async () => {
  const gone = await add();
  const kept = await add();
  const running = retention();
  running.start();
  await vi.waitFor(async () => expect(await left()).toEqual([kept]), 10_000);
  await running.close();
  expect(await left()).not.toContain(gone);
  await db.schema.dropTable('webhook_executions').execute();
  await db.schema.alterTable('triggered_webhooks').renameTo('elsewhere').execute();
  const log = vi.fn();
  const failing = retention(1000, log);
  failing.start();
  await failing.close();
  expect(log.mock.calls[0]?.[1]).toBe('old webhooks could not be removed and are tried again');
});
