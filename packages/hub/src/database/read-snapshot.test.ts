import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { readSnapshot } from './read-snapshot.ts';
import { transact } from './transact.ts';

const databaseUrl = process.env.CONCORDAT_TEST_DATABASE_URL;

async function addPacticipant(db: Database, name: string): Promise<void> {
  const at = '2026-01-01T00:00:00.000Z';
  const row = { name, created_at: at, updated_at: at };
  await transact(db, (tx) => tx.insertInto('pacticipants').values(row).execute());
}

const names = async (db: Database): Promise<readonly string[]> =>
  (await db.selectFrom('pacticipants').select('name').orderBy('id').execute()).map(
    ({ name }) => name,
  );

test.each([undefined, ...(databaseUrl === undefined ? [] : [databaseUrl])])(
  'what is written meanwhile does not show, and nobody waits for the reader (%s)',
  async (url) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'concordat-snapshot-'));
    const place = { dataDir, databaseUrl: url };
    const db = await openDatabase(place);
    const own = `snapshot-${dataDir}`;
    await addPacticipant(db, own);
    const seen = await readSnapshot({ db, ...place }, async (snapshot) => {
      const before = await names(snapshot);
      await addPacticipant(db, `${own}-later`);
      expect(await names(db)).toContain(`${own}-later`);
      expect(await names(snapshot)).toEqual(before);
      return before;
    });
    expect(seen).toContain(own);
    await db.deleteFrom('pacticipants').where('name', 'like', `${own}%`).execute();
    await db.destroy();
    rmSync(dataDir, { recursive: true, force: true });
  },
);
