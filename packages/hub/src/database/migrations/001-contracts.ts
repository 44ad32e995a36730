import type { Kysely } from 'kysely';
import {
  belongsTo,
  countingKey,
  createIndex,
  type Dialect,
  idType,
  type Migration,
  required,
} from '../migration.ts';

/** Pacticipants, their versions, branches and tags, and the pacts they publish. */
export const contracts: Migration = {
  name: '001-contracts',
  async up(db, dialect) {
    await createPacticipants(db, dialect);
    await createVersions(db, dialect);
    await createBranches(db, dialect);
    await createPacts(db, dialect);
    await createPublications(db, dialect);
  },
};

async function createPacticipants(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('pacticipants')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('display_name', 'text')
    .addColumn('repository_url', 'text')
    .addColumn('repository_name', 'text')
    .addColumn('repository_namespace', 'text')
    .addColumn('main_branch', 'text')
    .addColumn('created_at', 'text', required)
    .addColumn('updated_at', 'text', required)
    .execute();
  await db.schema
    .createTable('labels')
    .addColumn('pacticipant_id', 'integer', belongsTo('pacticipants'))
    .addColumn('name', 'text', required)
    .addColumn('created_at', 'text', required)
    .addPrimaryKeyConstraint('labels_key', ['pacticipant_id', 'name'])
    .execute();
}

async function createVersions(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('versions')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('pacticipant_id', 'integer', belongsTo('pacticipants'))
    .addColumn('number', 'text', required)
    .addColumn('build_url', 'text')
    .addColumn('created_at', 'text', required)
    .addColumn('updated_at', 'text', required)
    .addUniqueConstraint('versions_number', ['pacticipant_id', 'number'])
    .execute();
  await createIndex(db, 'versions_order', ['versions', 'pacticipant_id', 'id']);
  await db.schema
    .createTable('tags')
    .addColumn('version_id', 'integer', belongsTo('versions'))
    .addColumn('pacticipant_id', 'integer', belongsTo('pacticipants'))
    .addColumn('name', 'text', required)
    .addColumn('created_at', 'text', required)
    .addColumn('updated_at', 'text', required)
    .addPrimaryKeyConstraint('tags_key', ['version_id', 'name'])
    .execute();
  await createIndex(db, 'tags_head', ['tags', 'pacticipant_id', 'name', 'version_id']);
}

async function createBranches(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('branches')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('pacticipant_id', 'integer', belongsTo('pacticipants'))
    .addColumn('name', 'text', required)
    .addColumn('head_version_id', 'integer', (column) =>
      column.references('versions.id').onDelete('set null'),
    )
    .addColumn('created_at', 'text', required)
    .addUniqueConstraint('branches_name', ['pacticipant_id', 'name'])
    .execute();
  await createIndex(db, 'branches_head', ['branches', 'head_version_id']);
  await db.schema
    .createTable('branch_versions')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('branch_id', 'integer', belongsTo('branches'))
    .addColumn('version_id', 'integer', belongsTo('versions'))
    .addColumn('auto_created', 'integer', required)
    .addColumn('created_at', 'text', required)
    .addColumn('updated_at', 'text', required)
    .addUniqueConstraint('branch_versions_key', ['branch_id', 'version_id'])
    .execute();
  await createIndex(db, 'branch_versions_version', ['branch_versions', 'version_id', 'branch_id']);
  await createIndex(db, 'branch_versions_order', ['branch_versions', 'branch_id', 'id']);
}

async function createPacts(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('pact_versions')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('consumer_id', 'integer', belongsTo('pacticipants'))
    .addColumn('provider_id', 'integer', belongsTo('pacticipants'))
    .addColumn('sha', 'text', required)
    .addColumn('created_at', 'text', required)
    .addColumn('content', 'text', required)
    .addUniqueConstraint('pact_versions_sha', ['provider_id', 'consumer_id', 'sha'])
    .execute();
  await createIndex(db, 'pact_versions_consumer', ['pact_versions', 'consumer_id']);
  await db.schema
    .createTable('integrations')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('consumer_id', 'integer', belongsTo('pacticipants'))
    .addColumn('provider_id', 'integer', belongsTo('pacticipants'))
    .addColumn('created_at', 'text', required)
    .addColumn('contract_data_updated_at', 'text', required)
    .addUniqueConstraint('integrations_pair', ['consumer_id', 'provider_id'])
    .execute();
  await createIndex(db, 'integrations_provider', ['integrations', 'provider_id', 'consumer_id']);
}

async function createPublications(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('pact_publications')
    .addColumn('id', idType(dialect), countingKey(dialect))
    .addColumn('consumer_version_id', 'integer', belongsTo('versions'))
    .addColumn('consumer_id', 'integer', belongsTo('pacticipants'))
    .addColumn('provider_id', 'integer', belongsTo('pacticipants'))
    .addColumn('pact_version_id', 'integer', belongsTo('pact_versions'))
    .addColumn('revision_number', 'integer', required)
    .addColumn('is_current', 'integer', required)
    .addColumn('created_at', 'text', required)
    .addUniqueConstraint('pact_publications_revision', [
      'consumer_version_id',
      'provider_id',
      'revision_number',
    ])
    .execute();
  const pair = ['provider_id', 'consumer_id', 'is_current', 'consumer_version_id'];
  await createIndex(db, 'pact_publications_pair', ['pact_publications', ...pair]);
  await createIndex(db, 'pact_publications_consumer', ['pact_publications', 'consumer_id']);
  const content = ['pact_version_id', 'is_current', 'consumer_version_id'];
  await createIndex(db, 'pact_publications_content', ['pact_publications', ...content]);
}
