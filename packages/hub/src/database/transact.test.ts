import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { transact } from './transact.ts';

describe('transactions that are asked for at the same time on SQLite', () => {
  let dataDir: string;
  let db: Database;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'concordat-transact-'));
    db = await openDatabase({ dataDir, databaseUrl: undefined });
  });

  afterEach(async () => {
    await db.destroy();
    await rm(dataDir, { recursive: true, force: true });
  });

  const add = (name: string, after?: (tx: Database) => Promise<void>): Promise<string> =>
    transact(db, async (tx) => {
      const time = new Date(0).toISOString();
      await tx
        .insertInto('pacticipants')
        .values({ name, created_at: time, updated_at: time })
        .execute();
      await after?.(tx);
      return name;
    });

  const names = async (on: Database = db): Promise<readonly string[]> => {
    const rows = await on.selectFrom('pacticipants').select('name').orderBy('id').execute();
    return rows.map((row) => row.name);
  };

  test('all are there, in the order they were asked for, however many', async () => {
    const wanted = Array.from({ length: 40 }, (_, index) => `p${index}`);
    expect(await Promise.all(wanted.map((name) => add(name)))).toEqual(wanted);
    expect(await names()).toEqual(wanted);
  });

  test('one that fails is undone alone, and the next does not see it', async () => {
    const seen: (readonly string[])[] = [];
    const refuse = async (): Promise<void> => {
      throw new Error('refused');
    };
    const look = async (tx: Database): Promise<void> => {
      seen.push(await names(tx));
    };
    const results = await Promise.allSettled([add('a'), add('b', refuse), add('c', look)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { message: 'refused' } });
    expect(seen).toEqual([['a', 'c']]);
    expect(await names()).toEqual(['a', 'c']);
  });

  test('a statement that fails leaves nothing of its own transaction', async () => {
    const failing = add('a', async (tx) => {
      await sql`insert into no_such_table values (1)`.execute(tx);
    });
    const results = await Promise.allSettled([failing, add('b')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(await names()).toEqual(['b']);
  });

  test('nobody is told of success when the end of the transaction fails', async () => {
    const owe = async (tx: Database): Promise<void> => {
      await sql`pragma defer_foreign_keys = on`.execute(tx);
      await sql`insert into labels values (99, 'of nobody', '')`.execute(tx);
    };
    const results = await Promise.allSettled([add('a'), add('b', owe), add('c')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(add('d')).resolves.toBe('d');
    expect(await names()).toEqual(['d']);
  });

  test('each keeps what its own caller carries along', async () => {
    const carried = new AsyncLocalStorage<string>();
    const seen = await Promise.all(
      ['one', 'two'].map((word) =>
        carried.run(word, () => transact(db, async () => carried.getStore())),
      ),
    );
    expect(seen).toEqual(['one', 'two']);
  });
});
