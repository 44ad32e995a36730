import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';

export interface PlaceFilter {
  readonly environment?: string | undefined;
  readonly pacticipant?: string | undefined;
}

/** A deployment or release as the broker keeps it. */
export interface KeptPlacement {
  readonly pacticipant: string;
  readonly version: string;
  readonly environment: string;
  readonly how: 'deployed' | 'released';
  readonly applicationInstance: string;
  /** UTC, ISO 8601. */
  readonly since: string;
  /** null while it holds. */
  readonly until: string | null;
}

export interface VersionName {
  readonly pacticipant: string;
  readonly version: string;
}

export interface BrokerVersion extends VersionName {
  /** It published a pact or a provider contract, or was verified against one. */
  readonly hasContracts: boolean;
}

/** Really seen calls, and what they stand for, of a version on either side of them. */
export interface VersionCalls extends VersionName {
  readonly calls: number;
  readonly sampled: number;
}

const NAMES_AT_ONCE = 200;

/** Reads records of what runs where, and how much of it was called. It writes nothing. */
export class DeploymentFactsStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Names of the environments that were created. */
  async environments(): Promise<ReadonlySet<string>> {
    const rows = await this.#db.selectFrom('environments').select('name').execute();
    return new Set(rows.map(({ name }) => name));
  }

  /** What holds now. */
  async current(filter: PlaceFilter): Promise<readonly KeptPlacement[]> {
    let query = this.#placements().where('placed.until', 'is', null);
    if (filter.environment !== undefined) query = query.where('e.name', '=', filter.environment);
    if (filter.pacticipant !== undefined) query = query.where('p.name', '=', filter.pacticipant);
    return (await query.execute()).map(placement);
  }

  /** What held once, of these versions. */
  async ended(versions: readonly VersionName[]): Promise<readonly KeptPlacement[]> {
    const found: KeptPlacement[] = [];
    for (const some of inPieces(versions)) {
      const rows = await this.#placements()
        .where('placed.until', 'is not', null)
        .where(({ or, and, eb }) =>
          or(
            some.map(({ pacticipant, version }) =>
              and([eb('p.name', '=', pacticipant), eb('v.number', '=', version)]),
            ),
          ),
        )
        .execute();
      found.push(...rows.map(placement));
    }
    return found;
  }

  /** Those of the versions that the broker knows. */
  async known(versions: readonly VersionName[]): Promise<readonly BrokerVersion[]> {
    const found: BrokerVersion[] = [];
    for (const some of inPieces(versions)) {
      const rows = await this.#db
        .selectFrom('versions as v')
        .innerJoin('pacticipants as p', 'p.id', 'v.pacticipant_id')
        .select(['p.name as pacticipant', 'v.number as version', hasContracts.as('contracts')])
        .where(({ or, and, eb }) =>
          or(
            some.map(({ pacticipant, version }) =>
              and([eb('p.name', '=', pacticipant), eb('v.number', '=', version)]),
            ),
          ),
        )
        .execute();
      for (const { contracts, ...version } of rows) {
        found.push({ ...version, hasContracts: Number(contracts) === 1 });
      }
    }
    return found;
  }

  /** By version, of one pacticipant or of all, from a minute of the epoch on. */
  async calls(
    since: number,
    { environment, pacticipant }: { readonly environment: string; readonly pacticipant?: string },
  ): Promise<readonly VersionCalls[]> {
    const of = (side: 'consumer' | 'provider') => {
      const query = this.#db
        .selectFrom('call_counts')
        .select([
          sql.ref<string>(side).as('pacticipant'),
          sql.ref<string>(`${side}_version`).as('version'),
        ])
        .select(({ fn }) => [
          fn.sum<number>('calls').as('calls'),
          fn.sum<number>('sampled').as('sampled'),
        ])
        .where('bucket', '>=', Math.max(1, since))
        .where('environment', '=', environment)
        .groupBy([side, `${side}_version`]);
      return pacticipant === undefined ? query : query.where(side, '=', pacticipant);
    };
    const sums = new Map<string, VersionCalls>();
    for (const row of [...(await of('consumer').execute()), ...(await of('provider').execute())]) {
      const key = `${row.pacticipant}\n${row.version}`;
      const known = sums.get(key);
      sums.set(key, {
        ...{ pacticipant: row.pacticipant, version: row.version },
        calls: (known?.calls ?? 0) + Number(row.calls),
        sampled: (known?.sampled ?? 0) + Number(row.sampled),
      });
    }
    return [...sums.values()];
  }

  #placements() {
    const deployed = this.#db
      .selectFrom('deployed_versions')
      .select([
        'version_id',
        'environment_id',
        'application_instance',
        'created_at as since',
        'undeployed_at as until',
        sql<string>`'deployed'`.as('how'),
      ]);
    const released = this.#db
      .selectFrom('released_versions')
      .select([
        'version_id',
        'environment_id',
        sql<string>`''`.as('application_instance'),
        'created_at as since',
        'support_ended_at as until',
        sql<string>`'released'`.as('how'),
      ]);
    return this.#db
      .selectFrom(deployed.unionAll(released).as('placed'))
      .innerJoin('versions as v', 'v.id', 'placed.version_id')
      .innerJoin('pacticipants as p', 'p.id', 'v.pacticipant_id')
      .innerJoin('environments as e', 'e.id', 'placed.environment_id')
      .select([
        'p.name as pacticipant',
        'v.number as version',
        'e.name as environment',
        'placed.how',
        'placed.application_instance as applicationInstance',
        'placed.since',
        'placed.until',
      ])
      .orderBy('placed.since')
      .orderBy('v.id');
  }
}

const hasContracts = sql<number>`case when
  exists (select 1 from pact_publications pp where pp.consumer_id = v.pacticipant_id and pp.consumer_version_id = v.id)
  or exists (select 1 from provider_contracts pc where pc.provider_id = v.pacticipant_id and pc.version_id = v.id)
  or exists (select 1 from verifications ve where ve.provider_version_id = v.id)
  then 1 else 0 end`;

function placement<Row extends Omit<KeptPlacement, 'how'> & { readonly how: string }>(
  row: Row,
): KeptPlacement {
  return { ...row, how: row.how === 'released' ? 'released' : 'deployed' };
}

function inPieces<T>(items: readonly T[]): readonly (readonly T[])[] {
  const pieces: T[][] = [];
  for (let at = 0; at < items.length; at += NAMES_AT_ONCE) {
    pieces.push(items.slice(at, at + NAMES_AT_ONCE));
  }
  return pieces;
}
