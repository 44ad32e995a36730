import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { statement } from '../database/statement.ts';

/** A version and the label (branch, tag or environment) it was found by. */
export interface LabelledVersion {
  readonly versionId: number;
  readonly label: string;
}

/** What names versions of some pacticipants, in the order it is shown. */
export interface LabelledVersions {
  readonly branch: readonly LabelledVersion[];
  readonly tag: readonly LabelledVersion[];
  readonly deployed: readonly LabelledVersion[];
  readonly released: readonly LabelledVersion[];
}

export interface AskedLabels {
  readonly consumers: readonly number[];
  /** The heads of all branches and the newest versions of all tags. */
  readonly heads: boolean;
  /** What is deployed or released now. */
  readonly running: boolean;
}

/** Reads with one query what several selectors are about; what was not asked for is empty. */
export async function readLabelledVersions(
  db: Database,
  asked: AskedLabels,
): Promise<LabelledVersions> {
  const rows = await labelledVersions.all(db, asked);
  const of = (kind: string): LabelRow[] => rows.filter((row) => row.kind === kind);
  return {
    branch: of('branch').sort(byPlace),
    tag: of('tag').sort((a, b) => Number(a.label > b.label) - Number(a.label < b.label)),
    deployed: of('deployed').sort(byPlace),
    released: of('released').sort(byPlace),
  };
}

interface LabelRow extends LabelledVersion {
  readonly kind: string;
  readonly first: number;
  readonly second: number;
}

function byPlace(a: LabelRow, b: LabelRow): number {
  return a.first - b.first || a.second - b.second;
}

const labelledVersions = statement((db, { consumers, heads, running }: AskedLabels) => {
  const headsOf = () => branchHeads(db, consumers).unionAll(tagHeads(db, consumers));
  const runningOf = () => deployedNow(db, consumers).unionAll(supportedNow(db, consumers));
  if (heads && running) {
    return headsOf().unionAll(deployedNow(db, consumers)).unionAll(supportedNow(db, consumers));
  }
  return heads ? headsOf() : runningOf();
});

function branchHeads(db: Database, consumers: readonly number[]) {
  return db
    .selectFrom('branches')
    .select([sql.lit<string>('branch').as('kind'), 'head_version_id as versionId'])
    .select(['name as label', 'id as first', sql.lit(0).as('second')])
    .where('pacticipant_id', 'in', consumers)
    .where('head_version_id', 'is not', null)
    .$castTo<LabelRow>();
}

function tagHeads(db: Database, consumers: readonly number[]) {
  return db
    .selectFrom('tags')
    .select((select) => [
      sql.lit<string>('tag').as('kind'),
      select.fn.max('version_id').as('versionId'),
    ])
    .select(['name as label', sql.lit(0).as('first'), sql.lit(0).as('second')])
    .where('pacticipant_id', 'in', consumers)
    .groupBy(['pacticipant_id', 'name'])
    .$castTo<LabelRow>();
}

function deployedNow(db: Database, consumers: readonly number[]) {
  return db
    .selectFrom('deployed_versions as d')
    .innerJoin('environments as e', 'e.id', 'd.environment_id')
    .select([sql.lit<string>('deployed').as('kind'), 'd.version_id as versionId'])
    .select(['e.name as label', 'e.id as first', 'd.id as second'])
    .where('d.pacticipant_id', 'in', consumers)
    .where('d.undeployed_at', 'is', null)
    .$castTo<LabelRow>();
}

function supportedNow(db: Database, consumers: readonly number[]) {
  return db
    .selectFrom('released_versions as r')
    .innerJoin('environments as e', 'e.id', 'r.environment_id')
    .select([sql.lit<string>('released').as('kind'), 'r.version_id as versionId'])
    .select(['e.name as label', 'e.id as first', 'r.id as second'])
    .where('r.pacticipant_id', 'in', consumers)
    .where('r.support_ended_at', 'is', null)
    .$castTo<LabelRow>();
}
