import type { TransferRecordOf } from '@concordat/api';
import { differences } from './differences.ts';
import { importDefect } from './import-defect.ts';
import type { ImportScope, Numbered } from './import-scope.ts';

/** Writes a token by its hash, known by its description. */
export async function importToken(
  scope: ImportScope,
  item: Numbered<TransferRecordOf<'token'>>,
): Promise<void> {
  const { record } = item;
  const rows = await scope.tx
    .selectFrom('tokens')
    .selectAll()
    .where((where) =>
      where.or([
        where('description', '=', record.description),
        where('uuid', '=', record.uuid),
        where('sha256', '=', record.sha256),
      ]),
    )
    .execute();
  const [existing] = rows;
  const columns = {
    uuid: record.uuid,
    description: record.description,
    role: record.role,
    sha256: record.sha256,
    expires_at: record.expiresAt ?? null,
  };
  const times = { last_used_at: record.lastUsedAt ?? null, created_at: record.createdAt };
  if (existing === undefined) {
    await scope.tx
      .insertInto('tokens')
      .values({ ...columns, ...times })
      .execute();
    scope.count('token', 'created');
    return;
  }
  const differing = differences(existing, columns);
  if (differing === '') {
    scope.count('token', 'unchanged');
    return;
  }
  if (!scope.overwrites(item, `token '${record.description}' has another ${differing}`)) return;
  if (rows.length > 1) {
    throw importDefect(
      item.line,
      `cannot replace token '${record.description}': two tokens of the hub share its uuid, hash or description`,
    );
  }
  await scope.tx.updateTable('tokens').set(columns).where('id', '=', existing.id).execute();
}
