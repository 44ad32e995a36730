import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call, GuardVerdict } from '@concordat/domain';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../database/database.ts';
import { WriteSteps } from '../../database/write-steps.ts';
import { GuardAnswers } from './guard-answers.ts';
import { GuardCountStore } from './guard-count-store.ts';
import { GuardRecorder } from './guard-recorder.ts';

const day = 86_400_000;
const now = 20_000 * day + 60_000;
const pair = { consumer: 'web', provider: 'shop' };
const operation = 'GET /orders/{id}';

const verdict: GuardVerdict = {
  ...{ side: 'provider', verdict: 'broken', ...pair, operation },
  ...{ interaction: undefined, pactSha: undefined },
  mismatches: [{ part: 'body', rule: 'type', pointer: '/id' }],
  ...{ fields: ['/id'], fieldsRead: undefined },
};

function aCall(at: number): Call {
  return {
    consumer: { service: 'web', version: undefined, virtual: false },
    provider: { service: 'shop', version: undefined, virtual: false },
    environment: undefined,
    exchange: { kind: 'message', system: '', destination: '', event: undefined },
    ...{ traceId: `${at}`, clientSpanId: undefined, serverSpanId: undefined, atMicros: at * 1000 },
    ...{ clientDurationMicros: undefined, serverDurationMicros: undefined },
    ...{ failed: false, weight: 1, inferred: false, guard: [verdict] },
  };
}

let dataDir: string;
let db: Database;
const errors: unknown[] = [];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'concordat-guard-'));
  db = await openDatabase({ dataDir, databaseUrl: undefined });
});

afterEach(async () => {
  await db.destroy().catch(() => undefined);
  rmSync(dataDir, { recursive: true, force: true });
});

/** As two hubs that share the database. */
async function seen(...times: readonly number[]): Promise<void> {
  for (const at of times) {
    const [recorder, steps] = [new GuardRecorder(db), new WriteSteps()];
    recorder.add([aCall(at), { ...aCall(at), guard: undefined }], now * 1000);
    recorder.plan(steps);
    await steps.run();
  }
}

function answers(): GuardAnswers {
  return new GuardAnswers({
    ...{ db, flush: async () => undefined },
    onError: (error) => errors.push(error),
  });
}

test('what several hubs saw adds up, and the latest trace stands for all', async () => {
  await seen(now, now - 5 * day, now - 60_000);
  const counts = new GuardCountStore(db);
  expect(await counts.operations(pair, {})).toEqual([
    {
      ...{ operation, kept: 0, broken: 3, uncovered: 0, undecided: 0 },
      ...{ lastBroken: now * 1000, exemplarTraceId: `${now}` },
    },
  ]);
  expect(await counts.mismatches(pair, {})).toMatchObject([
    { times: 3, lastSeen: now * 1000, exemplarTraceId: `${now}` },
  ]);
  const { fields } = await answers().fieldUsage({ provider: 'shop', operation, pointer: '/id' });
  expect(fields).toMatchObject([
    {
      ...{ checks: 3, present: 3, read: undefined, consumerVersion: '', environment: '' },
      ...{ firstSeen: (now - 5 * day) * 1000, lastSeen: now * 1000, exemplarTraceId: `${now}` },
    },
  ]);
});

test('minutes and days before the retention go, totals stay', async () => {
  await seen(now, now - 5 * day);
  const guards = answers();
  guards.forgetBefore(new Date(now - day));
  await guards.close();
  const since = Math.floor((now - 9 * day) / 60_000);
  const counts = new GuardCountStore(db);
  const broken = async (filter: object) => (await counts.operations(pair, filter))[0]?.broken;
  expect([await broken({ since }), await broken({})]).toEqual([1, 2]);
  const times = async (filter: object) => (await counts.mismatches(pair, filter))[0]?.times;
  expect([await times({ since }), await times({})]).toEqual([1, 2]);
  const present = async (question: object) => {
    const { fields } = await guards.fieldUsage({ provider: 'shop', operation, ...question });
    return fields[0]?.present;
  };
  expect([await present({ since }), await present({})]).toEqual([1, 2]);
});

test('a database that is gone is reported, and closing goes on', async () => {
  await db.destroy();
  const guards = answers();
  guards.forgetBefore(new Date(now));
  await guards.close();
  expect(errors).toHaveLength(1);
});
