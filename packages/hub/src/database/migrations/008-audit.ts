import { countingKey, createIndex, idType, type Migration, required } from '../migration.ts';

/** Who changed what, and when. */
export const audit: Migration = {
  name: '008-audit',
  async up(db, dialect) {
    await db.schema
      .createTable('audit_entries')
      .addColumn('id', idType(dialect), countingKey(dialect))
      .addColumn('at', 'text', required)
      .addColumn('actor_kind', 'text', required)
      .addColumn('actor', 'text', required)
      .addColumn('client', 'text', required)
      .addColumn('action', 'text', required)
      .addColumn('method', 'text', required)
      .addColumn('path', 'text', required)
      .addColumn('pacticipants', 'text', required)
      .addColumn('names', 'text', required)
      .addColumn('status', 'integer', required)
      .addColumn('request_id', 'text', required)
      .execute();
    await createIndex(db, 'audit_entries_time', ['audit_entries', 'at']);
  },
};
