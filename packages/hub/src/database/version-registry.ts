import type { Selectable } from 'kysely';
import type { Database } from './database.ts';
import { statement } from './statement.ts';
import type { PacticipantsTable, VersionsTable } from './tables/contract-tables.ts';

export type PacticipantRow = Selectable<PacticipantsTable>;
export type VersionRow = Selectable<VersionsTable>;

/** A tag was put on a version that did not have it. */
export interface TaggedVersion {
  readonly pacticipantId: number;
  readonly versionId: number;
  readonly tag: string;
  readonly at: Date;
}

/** The broker's rules about names that mean more than a name. */
export interface RegistryRules {
  /** The first branch or tag of a pacticipant with one of these names becomes its main branch. */
  readonly mainBranchCandidates: readonly string[];
  readonly useFirstTagAsBranch: boolean;
  /** Runs in the same transaction: a tag named like an environment records a deployment. */
  readonly onTagged: (tx: Database, tagged: TaggedVersion) => Promise<void>;
}

/** A tag becomes the branch of a version that is not older than this and has neither. */
const FIRST_TAG_AGE_MS = 10_000;

/**
 * Finds or creates pacticipants, versions, branches and tags by name, inside the transaction it is given. Asking for what is
 * there already changes nothing; every feature that names a version in a request goes through here.
 */
export class VersionRegistry {
  readonly #tx: Database;
  readonly #rules: RegistryRules;

  constructor(tx: Database, rules: RegistryRules) {
    this.#tx = tx;
    this.#rules = rules;
  }

  findPacticipant(name: string): Promise<PacticipantRow | undefined> {
    return pacticipantNamed.first(this.#tx, { name });
  }

  async pacticipant(name: string, at: Date): Promise<PacticipantRow> {
    const known = await this.findPacticipant(name);
    if (known !== undefined) return known;
    const time = at.toISOString();
    return this.#tx
      .insertInto('pacticipants')
      .values({ name, created_at: time, updated_at: time })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ name }))
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  findVersion(pacticipantId: number, number: string): Promise<VersionRow | undefined> {
    return versionNumbered.first(this.#tx, { pacticipantId, number });
  }

  /** `created` tells whether the version is new; its place in the pacticipant's order is the end. */
  async version(
    pacticipant: PacticipantRow,
    number: string,
    at: Date,
  ): Promise<{ readonly row: VersionRow; readonly created: boolean }> {
    const known = await this.findVersion(pacticipant.id, number);
    if (known !== undefined) return { row: known, created: false };
    const time = at.toISOString();
    const row = await newVersion.first(this.#tx, { pacticipantId: pacticipant.id, number, time });
    if (row === undefined) throw new Error(`Version ${number} was not stored.`);
    return { row, created: true };
  }

  /** Null clears the build URL. */
  async setBuildUrl(version: VersionRow, buildUrl: string | null, at: Date): Promise<VersionRow> {
    if (version.build_url === buildUrl) return version;
    return this.#tx
      .updateTable('versions')
      .set({ build_url: buildUrl, updated_at: at.toISOString() })
      .where('id', '=', version.id)
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /** Adds the version to the branch and makes it the head; a version that is on the branch already stays where it is. */
  async addToBranch(
    version: VersionRow,
    branchName: string,
    options: { readonly at: Date; readonly autoCreated?: boolean },
  ): Promise<{ readonly created: boolean }> {
    const time = options.at.toISOString();
    const branch = await this.#branch(version.pacticipant_id, branchName, time);
    const added = await newBranchVersion.first(this.#tx, {
      branchId: branch.id,
      versionId: version.id,
      autoCreated: options.autoCreated === true ? 1 : 0,
      time,
    });
    if (added === undefined) return { created: false };
    await newHead.all(this.#tx, { branchId: branch.id, versionId: version.id });
    return { created: true };
  }

  /** Puts the tag on the version, with all that the broker lets a tag mean. */
  async addTag(
    version: VersionRow,
    name: string,
    at: Date,
  ): Promise<{ readonly created: boolean }> {
    const tagged = {
      pacticipantId: version.pacticipant_id,
      versionId: version.id,
      tag: name,
      at,
    };
    if (await this.#hasTag(version.id, name)) return { created: false };
    if (this.#rules.useFirstTagAsBranch && (await this.#isFirstTag(version, at))) {
      await this.addToBranch(version, name, { at, autoCreated: true });
      await this.#touch(version, at);
    }
    await this.setMainBranch(version.pacticipant_id, name);
    await this.#insertTag(version, name, at);
    await this.#rules.onTagged(this.#tx, tagged);
    return { created: true };
  }

  /** Puts a tag on a version that was rid of its tags before: it names no branch, but may still record a deployment. */
  async replaceTag(version: VersionRow, name: string, at: Date): Promise<void> {
    if (await this.#hasTag(version.id, name)) return;
    await this.#insertTag(version, name, at);
    await this.#rules.onTagged(this.#tx, {
      pacticipantId: version.pacticipant_id,
      versionId: version.id,
      tag: name,
      at,
    });
  }

  /** Sets the main branch when `name` is a candidate and none is set yet. */
  async setMainBranch(pacticipantId: number, name: string): Promise<void> {
    if (!this.#rules.mainBranchCandidates.includes(name)) return;
    await this.#tx
      .updateTable('pacticipants')
      .set({ main_branch: name })
      .where('id', '=', pacticipantId)
      .where('main_branch', 'is', null)
      .execute();
  }

  async #branch(
    pacticipantId: number,
    name: string,
    time: string,
  ): Promise<{ readonly id: number }> {
    const known = await branchNamed.first(this.#tx, { pacticipantId, name });
    if (known !== undefined) return known;
    await this.setMainBranch(pacticipantId, name);
    return this.#tx
      .insertInto('branches')
      .values({ pacticipant_id: pacticipantId, name, created_at: time })
      .onConflict((conflict) => conflict.columns(['pacticipant_id', 'name']).doUpdateSet({ name }))
      .returning('id')
      .executeTakeFirstOrThrow();
  }

  async #insertTag(version: VersionRow, name: string, at: Date): Promise<void> {
    const time = at.toISOString();
    await this.#tx
      .insertInto('tags')
      .values({
        version_id: version.id,
        pacticipant_id: version.pacticipant_id,
        name,
        created_at: time,
        updated_at: time,
      })
      .execute();
  }

  async #hasTag(versionId: number, name: string): Promise<boolean> {
    return (await tagOfVersion.first(this.#tx, { versionId, name })) !== undefined;
  }

  async #isFirstTag(version: VersionRow, at: Date): Promise<boolean> {
    if (at.getTime() - Date.parse(version.created_at) > FIRST_TAG_AGE_MS) return false;
    const tag = await this.#tx
      .selectFrom('tags')
      .select('name')
      .where('version_id', '=', version.id)
      .executeTakeFirst();
    if (tag !== undefined) return false;
    const branch = await this.#tx
      .selectFrom('branch_versions')
      .select('id')
      .where('version_id', '=', version.id)
      .executeTakeFirst();
    return branch === undefined;
  }

  async #touch(version: VersionRow, at: Date): Promise<void> {
    await this.#tx
      .updateTable('versions')
      .set({ updated_at: at.toISOString() })
      .where('id', '=', version.id)
      .execute();
  }
}

const pacticipantNamed = statement((db, { name }: { readonly name: string }) =>
  db.selectFrom('pacticipants').selectAll().where('name', '=', name),
);

interface VersionKey {
  readonly pacticipantId: number;
  readonly number: string;
}

const versionNumbered = statement((db, { pacticipantId, number }: VersionKey) =>
  db
    .selectFrom('versions')
    .selectAll()
    .where('pacticipant_id', '=', pacticipantId)
    .where('number', '=', number),
);

const newVersion = statement(
  (db, { pacticipantId, number, time }: VersionKey & { readonly time: string }) =>
    db
      .insertInto('versions')
      .values({ pacticipant_id: pacticipantId, number, created_at: time, updated_at: time })
      .onConflict((conflict) =>
        conflict.columns(['pacticipant_id', 'number']).doUpdateSet({ number }),
      )
      .returningAll(),
);

interface BranchVersionKey {
  readonly branchId: number;
  readonly versionId: number;
}

const newBranchVersion = statement(
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

const newHead = statement((db, { branchId, versionId }: BranchVersionKey) =>
  db.updateTable('branches').set({ head_version_id: versionId }).where('id', '=', branchId),
);

const branchNamed = statement(
  (db, { pacticipantId, name }: { readonly pacticipantId: number; readonly name: string }) =>
    db
      .selectFrom('branches')
      .select('id')
      .where('pacticipant_id', '=', pacticipantId)
      .where('name', '=', name),
);

const tagOfVersion = statement(
  (db, { versionId, name }: { readonly versionId: number; readonly name: string }) =>
    db
      .selectFrom('tags')
      .select('name')
      .where('version_id', '=', versionId)
      .where('name', '=', name),
);
