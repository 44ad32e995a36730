import type { TransferRecordOf } from '@concordat/api';
import { type ImportScope, idOr, type Numbered } from './import-scope.ts';
import { idOfPacticipant, idOfVersion } from './version-import-store.ts';

type ContentItem = Numbered<TransferRecordOf<'pactContent'>>;
type PublicationItem = Numbered<TransferRecordOf<'publication'>>;

/** Writes that a pair has contracts; of the times of the last change the later one stays. */
export async function importIntegration(
  scope: ImportScope,
  item: Numbered<TransferRecordOf<'integration'>>,
): Promise<void> {
  const { record } = item;
  await scope.known.findPacticipants([record.consumer, record.provider]);
  const pair = {
    consumer_id: idOfPacticipant(scope, item, record.consumer),
    provider_id: idOfPacticipant(scope, item, record.provider),
  };
  const existing = await scope.tx
    .selectFrom('integrations')
    .select(['id', 'contract_data_updated_at'])
    .where('consumer_id', '=', pair.consumer_id)
    .where('provider_id', '=', pair.provider_id)
    .executeTakeFirst();
  if (existing === undefined) {
    await scope.tx
      .insertInto('integrations')
      .values({
        ...pair,
        created_at: record.createdAt,
        contract_data_updated_at: record.contractDataUpdatedAt,
      })
      .execute();
    scope.count('integration', 'created');
  } else if (existing.contract_data_updated_at < record.contractDataUpdatedAt) {
    await scope.tx
      .updateTable('integrations')
      .set({ contract_data_updated_at: record.contractDataUpdatedAt })
      .where('id', '=', existing.id)
      .execute();
    scope.count('integration', 'updated');
  } else {
    scope.count('integration', 'unchanged');
  }
}

/** Writes contents the pair does not have; two texts with one sha promise the same, so the hub's stays. */
export async function importContents(
  scope: ImportScope,
  items: readonly ContentItem[],
): Promise<void> {
  await scope.known.findContents(items.map(({ record }) => record));
  const missing = items.filter(({ record }) => scope.known.content(record) === undefined);
  if (missing.length > 0) {
    const rows = await scope.tx
      .insertInto('pact_versions')
      .values(
        missing.map((item) => ({
          ...pairOf(scope, item),
          sha: item.record.sha,
          created_at: item.record.createdAt,
          content: item.record.content,
        })),
      )
      .returning(['id', 'consumer_id', 'provider_id', 'sha'])
      .execute();
    for (const row of rows) scope.known.rememberContent(row);
  }
  scope.count('pactContent', 'created', missing.length);
  scope.count('pactContent', 'unchanged', items.length - missing.length);
}

/** Writes publications; which of several revisions is current is settled by `settlePublications`. */
export async function importPublications(
  scope: ImportScope,
  items: readonly PublicationItem[],
): Promise<void> {
  await scope.known.findContents(items.map(({ record }) => record));
  await scope.known.findVersions(items.map(({ record }) => consumerVersionOf(record)));
  const rows = items.map((item) => ({ item, row: publicationRow(scope, item) }));
  const existing = await existingPublications(
    scope,
    rows.map(({ row }) => row),
  );
  const missing = rows.filter(({ row }) => !existing.has(publicationKey(row)));
  if (missing.length > 0) {
    await scope.tx
      .insertInto('pact_publications')
      .values(missing.map(({ row }) => row))
      .execute();
    scope.count('publication', 'created', missing.length);
  }
  for (const { item, row } of rows) {
    const stored = existing.get(publicationKey(row));
    if (stored === undefined) continue;
    if (stored.pact_version_id === row.pact_version_id) {
      scope.count('publication', 'unchanged');
      continue;
    }
    const { consumer, version, provider } = item.record;
    const detail = `${consumer} ${version} has published another pact with ${provider}`;
    if (!scope.overwrites(item, detail)) continue;
    await scope.tx
      .updateTable('pact_publications')
      .set({ pact_version_id: row.pact_version_id, created_at: row.created_at })
      .where('id', '=', stored.id)
      .execute();
  }
}

/** Of several revisions by one consumer version the highest is current. */
export async function settlePublications(scope: ImportScope): Promise<void> {
  await scope.tx
    .updateTable('pact_publications')
    .set({ is_current: 0 })
    .where('is_current', '=', 1)
    .where((where) =>
      where.exists(
        where
          .selectFrom('pact_publications as later')
          .select('later.id')
          .whereRef('later.consumer_version_id', '=', 'pact_publications.consumer_version_id')
          .whereRef('later.provider_id', '=', 'pact_publications.provider_id')
          .whereRef('later.revision_number', '>', 'pact_publications.revision_number'),
      ),
    )
    .execute();
}

interface PublicationKey {
  readonly consumer_version_id: number;
  readonly provider_id: number;
  readonly revision_number: number;
}

async function existingPublications(scope: ImportScope, rows: readonly PublicationKey[]) {
  const found = await scope.tx
    .selectFrom('pact_publications')
    .select(['id', 'consumer_version_id', 'provider_id', 'revision_number', 'pact_version_id'])
    .where('consumer_version_id', 'in', [...new Set(rows.map((row) => row.consumer_version_id))])
    .execute();
  return new Map(found.map((row) => [publicationKey(row), row]));
}

function publicationKey(row: PublicationKey): string {
  return `${row.consumer_version_id}/${row.provider_id}/${row.revision_number}`;
}

function publicationRow(scope: ImportScope, item: PublicationItem) {
  const { record } = item;
  return {
    ...pairOf(scope, item),
    consumer_version_id: idOfVersion(scope, item, consumerVersionOf(record)),
    pact_version_id: idOfContent(scope, item),
    revision_number: record.revision,
    is_current: 1,
    created_at: record.createdAt,
  };
}

function consumerVersionOf(record: { readonly consumer: string; readonly version: string }) {
  return { pacticipant: record.consumer, number: record.version };
}

/** The id of the content that a record names. */
export function idOfContent(
  scope: ImportScope,
  item: Numbered<TransferRecordOf<'publication' | 'verification'>>,
): number {
  const { consumer, provider, sha } = item.record;
  const missing = `the content ${sha} of the pact between '${consumer}' and '${provider}'`;
  return idOr(scope.known.content(item.record), item, missing);
}

/** The ids of both sides of a record. */
export function pairOf(
  scope: ImportScope,
  item: Numbered<TransferRecordOf<'pactContent' | 'publication' | 'verification'>>,
) {
  return {
    consumer_id: idOfPacticipant(scope, item, item.record.consumer),
    provider_id: idOfPacticipant(scope, item, item.record.provider),
  };
}
