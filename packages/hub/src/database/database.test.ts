import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { boundParameters } from './bound-parameters.ts';
import { type Database, openDatabase } from './database.ts';
import { LibsqlDatabase } from './libsql-database.ts';
import { migrate } from './migrate.ts';
import { transact } from './transact.ts';

const folders: string[] = [];

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'concordat-db-'));
  folders.push(path);
  return path;
}

async function open(dataDir?: string): Promise<Database> {
  const db = await openDatabase({ dataDir: dataDir ?? (await folder()), databaseUrl: undefined });
  onTestFinished(() => db.destroy());
  return db;
}

afterEach(async () => {
  for (const path of folders.splice(0)) await rm(path, { recursive: true, force: true });
});

describe('bound parameters', () => {
  test('booleans become integers, what libsql knows stays', () => {
    const bytes = new Uint8Array([1]);
    const values = [null, true, false, 1.5, 2n, 'text', bytes, Buffer.from([2])];
    expect(boundParameters(values)).toEqual([null, 1, 0, 1.5, 2n, 'text', bytes, Buffer.from([2])]);
  });

  test.each([
    ['undefined', undefined, 'of type undefined'],
    ['a date', new Date(0), 'an object of class Date'],
    ['an object', {}, 'an object of class Object'],
    ['an array', [1], 'an object of class Array'],
    ['an object without prototype', Object.create(null), 'an object of class null'],
    ['a symbol', Symbol('x'), 'of type symbol'],
    ['a function', () => 1, 'of type function'],
  ])('%s is refused before libsql sees it', (_caption, value, kind) => {
    expect(() => boundParameters(['fine', value])).toThrow(`Parameter 2 is ${kind}`);
  });

  test('a query with such a parameter fails and the database goes on', async () => {
    const db = await open();
    await expect(sql`select ${new Date(0)}`.execute(db)).rejects.toThrow('of class Date');
    const single = await sql`select ${Buffer.from([7])} as bytes`.execute(db);
    expect(single.rows).toHaveLength(1);
  });

  test('rows can be streamed', async () => {
    const db = await open();
    const rows: unknown[] = [];
    for await (const row of db.selectFrom('pacticipants').select('name').stream()) rows.push(row);
    expect(rows).toEqual([]);
  });
});

describe('the database file', () => {
  test('writes survive a restart and migrations run once', async () => {
    const dataDir = await folder();
    const time = new Date(0).toISOString();
    const first = await openDatabase({ dataDir, databaseUrl: undefined });
    await first
      .insertInto('pacticipants')
      .values({ name: 'shop', created_at: time, updated_at: time })
      .execute();
    await first.destroy();
    const second = await open(dataDir);
    const names = await second.selectFrom('pacticipants').select('name').execute();
    expect(names).toEqual([{ name: 'shop' }]);
  });

  test('a write is on the disk when it is answered', async () => {
    const db = await open();
    const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(db);
    expect(rows).toEqual([{ synchronous: 2 }]);
  });

  test('a database of a newer hub is refused', async () => {
    const db = new Kysely<unknown>({
      dialect: new SqliteDialect({ database: new LibsqlDatabase(':memory:') }),
    });
    const newer = { name: '999-newer', up: () => Promise.resolve() };
    const options = { dialect: 'sqlite', now: new Date(0) } as const;
    expect(await migrate(db, { ...options, migrations: [newer] })).toEqual(['999-newer']);
    expect(await migrate(db, { ...options, migrations: [newer] })).toEqual([]);
    await expect(migrate(db, { ...options, migrations: [] })).rejects.toThrow('999-newer');
    await db.destroy();
  });

  test('a migration that fails leaves nothing behind', async () => {
    const db = new Kysely<unknown>({
      dialect: new SqliteDialect({ database: new LibsqlDatabase(':memory:') }),
    });
    const broken = {
      name: '001-broken',
      up: async (tx: Kysely<unknown>): Promise<void> => {
        await tx.schema.createTable('half').addColumn('id', 'integer').execute();
        throw new Error('broken on purpose');
      },
    };
    const options = { dialect: 'sqlite', now: new Date(0), migrations: [broken] } as const;
    await expect(migrate(db, options)).rejects.toThrow('broken on purpose');
    const tables = await db.introspection.getTables();
    expect(tables.map((table) => table.name)).not.toContain('half');
    await db.destroy();
  });

  test('a PostgreSQL that is not there is reported when opening', async () => {
    const databaseUrl = 'postgres://nobody@127.0.0.1:1/none';
    await expect(openDatabase({ dataDir: '', databaseUrl })).rejects.toThrow(/ECONNREFUSED/);
  });
});

test('a transaction that throws leaves nothing', async () => {
  const db = await open();
  const time = new Date(0).toISOString();
  const work = transact(db, async (tx) => {
    await tx
      .insertInto('pacticipants')
      .values({ name: 'half', created_at: time, updated_at: time })
      .execute();
    throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
  expect(await db.selectFrom('pacticipants').selectAll().execute()).toEqual([]);
});
