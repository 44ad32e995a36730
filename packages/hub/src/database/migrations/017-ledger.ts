import { createIndex, type Migration } from '../migration.ts';

/** What a provider's ledger is read by. */
export const ledger: Migration = {
  name: '017-ledger',
  async up(db) {
    await createIndex(db, 'call_counts_provider', ['call_counts', 'provider', 'bucket']);
    await createIndex(db, 'usage_counts_provider', ['usage_counts', 'provider', 'bucket']);
    await createIndex(db, 'watched_promises_provider', ['watched_promises', 'provider']);
  },
};
