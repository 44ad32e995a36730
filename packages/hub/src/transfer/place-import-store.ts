import type { TransferRecordOf } from '@concordat/api';
import { importDefect } from './import-defect.ts';
import { type ImportScope, idOr, type Numbered } from './import-scope.ts';
import { idOfPacticipant, idOfVersion } from './version-import-store.ts';

type DeployedItem = Numbered<TransferRecordOf<'deployedVersion'>>;
type ReleasedItem = Numbered<TransferRecordOf<'releasedVersion'>>;

/**
 * Writes a deployment, known by its uuid. One that the file says has ended ends; one that has ended in the hub stays so. A
 * current one where the hub has another current one is a conflict, of which overwriting keeps the file's.
 */
export async function importDeployedVersion(scope: ImportScope, item: DeployedItem): Promise<void> {
  const { record } = item;
  const place = await placeOf(scope, item);
  const known = await scope.tx
    .selectFrom('deployed_versions')
    .select(['id', 'version_id', 'environment_id', 'undeployed_at'])
    .where('uuid', '=', record.uuid)
    .executeTakeFirst();
  if (known !== undefined) {
    samePlace(item, known, place);
    if (known.undeployed_at === null && record.undeployedAt !== undefined) {
      await scope.tx
        .updateTable('deployed_versions')
        .set({ undeployed_at: record.undeployedAt, updated_at: record.updatedAt })
        .where('id', '=', known.id)
        .execute();
      scope.count('deployedVersion', 'updated');
    } else {
      scope.count('deployedVersion', 'unchanged');
    }
    return;
  }
  if (record.undeployedAt !== undefined || (await isFree(scope, item, place))) {
    await scope.tx
      .insertInto('deployed_versions')
      .values({
        ...place,
        uuid: record.uuid,
        application_instance: record.applicationInstance,
        undeployed_at: record.undeployedAt ?? null,
        created_at: record.createdAt,
        updated_at: record.updatedAt,
      })
      .execute();
  }
}

interface Place {
  readonly version_id: number;
  readonly pacticipant_id: number;
  readonly environment_id: number;
}

/** Counts the record, and makes room for it where it overwrites; false when it is not to be written. */
async function isFree(scope: ImportScope, item: DeployedItem, place: Place): Promise<boolean> {
  const { record } = item;
  const current = await scope.tx
    .selectFrom('deployed_versions')
    .select('id')
    .where('environment_id', '=', place.environment_id)
    .where('pacticipant_id', '=', place.pacticipant_id)
    .where('application_instance', '=', record.applicationInstance)
    .where('undeployed_at', 'is', null)
    .executeTakeFirst();
  if (current === undefined) {
    scope.count('deployedVersion', 'created');
    return true;
  }
  const detail = `another version of '${record.pacticipant}' is deployed in '${record.environment}'`;
  if (!scope.overwrites(item, detail)) return false;
  await scope.tx
    .updateTable('deployed_versions')
    .set({ undeployed_at: record.createdAt, updated_at: record.createdAt })
    .where('id', '=', current.id)
    .execute();
  return true;
}

/** Writes a release; a version is released to an environment once. One that the file says is no longer supported ends. */
export async function importReleasedVersion(scope: ImportScope, item: ReleasedItem): Promise<void> {
  const { record } = item;
  const place = await placeOf(scope, item);
  const known = await scope.tx
    .selectFrom('released_versions')
    .select(['id', 'version_id', 'environment_id', 'support_ended_at'])
    .where((where) =>
      where.or([
        where('uuid', '=', record.uuid),
        where.and([
          where('version_id', '=', place.version_id),
          where('environment_id', '=', place.environment_id),
        ]),
      ]),
    )
    .executeTakeFirst();
  if (known === undefined) {
    await scope.tx
      .insertInto('released_versions')
      .values({
        ...place,
        uuid: record.uuid,
        support_ended_at: record.supportEndedAt ?? null,
        created_at: record.createdAt,
        updated_at: record.updatedAt,
      })
      .execute();
    scope.count('releasedVersion', 'created');
    return;
  }
  samePlace(item, known, place);
  if (known.support_ended_at !== null || record.supportEndedAt === undefined) {
    scope.count('releasedVersion', 'unchanged');
    return;
  }
  await scope.tx
    .updateTable('released_versions')
    .set({ support_ended_at: record.supportEndedAt, updated_at: record.updatedAt })
    .where('id', '=', known.id)
    .execute();
  scope.count('releasedVersion', 'updated');
}

async function placeOf(scope: ImportScope, item: DeployedItem | ReleasedItem): Promise<Place> {
  const { pacticipant, version, environment } = item.record;
  await scope.known.findEnvironments([environment]);
  await scope.known.findVersions([{ pacticipant, number: version }]);
  return {
    version_id: idOfVersion(scope, item, { pacticipant, number: version }),
    pacticipant_id: idOfPacticipant(scope, item, pacticipant),
    environment_id: idOr(
      scope.known.environment(environment),
      item,
      `the environment '${environment}'`,
    ),
  };
}

function samePlace(
  item: DeployedItem | ReleasedItem,
  known: { readonly version_id: number; readonly environment_id: number },
  place: Place,
): void {
  if (known.version_id === place.version_id && known.environment_id === place.environment_id) {
    return;
  }
  throw importDefect(
    item.line,
    `has the uuid ${item.record.uuid}, which in the hub names another version or environment`,
  );
}
