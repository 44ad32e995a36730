import type { Database } from '../database/database.ts';

/** More names than this are forgotten and asked for again. */
const REMEMBERED = 200_000;
const KEYS_AT_ONCE = 100;

export interface VersionKey {
  readonly pacticipant: string;
  readonly number: string;
}

export interface ContentKey {
  readonly consumer: string;
  readonly provider: string;
  readonly sha: string;
}

/** Ids by name while an import is written: asked for once for many records, remembered within bounds. */
export class KnownIdStore {
  readonly #tx: Database;
  readonly #pacticipants = new Map<string, number>();
  readonly #environments = new Map<string, number>();
  readonly #versions = new Map<string, number>();
  readonly #branches = new Map<string, number>();
  readonly #contents = new Map<string, number>();

  constructor(tx: Database) {
    this.#tx = tx;
  }

  pacticipant(name: string): number | undefined {
    return this.#pacticipants.get(name);
  }

  environment(name: string): number | undefined {
    return this.#environments.get(name);
  }

  version(key: VersionKey): number | undefined {
    return this.#versions.get(versionKey(this.pacticipant(key.pacticipant), key.number));
  }

  branch(pacticipant: string, name: string): number | undefined {
    return this.#branches.get(versionKey(this.pacticipant(pacticipant), name));
  }

  content(key: ContentKey): number | undefined {
    return this.#contents.get(
      contentKey(this.pacticipant(key.consumer), this.pacticipant(key.provider), key.sha),
    );
  }

  /** To be called between batches: what one batch has found it keeps. */
  stayWithinBounds(): void {
    for (const known of [this.#versions, this.#branches, this.#contents]) {
      if (known.size > REMEMBERED) known.clear();
    }
  }

  /** Forgets what it knows of environments, because one of them may be another now. */
  forgetEnvironments(): void {
    this.#environments.clear();
  }

  async findPacticipants(names: Iterable<string>): Promise<void> {
    const missing = missingFrom(this.#pacticipants, names);
    if (missing.length === 0) return;
    const rows = await this.#tx
      .selectFrom('pacticipants')
      .select(['id', 'name'])
      .where('name', 'in', missing)
      .execute();
    for (const { id, name } of rows) this.#pacticipants.set(name, id);
  }

  async findEnvironments(names: Iterable<string>): Promise<void> {
    const missing = missingFrom(this.#environments, names);
    if (missing.length === 0) return;
    const rows = await this.#tx
      .selectFrom('environments')
      .select(['id', 'name'])
      .where('name', 'in', missing)
      .execute();
    for (const { id, name } of rows) this.#environments.set(name, id);
  }

  async findVersions(keys: readonly VersionKey[]): Promise<void> {
    await this.findPacticipants(keys.map((key) => key.pacticipant));
    const missing = keys.filter((key) => this.version(key) === undefined);
    for (const some of piecesOf(missing)) {
      const rows = await this.#tx
        .selectFrom('versions')
        .select(['id', 'pacticipant_id', 'number'])
        .where((where) =>
          where.or(
            some.map((key) =>
              where.and([
                where('pacticipant_id', '=', this.#idOf(key.pacticipant)),
                where('number', '=', key.number),
              ]),
            ),
          ),
        )
        .execute();
      for (const row of rows) this.rememberVersion(row);
    }
  }

  async findBranches(keys: readonly { pacticipant: string; branch: string }[]): Promise<void> {
    await this.findPacticipants(keys.map((key) => key.pacticipant));
    const missing = keys.filter((key) => this.branch(key.pacticipant, key.branch) === undefined);
    for (const some of piecesOf(missing)) {
      const rows = await this.#tx
        .selectFrom('branches')
        .select(['id', 'pacticipant_id', 'name'])
        .where((where) =>
          where.or(
            some.map((key) =>
              where.and([
                where('pacticipant_id', '=', this.#idOf(key.pacticipant)),
                where('name', '=', key.branch),
              ]),
            ),
          ),
        )
        .execute();
      for (const row of rows) this.#branches.set(versionKey(row.pacticipant_id, row.name), row.id);
    }
  }

  async findContents(keys: readonly ContentKey[]): Promise<void> {
    await this.findPacticipants(keys.flatMap((key) => [key.consumer, key.provider]));
    const missing = keys.filter((key) => this.content(key) === undefined);
    for (const some of piecesOf(missing)) {
      const rows = await this.#tx
        .selectFrom('pact_versions')
        .select(['id', 'consumer_id', 'provider_id', 'sha'])
        .where((where) =>
          where.or(
            some.map((key) =>
              where.and([
                where('provider_id', '=', this.#idOf(key.provider)),
                where('consumer_id', '=', this.#idOf(key.consumer)),
                where('sha', '=', key.sha),
              ]),
            ),
          ),
        )
        .execute();
      for (const row of rows) this.rememberContent(row);
    }
  }

  rememberVersion(row: { id: number; pacticipant_id: number; number: string }): void {
    this.#versions.set(versionKey(row.pacticipant_id, row.number), row.id);
  }

  rememberContent(row: {
    id: number;
    consumer_id: number;
    provider_id: number;
    sha: string;
  }): void {
    this.#contents.set(contentKey(row.consumer_id, row.provider_id, row.sha), row.id);
  }

  /** For a question: one that no row has when the pacticipant is not known. */
  #idOf(name: string): number {
    return this.pacticipant(name) ?? 0;
  }
}

/** One index look-up for each key: lists of ids and of names beside each other would be asked for in every combination. */
function* piecesOf<T>(keys: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
    yield keys.slice(start, start + KEYS_AT_ONCE);
  }
}

function versionKey(pacticipantId: number | undefined, name: string): string {
  return `${pacticipantId}/${name}`;
}

function contentKey(
  consumerId: number | undefined,
  providerId: number | undefined,
  sha: string,
): string {
  return `${consumerId}/${providerId}/${sha}`;
}

function missingFrom(known: ReadonlyMap<string, number>, names: Iterable<string>): string[] {
  return [...new Set(names)].filter((name) => !known.has(name));
}
