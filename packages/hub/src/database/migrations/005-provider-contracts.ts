import { belongsTo, countingKey, idType, type Migration, required } from '../migration.ts';

/** OpenAPI and AsyncAPI documents and which version published which. */
export const providerContracts: Migration = {
  name: '005-provider-contracts',
  async up(db, dialect) {
    await db.schema
      .createTable('provider_contract_documents')
      .addColumn('id', idType(dialect), countingKey(dialect))
      .addColumn('sha', 'text', (column) => column.notNull().unique())
      .addColumn('specification', 'text', required)
      .addColumn('specification_version', 'text', required)
      .addColumn('title', 'text', required)
      .addColumn('document_version', 'text', required)
      .addColumn('operations', 'text', required)
      .addColumn('external_references', 'text', required)
      .addColumn('content', dialect === 'sqlite' ? 'blob' : 'bytea', required)
      .execute();
    await db.schema
      .createTable('provider_contracts')
      .addColumn('id', idType(dialect), countingKey(dialect))
      .addColumn('provider_id', 'integer', belongsTo('pacticipants'))
      .addColumn('version_id', 'integer', belongsTo('versions'))
      .addColumn('specification', 'text', required)
      .addColumn('document_id', 'integer', (column) =>
        column.notNull().references('provider_contract_documents.id'),
      )
      .addColumn('content_type', 'text', required)
      .addColumn('created_at', 'text', required)
      .addUniqueConstraint('provider_contracts_version', ['version_id', 'specification'])
      .execute();
    await db.schema
      .createIndex('provider_contracts_latest')
      .on('provider_contracts')
      .columns(['provider_id', 'specification', 'id'])
      .execute();
    await db.schema
      .createIndex('provider_contracts_document')
      .on('provider_contracts')
      .column('document_id')
      .execute();
  },
};
