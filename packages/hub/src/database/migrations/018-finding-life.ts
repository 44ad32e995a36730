import { type Kysely, sql } from 'kysely';
import {
  belongsTo,
  countingKey,
  createIndex,
  type Dialect,
  idType,
  type Migration,
  required,
} from '../migration.ts';

/** Findings get a life: when they opened and turned, who lets them be, and every turn as an event. */
export const findingLife: Migration = {
  name: '018-finding-life',
  async up(db, dialect) {
    await addLife(db);
    await createFindingEvents(db, dialect);
  },
};

async function addLife(db: Kysely<unknown>): Promise<void> {
  for (const name of ['opened_at', 'turned_at', 'told_at']) {
    await db.schema
      .alterTable('findings')
      .addColumn(name, 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
  }
  for (const name of ['turned_by', 'exemplars', 'said']) {
    await db.schema
      .alterTable('findings')
      .addColumn(name, 'text', (column) => column.notNull().defaultTo(''))
      .execute();
  }
  for (const name of ['resolution', 'acknowledged_by', 'acknowledged_reason'])
    await db.schema.alterTable('findings').addColumn(name, 'text').execute();
  for (const name of ['acknowledged_at', 'acknowledged_until'])
    await db.schema.alterTable('findings').addColumn(name, 'bigint').execute();
  await sql`update findings set opened_at = first_seen, exemplars = exemplar_trace_id`.execute(db);
  await sql`update findings set resolution = 'agrees' where resolved_at is not null`.execute(db);
}

async function createFindingEvents(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('finding_events')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('finding_id', 'text', belongsTo('findings'))
    .addColumn('kind', 'text', required)
    .addColumn('at', 'bigint', required)
    .addColumn('by', 'text')
    .addColumn('note', 'text')
    .execute();
  await createIndex(db, 'finding_events_finding', ['finding_events', 'finding_id', 'id']);
  await sql`
    insert into finding_events (finding_id, kind, at) select id, 'opened', opened_at from findings
  `.execute(db);
  await sql`
    insert into finding_events (finding_id, kind, at, note)
    select id, 'resolved', resolved_at, resolution from findings where resolved_at is not null
  `.execute(db);
}
