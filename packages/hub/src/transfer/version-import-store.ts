import type { TransferRecordOf } from '@concordat/api';
import { type ImportScope, idOr, type Numbered } from './import-scope.ts';

type VersionItem = Numbered<TransferRecordOf<'version'>>;
type BranchVersionItem = Numbered<TransferRecordOf<'branchVersion'>>;

/** Writes versions in the order of the file, new ones after those the hub has; tags are added, never taken away. */
export async function importVersions(
  scope: ImportScope,
  items: readonly VersionItem[],
): Promise<void> {
  const keys = items.map(({ record }) => record);
  await scope.known.findVersions(keys);
  const known = items.filter(({ record }) => scope.known.version(record) !== undefined);
  await insertVersions(
    scope,
    items.filter(({ record }) => scope.known.version(record) === undefined),
  );
  const tagged = await addTags(scope, items);
  const buildUrls = await buildUrlsOf(scope, known);
  for (const item of known) {
    const { record } = item;
    const id = idOfVersion(scope, item, record);
    const stored = buildUrls.get(id) ?? null;
    const buildUrl = record.buildUrl ?? stored;
    if (buildUrl === stored) {
      scope.count('version', tagged.has(id) ? 'updated' : 'unchanged');
      continue;
    }
    if (stored === null) scope.count('version', 'updated');
    else if (!scope.overwrites(item, buildUrlDiffers(record))) continue;
    await scope.tx
      .updateTable('versions')
      .set({ build_url: buildUrl, updated_at: record.updatedAt })
      .where('id', '=', id)
      .execute();
  }
}

function buildUrlDiffers({ pacticipant, number }: VersionItem['record']): string {
  return `${pacticipant} ${number} has another build url`;
}

async function insertVersions(scope: ImportScope, items: readonly VersionItem[]): Promise<void> {
  if (items.length === 0) return;
  const rows = await scope.tx
    .insertInto('versions')
    .values(
      items.map((item) => ({
        pacticipant_id: idOfPacticipant(scope, item, item.record.pacticipant),
        number: item.record.number,
        build_url: item.record.buildUrl ?? null,
        created_at: item.record.createdAt,
        updated_at: item.record.updatedAt,
      })),
    )
    .returning(['id', 'pacticipant_id', 'number'])
    .execute();
  for (const row of rows) scope.known.rememberVersion(row);
  scope.count('version', 'created', items.length);
}

async function buildUrlsOf(
  scope: ImportScope,
  items: readonly VersionItem[],
): Promise<ReadonlyMap<number, string | null>> {
  if (items.length === 0) return new Map();
  const rows = await scope.tx
    .selectFrom('versions')
    .select(['id', 'build_url'])
    .where(
      'id',
      'in',
      items.map((item) => idOfVersion(scope, item, item.record)),
    )
    .execute();
  return new Map(rows.map((row) => [row.id, row.build_url]));
}

/** Ids of the versions that got a tag they did not have. */
async function addTags(
  scope: ImportScope,
  items: readonly VersionItem[],
): Promise<ReadonlySet<number>> {
  const rows = items.flatMap((item) =>
    item.record.tags.map((tag) => ({
      version_id: idOfVersion(scope, item, item.record),
      pacticipant_id: idOfPacticipant(scope, item, item.record.pacticipant),
      name: tag.name,
      created_at: tag.createdAt,
      updated_at: tag.updatedAt,
    })),
  );
  const tagged = new Set<number>();
  for (let start = 0; start < rows.length; start += 1000) {
    const added = await scope.tx
      .insertInto('tags')
      .values(rows.slice(start, start + 1000))
      .onConflict((conflict) => conflict.columns(['version_id', 'name']).doNothing())
      .returning('version_id')
      .execute();
    for (const row of added) tagged.add(row.version_id);
  }
  return tagged;
}

/** Writes a branch without versions. */
export async function importBranches(
  scope: ImportScope,
  items: readonly Numbered<TransferRecordOf<'branch'>>[],
): Promise<void> {
  await scope.known.findPacticipants(items.map(({ record }) => record.pacticipant));
  const added = await scope.tx
    .insertInto('branches')
    .values(
      items.map((item) => ({
        pacticipant_id: idOfPacticipant(scope, item, item.record.pacticipant),
        name: item.record.name,
        created_at: item.record.createdAt,
      })),
    )
    .onConflict((conflict) => conflict.columns(['pacticipant_id', 'name']).doNothing())
    .returning('id')
    .execute();
  scope.count('branch', 'created', added.length);
  scope.count('branch', 'unchanged', items.length - added.length);
}

/** Adds versions to branches in the order of the file; one that is new there and marked as head becomes the head. */
export async function importBranchVersions(
  scope: ImportScope,
  items: readonly BranchVersionItem[],
): Promise<void> {
  await scope.known.findBranches(items.map(({ record }) => record));
  await scope.known.findVersions(items.map(({ record }) => versionOf(record)));
  const added = await scope.tx
    .insertInto('branch_versions')
    .values(items.map((item) => branchVersionRow(scope, item)))
    .onConflict((conflict) => conflict.columns(['branch_id', 'version_id']).doNothing())
    .returning(['branch_id', 'version_id'])
    .execute();
  const isNew = new Set(added.map((row) => `${row.branch_id}/${row.version_id}`));
  for (const item of items.filter(({ record }) => record.head)) {
    const { branch_id, version_id } = branchVersionRow(scope, item);
    if (!isNew.has(`${branch_id}/${version_id}`)) continue;
    await scope.tx
      .updateTable('branches')
      .set({ head_version_id: version_id })
      .where('id', '=', branch_id)
      .execute();
  }
  scope.count('branchVersion', 'created', added.length);
  scope.count('branchVersion', 'unchanged', items.length - added.length);
}

function branchVersionRow(scope: ImportScope, item: BranchVersionItem) {
  const { record } = item;
  const branchId = scope.known.branch(record.pacticipant, record.branch);
  return {
    branch_id: idOr(branchId, item, `the branch '${record.branch}' of '${record.pacticipant}'`),
    version_id: idOfVersion(scope, item, versionOf(record)),
    auto_created: record.autoCreated ? 1 : 0,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
}

function versionOf(record: { readonly pacticipant: string; readonly version: string }) {
  return { pacticipant: record.pacticipant, number: record.version };
}

/** The id of a version that a record names. */
export function idOfVersion(
  scope: ImportScope,
  item: Numbered,
  version: { readonly pacticipant: string; readonly number: string },
): number {
  const missing = `the version '${version.number}' of '${version.pacticipant}'`;
  return idOr(scope.known.version(version), item, missing);
}

/** The id of a pacticipant that a record names. */
export function idOfPacticipant(scope: ImportScope, item: Numbered, name: string): number {
  return idOr(scope.known.pacticipant(name), item, `the pacticipant '${name}'`);
}
