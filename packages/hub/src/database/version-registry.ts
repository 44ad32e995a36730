import type { Selectable } from 'kysely';
import type { Database } from './database.ts';
import {
  type BranchKey,
  branchOfVersion,
  heldVersion,
  newBranch,
  newBranchVersion,
  newHead,
  newVersion,
  pacticipantsNamed,
  tagOfVersion,
} from './registry-statements.ts';
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
  /** A tag becomes the branch of a version that has neither, and is not older than `firstTagSeconds`. */
  readonly useFirstTagAsBranch: boolean;
  readonly firstTagSeconds: number;
  /** Runs in the same transaction: a tag named like an environment records a deployment. */
  readonly onTagged: (tx: Database, tagged: TaggedVersion) => Promise<void>;
}

/**
 * Finds or creates pacticipants, versions, branches and tags by name, inside the transaction it is given. Asking for what is
 * there already changes nothing; every feature that names a version in a request goes through here.
 */
export class VersionRegistry {
  readonly #tx: Database;
  readonly #rules: RegistryRules;
  /** One request names the same pacticipants many times. */
  readonly #pacticipants = new Map<string, PacticipantRow>();
  readonly #createdVersions = new Set<number>();

  constructor(tx: Database, rules: RegistryRules) {
    this.#tx = tx;
    this.#rules = rules;
  }

  /** Those of the names that nobody has. */
  async unknownNames(names: readonly string[]): Promise<readonly string[]> {
    const wanted = [...new Set(names)].filter((name) => !this.#pacticipants.has(name));
    const rows =
      wanted.length === 0 ? [] : await pacticipantsNamed.all(this.#tx, { names: wanted });
    for (const row of rows) this.#pacticipants.set(row.name, row);
    return wanted.filter((name) => !this.#pacticipants.has(name));
  }

  async pacticipant(name: string, at: Date): Promise<PacticipantRow> {
    const [row] = await this.pacticipants([name], at);
    if (row === undefined) throw new Error(`Pacticipant ${name} was not stored.`);
    return row;
  }

  /** In the order of the names. Name all that a request creates at once: writers that do so never wait for each other in a circle. */
  async pacticipants(names: readonly string[], at: Date): Promise<readonly PacticipantRow[]> {
    const time = at.toISOString();
    const unknown = await this.unknownNames(names);
    if (unknown.length > 0) {
      const created = await this.#tx
        .insertInto('pacticipants')
        .values([...unknown].sort().map((name) => ({ name, created_at: time, updated_at: time })))
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returningAll()
        .execute();
      for (const row of created) this.#pacticipants.set(row.name, row);
      // What somebody else created meanwhile was not among the answers.
      if (created.length < unknown.length) await this.unknownNames(unknown);
    }
    return names.flatMap((name) => this.#pacticipants.get(name) ?? []);
  }

  /**
   * `created` tells whether the version is new; its place in the pacticipant's order is the end. Until the transaction ends nobody
   * else can write about the version, in another hub either.
   */
  async version(
    pacticipant: PacticipantRow,
    number: string,
    at: Date,
  ): Promise<{ readonly row: VersionRow; readonly created: boolean }> {
    const key = { pacticipantId: pacticipant.id, number };
    for (;;) {
      const added = await newVersion.first(this.#tx, { ...key, time: at.toISOString() });
      if (added !== undefined) {
        this.#createdVersions.add(added.id);
        return { row: added, created: true };
      }
      // Neither is there when another hub takes the version away between the two.
      const known = await heldVersion.first(this.#tx, key);
      if (known !== undefined) return { row: known, created: false };
    }
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
    const branch = { pacticipantId: version.pacticipant_id, name: branchName };
    if (await this.#isOnBranch(version.id, branch)) return { created: false };
    const added = await newBranchVersion.first(this.#tx, {
      // The head comes first: it holds the branch, so that rows are added in the order of heads.
      branchId: await this.#moveHead(version.id, branch, time),
      versionId: version.id,
      autoCreated: options.autoCreated === true ? 1 : 0,
      time,
    });
    return { created: added !== undefined };
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
    await this.#setMainBranch(version.pacticipant_id, name, at.toISOString());
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
  async #setMainBranch(pacticipantId: number, name: string, time: string): Promise<void> {
    if (!this.#rules.mainBranchCandidates.includes(name)) return;
    await this.#tx
      .updateTable('pacticipants')
      .set({ main_branch: name, updated_at: time })
      .where('id', '=', pacticipantId)
      .where('main_branch', 'is', null)
      .execute();
    this.#pacticipants.clear();
  }

  /** Nobody asks about a version that was just created: to be added once more changes nothing. */
  async #isOnBranch(versionId: number, branch: BranchKey): Promise<boolean> {
    if (this.#createdVersions.has(versionId)) return false;
    return (await branchOfVersion.first(this.#tx, { ...branch, versionId })) !== undefined;
  }

  /** Answers the branch's id; the branch is created when it is not there. */
  async #moveHead(versionId: number, branch: BranchKey, time: string): Promise<number> {
    const moved = await newHead.first(this.#tx, { ...branch, versionId });
    if (moved !== undefined) return moved.id;
    await this.#setMainBranch(branch.pacticipantId, branch.name, time);
    const created = await newBranch.first(this.#tx, { ...branch, versionId, time });
    if (created === undefined) throw new Error(`Branch ${branch.name} was not stored.`);
    return created.id;
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
    const age = at.getTime() - Date.parse(version.created_at);
    if (age > this.#rules.firstTagSeconds * 1000) return false;
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
