import type { Database } from '../database/database.ts';

/** A version that a branch, tag or environment names, with a pact or without. */
export interface NamedVersion {
  readonly consumerId: number;
  readonly label: string;
  readonly number: string;
}

/** A version in an environment, deployed or released. */
export type PlacedVersion = NamedVersion & { readonly how: 'deployed' | 'released' };

/** Finds what selectors name without asking whether it has a pact, each thing once: only to explain why they pick nothing. */
export class LabelStore {
  readonly #db: Database;
  readonly #consumers: readonly number[];
  readonly #read = new Map<string, Promise<unknown>>();

  constructor(db: Database, consumers: readonly number[]) {
    this.#db = db;
    this.#consumers = consumers;
  }

  branchHeads(): Promise<readonly NamedVersion[]> {
    return this.#once('branches', () => this.#branchHeads());
  }

  /** The newest first. */
  tagged(tag: string): Promise<readonly NamedVersion[]> {
    return this.#once(`tag ${tag}`, () => this.#tagged(tag));
  }

  placed(): Promise<readonly PlacedVersion[]> {
    return this.#once('placed', () => this.#placed());
  }

  #once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const reading = this.#read.get(key) ?? read();
    this.#read.set(key, reading);
    return reading as Promise<T>;
  }

  #branchHeads(): Promise<readonly NamedVersion[]> {
    return this.#db
      .selectFrom('branches as b')
      .innerJoin('versions as v', 'v.id', 'b.head_version_id')
      .select(['b.pacticipant_id as consumerId', 'b.name as label', 'v.number'])
      .where('b.pacticipant_id', 'in', this.#consumers)
      .orderBy('b.id')
      .execute();
  }

  #tagged(tag: string): Promise<readonly NamedVersion[]> {
    return this.#db
      .selectFrom('tags as t')
      .innerJoin('versions as v', 'v.id', 't.version_id')
      .select(['t.pacticipant_id as consumerId', 't.name as label', 'v.number'])
      .where('t.pacticipant_id', 'in', this.#consumers)
      .where('t.name', '=', tag)
      .orderBy('t.version_id', 'desc')
      .execute();
  }

  async #placed(): Promise<readonly PlacedVersion[]> {
    const deployed = await this.#db
      .selectFrom('deployed_versions as d')
      .innerJoin('environments as e', 'e.id', 'd.environment_id')
      .innerJoin('versions as v', 'v.id', 'd.version_id')
      .select(['d.pacticipant_id as consumerId', 'e.name as label', 'v.number'])
      .where('d.pacticipant_id', 'in', this.#consumers)
      .where('d.undeployed_at', 'is', null)
      .orderBy('d.id')
      .execute();
    const released = await this.#db
      .selectFrom('released_versions as r')
      .innerJoin('environments as e', 'e.id', 'r.environment_id')
      .innerJoin('versions as v', 'v.id', 'r.version_id')
      .select(['r.pacticipant_id as consumerId', 'e.name as label', 'v.number'])
      .where('r.pacticipant_id', 'in', this.#consumers)
      .where('r.support_ended_at', 'is', null)
      .orderBy('r.id')
      .execute();
    return [
      ...deployed.map((row) => ({ ...row, how: 'deployed' as const })),
      ...released.map((row) => ({ ...row, how: 'released' as const })),
    ];
  }
}
