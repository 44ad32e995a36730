import type { TransferRecordOf } from '@concordat/api';
import { differences, joined } from './differences.ts';
import { importDefect } from './import-defect.ts';
import { type ImportScope, idOr, type Numbered } from './import-scope.ts';

/** Writes a pacticipant; labels, and what only one side says, are added and never taken away. */
export async function importPacticipant(
  scope: ImportScope,
  item: Numbered<TransferRecordOf<'pacticipant'>>,
): Promise<void> {
  const { record } = item;
  const existing = await scope.tx
    .selectFrom('pacticipants')
    .selectAll()
    .where('name', '=', record.name)
    .executeTakeFirst();
  const columns = columnsOf(record);
  if (existing === undefined) {
    const { name, createdAt: created_at, updatedAt: updated_at } = record;
    await scope.tx
      .insertInto('pacticipants')
      .values({ name, ...columns, created_at, updated_at })
      .execute();
    await addLabels(scope, item);
    scope.count('pacticipant', 'created');
    return;
  }
  const labelled = await addLabels(scope, item);
  const { rowFirst, wantedFirst } = joined(existing, columns);
  const differing = differences(rowFirst, wantedFirst);
  if (differing === '') {
    const changes = labelled > 0 || differences(existing, wantedFirst) !== '';
    scope.count('pacticipant', changes ? 'updated' : 'unchanged');
    if (!changes) return;
  } else if (!scope.overwrites(item, `pacticipant '${record.name}' has another ${differing}`)) {
    return;
  }
  await scope.tx
    .updateTable('pacticipants')
    .set({ ...wantedFirst, updated_at: record.updatedAt })
    .where('id', '=', existing.id)
    .execute();
}

function columnsOf(record: TransferRecordOf<'pacticipant'>) {
  return {
    display_name: record.displayName ?? null,
    repository_url: record.repositoryUrl ?? null,
    repository_name: record.repositoryName ?? null,
    repository_namespace: record.repositoryNamespace ?? null,
    main_branch: record.mainBranch ?? null,
  };
}

async function addLabels(
  scope: ImportScope,
  item: Numbered<TransferRecordOf<'pacticipant'>>,
): Promise<number> {
  const { record } = item;
  if (record.labels.length === 0) return 0;
  await scope.known.findPacticipants([record.name]);
  const id = idOr(scope.known.pacticipant(record.name), item, record.name);
  const added = await scope.tx
    .insertInto('labels')
    .values(
      record.labels.map((label) => ({
        pacticipant_id: id,
        name: label.name,
        created_at: label.createdAt,
      })),
    )
    .onConflict((conflict) => conflict.columns(['pacticipant_id', 'name']).doNothing())
    .returning('name')
    .execute();
  return added.length;
}

/**
 * Writes an environment. One that came with the hub and that nobody has described gives its place, and its uuid, to the
 * file's environment of that name.
 */
export async function importEnvironment(
  scope: ImportScope,
  item: Numbered<TransferRecordOf<'environment'>>,
): Promise<void> {
  const { record } = item;
  const rows = await scope.tx
    .selectFrom('environments')
    .selectAll()
    .where((where) => where.or([where('uuid', '=', record.uuid), where('name', '=', record.name)]))
    .execute();
  const existing = rows.find((row) => row.uuid === record.uuid) ?? rows[0];
  const described = {
    uuid: record.uuid,
    name: record.name,
    display_name: record.displayName,
    production: record.production ? 1 : 0,
    contacts: record.contacts ?? null,
  };
  const columns = {
    ...described,
    is_preset: record.preset ? 1 : 0,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
  if (existing === undefined) {
    await scope.tx.insertInto('environments').values(columns).execute();
    scope.count('environment', 'created');
    return;
  }
  const differing = differences(existing, described);
  if (differing === '') {
    scope.count('environment', 'unchanged');
    return;
  }
  if (existing.is_preset === 1) scope.count('environment', 'updated');
  else if (!scope.overwrites(item, `environment '${record.name}' has another ${differing}`)) return;
  if (rows.length > 1) {
    throw importDefect(
      item.line,
      `cannot replace environment '${record.name}': its uuid and its name belong to two environments of the hub`,
    );
  }
  await scope.tx.updateTable('environments').set(columns).where('id', '=', existing.id).execute();
  scope.known.forgetEnvironments();
}
