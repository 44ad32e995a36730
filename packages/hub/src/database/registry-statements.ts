// Hot path: every publication and every result runs these.
import { statement } from './statement.ts';

const pacticipantColumns = [
  'id',
  'name',
  'display_name',
  'repository_url',
  'repository_name',
  'repository_namespace',
  'main_branch',
  'created_at',
  'updated_at',
] as const;

const versionColumns = [
  'id',
  'pacticipant_id',
  'number',
  'build_url',
  'created_at',
  'updated_at',
] as const;

export const pacticipantsNamed = statement((db, { names }: { readonly names: readonly string[] }) =>
  db.selectFrom('pacticipants').select(pacticipantColumns).where('name', 'in', names),
);

interface VersionKey {
  readonly pacticipantId: number;
  readonly number: string;
}

/** Changes nothing, but PostgreSQL lets nobody else touch the row until the transaction ends. */
export const heldVersion = statement((db, { pacticipantId, number }: VersionKey) =>
  db
    .updateTable('versions')
    .set((set) => ({ updated_at: set.ref('updated_at') }))
    .where('pacticipant_id', '=', pacticipantId)
    .where('number', '=', number)
    .returning(versionColumns),
);

export const newVersion = statement(
  (db, { pacticipantId, number, time }: VersionKey & { readonly time: string }) =>
    db
      .insertInto('versions')
      .values({ pacticipant_id: pacticipantId, number, created_at: time, updated_at: time })
      .onConflict((conflict) => conflict.columns(['pacticipant_id', 'number']).doNothing())
      .returning(versionColumns),
);

interface BranchVersionKey {
  readonly branchId: number;
  readonly versionId: number;
}

export const newBranchVersion = statement(
  (db, row: BranchVersionKey & { readonly autoCreated: number; readonly time: string }) =>
    db
      .insertInto('branch_versions')
      .values({
        branch_id: row.branchId,
        version_id: row.versionId,
        auto_created: row.autoCreated,
        created_at: row.time,
        updated_at: row.time,
      })
      .onConflict((conflict) => conflict.columns(['branch_id', 'version_id']).doNothing())
      .returning('id'),
);

/** A branch by its name. */
export interface BranchKey {
  readonly pacticipantId: number;
  readonly name: string;
}

export const newHead = statement(
  (db, { pacticipantId, name, versionId }: BranchKey & { readonly versionId: number }) =>
    db
      .updateTable('branches')
      .set({ head_version_id: versionId })
      .where('pacticipant_id', '=', pacticipantId)
      .where('name', '=', name)
      .returning('id'),
);

export const newBranch = statement(
  (db, row: BranchKey & { readonly versionId: number; readonly time: string }) =>
    db
      .insertInto('branches')
      .values({
        pacticipant_id: row.pacticipantId,
        name: row.name,
        head_version_id: row.versionId,
        created_at: row.time,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['pacticipant_id', 'name'])
          .doUpdateSet({ head_version_id: row.versionId }),
      )
      .returning('id'),
);

export const branchOfVersion = statement(
  (db, { pacticipantId, name, versionId }: BranchKey & { readonly versionId: number }) =>
    db
      .selectFrom('branches')
      .innerJoin('branch_versions', 'branch_versions.branch_id', 'branches.id')
      .select('branches.id')
      .where('branches.pacticipant_id', '=', pacticipantId)
      .where('branches.name', '=', name)
      .where('branch_versions.version_id', '=', versionId),
);

export const tagOfVersion = statement(
  (db, { versionId, name }: { readonly versionId: number; readonly name: string }) =>
    db
      .selectFrom('tags')
      .select('name')
      .where('version_id', '=', versionId)
      .where('name', '=', name),
);
