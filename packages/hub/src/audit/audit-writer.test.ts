import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../database/database.ts';
import { auditRetention } from './audit-retention.ts';
import { AuditStore, type NewAuditRow } from './audit-store.ts';
import { AuditWriter } from './audit-writer.ts';
import { clientAddress } from './client-address.ts';
import { nameAction } from './name-action.ts';

const entry: NewAuditRow = {
  at: '2026-11-21T12:00:00.000Z',
  actor_kind: 'user',
  actor: 'ada',
  client: '127.0.0.1',
  action: 'tag.add',
  method: 'PUT',
  path: '/pacticipants/web/versions/1/tags/dev',
  pacticipants: '["web"]',
  names: '{}',
  status: 201,
  request_id: 'one',
};

describe('entries in a database', () => {
  let db: Database;
  let dataDir: string;
  const said: string[] = [];
  const log = (_level: string, message: string): void => {
    said.push(message);
  };

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'concordat-audit-'));
    db = await openDatabase({ dataDir, databaseUrl: undefined });
    said.length = 0;
  });
  afterEach(async () => {
    await db.destroy();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('one after the other and many at once, each is there when its writing is done', async () => {
    const writer = new AuditWriter({ db, log });
    const store = new AuditStore(db);
    for (let count = 1; count <= 3; count += 1) {
      await writer.write(entry);
      expect(await store.count({})).toBe(count);
    }
    await Promise.all(Array.from({ length: 1_200 }, () => writer.write(entry)));
    expect(await store.count({})).toBe(1_203);
    await writer.settled();
  });

  test('what cannot be written goes to the log of the hub, and the next is written again', async () => {
    const writer = new AuditWriter({ db, log });
    await writer.write({ ...entry, actor: null as unknown as string });
    expect(said).toEqual(['audit entries could not be written']);
    await writer.write(entry);
    expect(await new AuditStore(db).count({})).toBe(1);
  });

  test('entries are forgotten when they are too old, however many there are', async () => {
    const store = new AuditStore(db);
    const old = { ...entry, at: '2026-11-19T12:00:00.000Z' };
    for (let times = 0; times < 3; times += 1) await store.add(Array(450).fill(old));
    await store.add([entry]);
    const now = (): Date => new Date('2026-11-21T12:00:00.000Z');
    await auditRetention({ db, log, now, retentionHours: 24 }).forgetOld();
    expect(await store.count({})).toBe(1);
  });

  test('a pacticipant is found by its whole name in its own case', async () => {
    const store = new AuditStore(db);
    await store.add([{ ...entry, pacticipants: JSON.stringify(['50%_off', 'say "hi"']) }]);
    const found = async (pacticipant: string): Promise<number> => store.count({ pacticipant });
    expect(await found('50%_off')).toBe(1);
    expect(await found('say "hi"')).toBe(1);
    expect(await found('50%_OFF')).toBe(0);
    expect(await found('50')).toBe(0);
    expect(await found('%')).toBe(0);
  });
});

test.each([
  ['PUT', '/pacts/provider/a/consumer/b/version/1', 'pact.publish'],
  ['PUT', '/pact/provider/a/consumer/b/version/1/', 'pact.publish'],
  ['DELETE', '/pacts/provider/a/consumer/b/branch/main', 'pact.delete'],
  [
    'POST',
    '/pacts/provider/a/consumer/b/pact-version/c/verification-results',
    'verification.publish',
  ],
  ['POST', '/webhooks/provider/a/consumer/b', 'webhook.create'],
  ['POST', '/webhooks/execute', 'webhook.execute'],
  ['POST', '/webhooks/7/execute', 'webhook.execute'],
  ['PUT', '/insights/aliases', 'insights.put'],
  ['POST', '/', 'hub.post'],
  ['GET', '/pacticipants/a', undefined],
  ['POST', '/pacts/provider/a/for-verification/', undefined],
  ['POST', '/api/archive/abc', 'trace.archive'],
  ['POST', '/api/transform', undefined],
])('%s %s is %s', (method, path, action) => {
  expect(nameAction(method, path)).toBe(action);
});

test.each([
  ['::ffff:10.0.0.7', undefined, 0, '10.0.0.7'],
  ['10.0.0.7', '1.1.1.1', 0, '10.0.0.7'],
  ['10.0.0.7', '1.1.1.1, 2.2.2.2', 1, '2.2.2.2'],
  ['10.0.0.7', '1.1.1.1, 2.2.2.2', 2, '1.1.1.1'],
  ['10.0.0.7', ' , ', 1, '10.0.0.7'],
  ['10.0.0.7', undefined, 1, '10.0.0.7'],
])('from %s, forwarded for %s through %i trusted proxies: %s', (...parts) => {
  const [remoteAddress, forwarded, trusted, expected] = parts;
  const request = { socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } };
  expect(clientAddress(request as never, trusted)).toBe(expected);
});
