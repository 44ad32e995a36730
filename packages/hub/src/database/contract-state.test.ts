import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changesContracts } from './changes-contracts.ts';
import { contractState } from './contract-state.ts';
import { type Database, openDatabase, openSqlite } from './database.ts';
import { transact } from './transact.ts';

const at = '2026-11-21T00:00:00.000Z';
const environment = (name: string) => ({
  ...{ uuid: name, name, display_name: name, production: 0, contacts: null },
  ...{ is_preset: 0, created_at: at, updated_at: at },
});

describe('the state of contracts', () => {
  let dataDir: string;
  let db: Database;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'concordat-'));
    db = await openDatabase({ dataDir, databaseUrl: undefined });
  });

  afterEach(async () => {
    await db.destroy();
    await rm(dataDir, { recursive: true, force: true });
  });

  const write = (name: string, on: Database = db) =>
    on.insertInto('environments').values(environment(name)).execute();

  test('has one name while only reading goes on', async () => {
    await write('a');
    const before = await contractState(db);
    await db.selectFrom('environments').selectAll().execute();
    expect(await contractState(db)).toBe(before);
  });

  test('has another name after each writing, each deletion, and within a transaction already', async () => {
    const names = new Set([await contractState(db)]);
    await write('a');
    names.add(await contractState(db));
    await db.deleteFrom('environments').execute();
    names.add(await contractState(db));
    await transact(db, async (tx) => {
      await write('b', tx);
      names.add(await contractState(db));
      await write('c', tx);
    });
    names.add(await contractState(db));
    expect(names.size).toBe(5);
  });

  test('keeps its name while traffic is counted', async () => {
    const before = await contractState(db);
    await db.deleteFrom('call_counts').execute();
    await db.deleteFrom('audit_entries').execute();
    expect(await contractState(db)).toBe(before);
  });

  test('has another name when somebody else has written to the file', async () => {
    const before = await contractState(db);
    const other = openSqlite(dataDir);
    await write('a', other);
    await other.destroy();
    expect(await contractState(db)).not.toBe(before);
  });
});

test.each([
  ['select 1', false],
  ['  SELECT * from "versions"', false],
  ['savepoint job', false],
  ['insert into "call_counts" ("a") values (1)', false],
  ['update "findings" set "a" = 1', false],
  ['delete from "audit_entries" where 1', false],
  ['insert into "versions" ("a") values (1) returning "id"', true],
  ['update "branches" set "a" = 1', true],
  ['delete from "pact_publications"', true],
  ['insert or replace into "call_counts" values (1)', true],
  ['with "x" as (select 1) delete from "tags"', true],
  ['create table "x" ("a")', true],
])('%j changes contracts: %s', (statement, changes) => {
  expect(changesContracts(statement)).toBe(changes);
});
