import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../database/database.ts';
import { CallCountStore } from '../call-count-store.ts';
import { OperationLinkStore } from '../operation-link-store.ts';
import { RenamingStore } from './renaming-store.ts';

const MINUTE = 29_000_000;
let dataDir: string;
let db: Database;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'concordat-'));
  db = await openDatabase({ dataDir, databaseUrl: undefined });
});

afterEach(async () => {
  await db.destroy();
  rmSync(dataDir, { recursive: true });
});

function count(
  provider: string,
  bucket: number,
  more: { readonly version?: string; readonly at?: number } = {},
) {
  const { version = '1', at = 5 } = more;
  return {
    ...{
      consumer: 'web',
      provider,
      transport: 'http',
      environment: 'production',
      operation: 'GET /',
      status: '200',
    },
    ...{
      consumer_version: 'w',
      provider_version: version,
      bucket,
      calls: 2,
      sampled: 1,
      decided: 1,
      failed: 0,
    },
    ...{
      duration_micros: 10,
      timed: 2,
      consumer_virtual: 0,
      provider_virtual: 1,
      first_seen: at,
      last_seen: at,
      exemplar_trace_id: `t${at}`,
    },
  };
}

async function counts() {
  const rows = await db
    .selectFrom('call_counts')
    .selectAll()
    .orderBy('provider')
    .orderBy('provider_version')
    .orderBy('bucket')
    .execute();
  return rows.map((row) => [
    row.provider,
    row.provider_version,
    row.bucket,
    row.calls,
    row.first_seen,
    row.last_seen,
    row.exemplar_trace_id,
  ]);
}

test('counts of the old name add to those of the new, by minute and in all, whenever they were', async () => {
  await new CallCountStore(db).addCalls([
    count('orders-svc', 0, { at: 9 }),
    count('orders-svc', MINUTE, { at: 9 }),
    count('orders-svc', MINUTE + 4000),
    count('orders', 0),
    count('orders', MINUTE),
    count('payments', 0),
  ]);
  const rename = { from: { service: 'orders-svc' }, to: { service: 'orders' } };
  await new RenamingStore(db).rename(rename);
  const expected = [
    ['orders', '1', 0, 4, 5, 9, 't9'],
    ['orders', '1', MINUTE, 4, 5, 9, 't9'],
    ['orders', '1', MINUTE + 4000, 2, 5, 5, 't5'],
    ['payments', '1', 0, 2, 5, 5, 't5'],
  ];
  expect(await counts()).toEqual(expected);
  await new RenamingStore(db).rename(rename);
  expect(await counts()).toEqual(expected);
});

test('a version is renamed of its service only, in findings too', async () => {
  await new CallCountStore(db).addCalls([
    count('orders', 0, { version: 'abc1234' }),
    count('payments', 0, { version: 'abc1234' }),
  ]);
  const finding = {
    kind: 'uncovered-call',
    consumer: 'web',
    provider: 'orders',
    environment: '',
    operation: '',
    calls: 1,
    first_seen: 1,
    last_seen: 1,
    exemplar_trace_id: 't',
    exemplar_call: '{}',
    opened_at: 1,
    turned_at: 1,
    turned_by: '',
    told_at: 1,
    exemplars: '',
    said: '',
  };
  await db
    .insertInto('findings')
    .values({
      ...finding,
      id: 'f',
      resolved_at: null,
      resolution: null,
      acknowledged_by: null,
      acknowledged_reason: null,
      acknowledged_at: null,
      acknowledged_until: null,
    })
    .execute();
  await db
    .insertInto('finding_details')
    .values([
      { finding_id: 'f', name: 'provider-version', value: 'abc1234' },
      { finding_id: 'f', name: 'consumer-version', value: 'abc1234' },
    ])
    .execute();
  const store = new RenamingStore(db);
  await store.rename({
    from: { service: 'orders', version: 'abc1234' },
    to: { service: 'orders', version: '1.4.0' },
  });
  expect((await counts()).map(([provider, version]) => [provider, version])).toEqual([
    ['orders', '1.4.0'],
    ['payments', 'abc1234'],
  ]);
  const details = await db.selectFrom('finding_details').selectAll().orderBy('name').execute();
  expect(details.map(({ name, value }) => `${name} ${value}`)).toEqual([
    'consumer-version abc1234',
    'provider-version 1.4.0',
  ]);
  expect(await store.openFindings('orders')).toEqual(['f']);
  expect(await store.openFindings('payments')).toEqual([]);
});

test('what a service called follows it, on either side', async () => {
  const link = {
    service: 'web-svc',
    environment: '',
    operation: 'GET /',
    kind: 'server',
    transport: 'http',
    called_service: 'orders-svc',
    called_operation: 'GET /o',
    bucket: 0,
    calls: 3,
    last_seen: 1,
    exemplar_trace_id: 't',
  };
  await new OperationLinkStore(db).add([link]);
  const store = new RenamingStore(db);
  await store.rename({ from: { service: 'web-svc' }, to: { service: 'web' } });
  await store.rename({ from: { service: 'orders-svc' }, to: { service: 'orders' } });
  expect(await db.selectFrom('operation_links').selectAll().execute()).toEqual([
    { ...link, service: 'web', called_service: 'orders' },
  ]);
});
