import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { statement } from './statement.ts';
import { transact } from './transact.ts';

let dataDir: string;
let db: Database;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'concordat-statement-'));
  db = await openDatabase({ dataDir, databaseUrl: undefined });
});

afterEach(async () => {
  await db.destroy();
  rmSync(dataDir, { recursive: true });
});

interface Wanted {
  readonly names: readonly string[];
  readonly branch: string | undefined;
  readonly descending: boolean;
}

function pacticipants() {
  const built: number[] = [];
  const add = statement((on, row: { name: string; branch: string | null; at: string }) =>
    on
      .insertInto('pacticipants')
      .values({ name: row.name, main_branch: row.branch, created_at: row.at, updated_at: row.at })
      .returning('id'),
  );
  const find = statement((on, { names, branch, descending }: Wanted) => {
    built.push(names.length);
    let query = on.selectFrom('pacticipants').select('name').where('name', 'in', names);
    if (branch !== undefined) query = query.where('main_branch', '=', branch);
    return query.orderBy('name', descending ? 'desc' : 'asc');
  });
  return { add, find, built };
}

test('a query is built once for each form of its values and answers for the values it is run with', async () => {
  const { add, find, built } = pacticipants();
  const at = '2026-01-01T00:00:00.000Z';
  expect(await add.first(db, { name: 'a', branch: 'main', at })).toEqual({ id: 1 });
  await add.all(db, { name: 'b', branch: null, at });
  await add.all(db, { name: "c'?", branch: 'main', at });
  const names = async (wanted: Partial<Wanted> & Pick<Wanted, 'names'>) => {
    const rows = await find.all(db, { branch: undefined, descending: false, ...wanted });
    return rows.map(({ name }) => name);
  };
  expect(await names({ names: ['b'] })).toEqual(['b']);
  expect(await names({ names: ["c'?"] })).toEqual(["c'?"]);
  expect(await names({ names: ['a', 'b', "c'?"] })).toEqual(['a', 'b', "c'?"]);
  expect(await names({ names: ['a', 'b', "c'?", 'd'] })).toEqual(['a', 'b', "c'?"]);
  expect(built).toEqual([1, 4]);
  expect(await names({ names: ['a', 'b', "c'?"], branch: 'main' })).toEqual(['a', "c'?"]);
  expect(await names({ names: ['a', 'b', "c'?"], descending: true })).toEqual(["c'?", 'b', 'a']);
  expect(built).toEqual([1, 4, 4, 4]);
});

test('nothing found is undefined', async () => {
  const { find } = pacticipants();
  const found = await find.first(db, { names: ['x'], branch: undefined, descending: false });
  expect(found).toBeUndefined();
});

test('a transaction that fails takes back what a statement wrote in it', async () => {
  const { add, find } = pacticipants();
  const failing = transact(db, async (tx) => {
    await add.all(tx, { name: 'a', branch: null, at: '' });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await find.all(db, { names: ['a'], branch: undefined, descending: false })).toEqual([]);
});

test('values of the query itself stay, and raw SQL can be one', async () => {
  const raw = statement((on, { word }: { word: string }) => ({
    compile: () => sql<{ text: string }>`select ${'the '} || ${word} as text`.compile(on),
  }));
  expect(await raw.all(db, { word: 'one' })).toEqual([{ text: 'the one' }]);
  expect(await raw.all(db, { word: 'other' })).toEqual([{ text: 'the other' }]);
});

test('packed rows keep their order, their nulls, and texts with any character', async () => {
  const at = '2026-01-01T00:00:00.000Z';
  const odd = 'a "quoted"\n\\ name with \u0000 and \u{1F600}';
  const { add } = pacticipants();
  for (const name of ['b', odd, 'a']) await add.all(db, { name, branch: null, at });
  const sorted = statement((on) =>
    on
      .selectFrom('pacticipants as p')
      .select(['p.id', 'p.name as called', 'main_branch', sql.lit('x').as('kind')])
      .orderBy('p.name', 'desc'),
  );
  expect(await sorted.all(db, {})).toEqual([
    { id: 1, called: 'b', main_branch: null, kind: 'x' },
    { id: 2, called: odd, main_branch: null, kind: 'x' },
    { id: 3, called: 'a', main_branch: null, kind: 'x' },
  ]);
});

test('all columns, whatever they are, come too', async () => {
  const { add } = pacticipants();
  await add.all(db, { name: 'a', branch: 'main', at: 'now' });
  const whole = statement((on) => on.selectFrom('pacticipants').selectAll());
  expect(await whole.first(db, {})).toMatchObject({ id: 1, name: 'a', main_branch: 'main' });
});

test('bytes in packed rows are refused, not changed', async () => {
  const bytes = statement((on) =>
    on.selectFrom('pacticipants').select(sql<Uint8Array>`x'00ff'`.as('bytes')),
  );
  const { add } = pacticipants();
  await add.all(db, { name: 'a', branch: null, at: 'now' });
  await expect(bytes.all(db, {})).rejects.toThrow('BLOB');
});
