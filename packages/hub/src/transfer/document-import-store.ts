import { createHash } from 'node:crypto';
import type { TransferRecordOf } from '@concordat/api';
import { importDefect } from './import-defect.ts';
import { type ImportScope, idOr, type Numbered } from './import-scope.ts';
import { idOfPacticipant, idOfVersion } from './version-import-store.ts';

/** Writes a document that the hub does not have; one whose bytes are not those of its sha is a defect. */
export async function importDocument(
  scope: ImportScope,
  { line, record }: Numbered<TransferRecordOf<'providerContractDocument'>>,
): Promise<void> {
  const content = Buffer.from(record.base64, 'base64');
  if (createHash('sha256').update(content).digest('hex') !== record.sha256) {
    throw importDefect(line, `has content that is not that of its sha256 ${record.sha256}`);
  }
  const added = await scope.tx
    .insertInto('provider_contract_documents')
    .values({
      sha: record.sha256,
      specification: record.specification,
      specification_version: record.specificationVersion,
      title: record.title,
      document_version: record.documentVersion,
      operations: record.operations,
      external_references: record.externalReferences,
      content,
    })
    .onConflict((conflict) => conflict.column('sha').doNothing())
    .returning('id')
    .executeTakeFirst();
  scope.count('providerContractDocument', added === undefined ? 'unchanged' : 'created');
}

/** Writes that a version published a document; another one of that specification is a conflict. */
export async function importProviderContract(
  scope: ImportScope,
  item: Numbered<TransferRecordOf<'providerContract'>>,
): Promise<void> {
  const { record } = item;
  const version = { pacticipant: record.provider, number: record.version };
  await scope.known.findVersions([version]);
  const document = await scope.tx
    .selectFrom('provider_contract_documents')
    .select('id')
    .where('sha', '=', record.sha256)
    .executeTakeFirst();
  const documentId = idOr(document?.id, item, `the document ${record.sha256}`);
  const versionId = idOfVersion(scope, item, version);
  const existing = await scope.tx
    .selectFrom('provider_contracts')
    .select(['id', 'document_id'])
    .where('version_id', '=', versionId)
    .where('specification', '=', record.specification)
    .executeTakeFirst();
  const columns = {
    document_id: documentId,
    content_type: record.contentType,
    created_at: record.createdAt,
  };
  if (existing === undefined) {
    await scope.tx
      .insertInto('provider_contracts')
      .values({
        ...columns,
        provider_id: idOfPacticipant(scope, item, record.provider),
        version_id: versionId,
        specification: record.specification,
      })
      .execute();
    scope.count('providerContract', 'created');
    return;
  }
  if (existing.document_id === documentId) {
    scope.count('providerContract', 'unchanged');
    return;
  }
  const detail = `${record.provider} ${record.version} has published another ${record.specification} document`;
  if (!scope.overwrites(item, detail)) return;
  await scope.tx
    .updateTable('provider_contracts')
    .set(columns)
    .where('id', '=', existing.id)
    .execute();
}
