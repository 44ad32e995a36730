import { countingKey, idType, type Migration, required } from '../migration.ts';

/** Bearer tokens that were made while the hub ran. */
export const tokens: Migration = {
  name: '009-tokens',
  async up(db, dialect) {
    await db.schema
      .createTable('tokens')
      .addColumn('id', idType(dialect), countingKey(dialect))
      .addColumn('uuid', 'text', (column) => column.notNull().unique())
      .addColumn('description', 'text', (column) => column.notNull().unique())
      .addColumn('role', 'text', required)
      .addColumn('sha256', 'text', (column) => column.notNull().unique())
      .addColumn('expires_at', 'text')
      .addColumn('last_used_at', 'text')
      .addColumn('created_at', 'text', required)
      .execute();
  },
};
