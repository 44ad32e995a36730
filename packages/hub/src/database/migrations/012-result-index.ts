import { createIndex, type Migration } from '../migration.ts';

/** Everything that decisions read of a content's results stands in the index: their rows lie apart, behind large texts. */
export const resultIndex: Migration = {
  name: '012-result-index',
  async up(db) {
    await db.schema.dropIndex('verifications_content').execute();
    await createIndex(db, 'verifications_content', [
      'verifications',
      'pact_version_id',
      'is_latest',
      'provider_version_id',
      'success',
      'is_wip',
      'provider_id',
      'created_at',
    ]);
  },
};
