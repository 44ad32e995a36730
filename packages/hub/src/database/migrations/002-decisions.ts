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

/** Environments and what runs in them, and verification results. */
export const decisions: Migration = {
  name: '002-decisions',
  async up(db, dialect) {
    await createEnvironments(db, dialect);
    await createDeployedVersions(db, dialect);
    await createReleasedVersions(db, dialect);
    await createVerifications(db, dialect);
    await createVerifiedInteractions(db);
  },
};

async function createEnvironments(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('environments')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('uuid', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('display_name', 'text', required)
    .addColumn('production', 'integer', required)
    .addColumn('contacts', 'text')
    .addColumn('is_preset', 'integer', required)
    .addColumn('created_at', 'text', required)
    .addColumn('updated_at', 'text', required)
    .execute();
}

async function createDeployedVersions(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('deployed_versions')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('uuid', 'text', (column) => column.notNull().unique())
    .addColumn('version_id', 'integer', belongsTo('versions'))
    .addColumn('pacticipant_id', 'integer', belongsTo('pacticipants'))
    .addColumn('environment_id', 'integer', belongsTo('environments'))
    .addColumn('application_instance', 'text', required)
    .addColumn('created_at', 'text', required)
    .addColumn('updated_at', 'text', required)
    .addColumn('undeployed_at', 'text')
    .execute();
  await db.schema
    .createIndex('deployed_versions_current')
    .unique()
    .on('deployed_versions')
    .columns(['environment_id', 'pacticipant_id', 'application_instance'])
    .where(sql.ref('undeployed_at'), 'is', null)
    .execute();
  await db.schema
    .createIndex('deployed_versions_running')
    .on('deployed_versions')
    .columns(['pacticipant_id', 'version_id'])
    .where(sql.ref('undeployed_at'), 'is', null)
    .execute();
  await db.schema
    .createIndex('deployed_versions_version')
    .on('deployed_versions')
    .columns(['version_id', 'environment_id'])
    .execute();
}

async function createReleasedVersions(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('released_versions')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('uuid', 'text', (column) => column.notNull().unique())
    .addColumn('version_id', 'integer', belongsTo('versions'))
    .addColumn('pacticipant_id', 'integer', belongsTo('pacticipants'))
    .addColumn('environment_id', 'integer', belongsTo('environments'))
    .addColumn('created_at', 'text', required)
    .addColumn('updated_at', 'text', required)
    .addColumn('support_ended_at', 'text')
    .addUniqueConstraint('released_versions_key', ['version_id', 'environment_id'])
    .execute();
  await db.schema
    .createIndex('released_versions_supported')
    .on('released_versions')
    .columns(['environment_id', 'pacticipant_id'])
    .where(sql.ref('support_ended_at'), 'is', null)
    .execute();
  await db.schema
    .createIndex('released_versions_available')
    .on('released_versions')
    .columns(['pacticipant_id', 'version_id'])
    .where(sql.ref('support_ended_at'), 'is', null)
    .execute();
}

async function createVerifications(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('verifications')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('pact_version_id', 'integer', belongsTo('pact_versions'))
    .addColumn('consumer_id', 'integer', belongsTo('pacticipants'))
    .addColumn('provider_id', 'integer', belongsTo('pacticipants'))
    .addColumn('provider_version_id', 'integer', belongsTo('versions'))
    .addColumn('success', 'integer', required)
    .addColumn('is_wip', 'integer', required)
    .addColumn('is_latest', 'integer', required)
    .addColumn('build_url', 'text')
    .addColumn('created_at', 'text', required)
    .addColumn('verified_by', 'text')
    .addColumn('test_results', 'text')
    .execute();
  await createIndex(db, 'verifications_content', [
    'verifications',
    'pact_version_id',
    'is_latest',
    'provider_version_id',
  ]);
  await createIndex(db, 'verifications_version', ['verifications', 'provider_version_id']);
  await createIndex(db, 'verifications_consumer', ['verifications', 'consumer_id']);
  await createIndex(db, 'verifications_provider', ['verifications', 'provider_id']);
}

async function createVerifiedInteractions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('verified_interactions')
    .addColumn('verification_id', 'integer', belongsTo('verifications'))
    .addColumn('position', 'integer', required)
    .addColumn('interaction_id', 'text')
    .addColumn('description', 'text')
    .addColumn('success', 'integer', required)
    .addPrimaryKeyConstraint('verified_interactions_key', ['verification_id', 'position'])
    .execute();
}
