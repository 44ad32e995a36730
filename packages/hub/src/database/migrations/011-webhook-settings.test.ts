import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, SqliteDialect } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { LibsqlDatabase } from '../libsql-database.ts';
import { migrate } from '../migrate.ts';
import { migrations } from '../migrations.ts';
import type { Tables } from '../tables.ts';

const at = '2026-01-01T00:00:00.000Z';

test('deliveries and their logs outlive the move to a table for versions too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'concordat-migration-'));
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: new LibsqlDatabase(join(folder, 'x.db')) }),
  });
  onTestFinished(async () => {
    await db.destroy();
    await rm(folder, { recursive: true, force: true });
  });
  const upTo = async (name: string): Promise<void> => {
    const last = migrations.findIndex((migration) => migration.name === name);
    const options = { migrations: migrations.slice(0, last + 1), now: new Date(at) };
    await migrate(db as unknown as Kysely<unknown>, { ...options, dialect: 'sqlite' });
  };
  await upTo('006-webhooks');
  const { publication } = await deliveriesOf(db);
  await upTo('011-webhook-settings');

  const moved = await db.selectFrom('triggered_webhooks').selectAll().orderBy('id').execute();
  expect(moved.map(({ uuid, version_id }) => [uuid, version_id])).toEqual([
    ['first', null],
    ['second', null],
  ]);
  expect(await logs(db)).toEqual(['of the first', 'of the second']);
  await db.deleteFrom('triggered_webhooks').where('uuid', '=', 'first').execute();
  expect(await logs(db)).toEqual(['of the second']);
  const [second] = moved.slice(1);
  const { id: _id, ...columns } = { ...second, uuid: 'third', version_id: 1 };
  const noPact = { consumer_id: null, provider_id: null, publication_id: null };
  await db
    .insertInto('triggered_webhooks')
    .values({ ...(columns as NonNullable<typeof second>), ...noPact })
    .execute();
  await db.deleteFrom('pact_publications').where('id', '=', publication).execute();
  const left = await db.selectFrom('triggered_webhooks').select(['id', 'uuid']).execute();
  expect(left).toEqual([{ id: 3, uuid: 'third' }]);
});

async function logs(db: Kysely<Tables>): Promise<readonly string[]> {
  const rows = await db.selectFrom('webhook_executions').select('logs').orderBy('id').execute();
  return rows.map((row) => row.logs);
}

/** Two deliveries with a log each, as a hub before the migration wrote them. */
async function deliveriesOf(db: Kysely<Tables>): Promise<{ readonly publication: number }> {
  const old = db as unknown as Kysely<Record<string, Record<string, unknown>>>;
  const add = async (table: string, values: Record<string, unknown>): Promise<number> => {
    const row = await old
      .insertInto(table)
      .values(values)
      .returning('id')
      .executeTakeFirstOrThrow();
    return Number(row.id);
  };
  const time = { created_at: at, updated_at: at };
  const pacticipant = await add('pacticipants', { name: 'web', ...time });
  const version = await add('versions', { pacticipant_id: pacticipant, number: '1', ...time });
  const sides = { consumer_id: pacticipant, provider_id: pacticipant, created_at: at };
  const content = await add('pact_versions', { ...sides, sha: 'x', content: '{}' });
  const publication = await add('pact_publications', {
    ...sides,
    consumer_version_id: version,
    pact_version_id: content,
    revision_number: 1,
    is_current: 1,
  });
  const empty = { base_url: '', context: '{}', parameters: '{}', attempts_made: 1 };
  for (const uuid of ['first', 'second']) {
    const triggered = await add('triggered_webhooks', {
      ...{ ...sides, ...empty, uuid, publication_id: publication },
      ...{ event: 'contract_published', status: 'success' },
    });
    const execution = { triggered_webhook_id: triggered, success: 1, created_at: at };
    await add('webhook_executions', { ...execution, logs: `of the ${uuid}` });
  }
  return { publication };
}
