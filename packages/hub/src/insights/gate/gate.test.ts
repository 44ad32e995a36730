import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from '../../database/database.ts';
import type { OverrideExpired } from '../../events.ts';
import { type Gate, openGate } from './gate.ts';
import { OverrideStore } from './override-store.ts';

let dataDir: string;
let db: Database;
let gate: Gate;
let now: Date;
let expired: OverrideExpired[];
let failures: number;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  dataDir = mkdtempSync(join(tmpdir(), 'concordat-gate-'));
  db = await openDatabase({ dataDir, databaseUrl: undefined });
  now = new Date('2026-10-01T12:00:00.000Z');
  expired = [];
  failures = 0;
  gate = open();
});

afterEach(async () => {
  await gate.close();
  vi.useRealTimers();
  await db.destroy();
  rmSync(dataDir, { recursive: true });
});

function open(): Gate {
  const unused = (): never => {
    throw new Error('nobody asks for this here');
  };
  return openGate({
    db,
    ledger: { calls: unused, promises: unused },
    promises: { between: unused },
    contentOf: unused,
    book: unused,
    outcomesOf: unused,
    keptElsewhere: unused,
    fieldUsage: unused,
    nameOfActor: unused,
    floor: { minimumCalls: 1, minimumWindowSeconds: 0 },
    expired: async (event) => void expired.push(event),
    now: () => now,
    log: () => {
      failures += 1;
    },
  });
}

async function add(until: string): Promise<string> {
  const { id } = await new OverrideStore(db).add({
    ...{ pacticipant: 'shop', version: '8', environment: 'production' },
    ...{ consumer: undefined, provider: undefined, reason: 'why', by: 'ada' },
    ...{ createdAt: '2026-10-01T12:00:00.000Z', until },
  });
  return id;
}

async function inForce(): Promise<readonly string[]> {
  return (await gate.overrides('production', now)).map(({ id }) => id);
}

test('an override counts until it ends, and that is told once', async () => {
  const short = await add('2026-10-01T13:00:00.000Z');
  const long = await add('2026-10-02T12:00:00.000Z');
  expect(await inForce()).toEqual([short, long]);
  expect(expired).toEqual([]);
  now = new Date('2026-10-01T13:00:00.000Z');
  expect(await inForce()).toEqual([long]);
  expect(await inForce()).toEqual([long]);
  expect(expired).toEqual([
    {
      ...{ kind: 'overrideExpired', at: now, id: short, pacticipant: 'shop', version: '8' },
      ...{ environment: 'production', until: '2026-10-01T13:00:00.000Z' },
    },
  ]);
  expect(await gate.overrides('elsewhere', now)).toEqual([]);
});

test('what has expired is told within a minute though nobody asks', async () => {
  const id = await add('2026-10-01T13:00:00.000Z');
  now = new Date('2026-10-01T13:00:30.000Z');
  vi.advanceTimersByTime(60_000);
  await vi.waitFor(() => expect(expired.map((event) => event.id)).toEqual([id]), 10_000);
});

test('a failure is reported, and tried again', async () => {
  await db.schema.dropTable('overrides').execute();
  vi.advanceTimersByTime(60_000);
  await vi.waitFor(() => expect(failures).toBe(1), 10_000);
});
