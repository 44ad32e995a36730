import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Tables } from '../database/tables.ts';

/** Narrows publications down; what is not given does not narrow. `branch: 'main branch'` is the consumer's own main branch. */
export interface PactFilter {
  readonly consumerId?: number;
  readonly providerId?: number;
  readonly version?: string;
  readonly sha?: string;
  /** Also publications whose consumer version published something else for the provider since. */
  readonly overwritten?: boolean;
  readonly tag?: string;
  readonly branch?: string;
  readonly mainBranch?: boolean;
  readonly untagged?: boolean;
  readonly beforeVersionId?: number;
  readonly otherThanSha?: string;
}

type Publications = Tables & {
  readonly p: Tables['pact_publications'];
  readonly v: Tables['versions'];
  readonly c: Tables['pacticipants'];
  readonly r: Tables['pacticipants'];
  readonly content: Tables['pact_versions'];
};
export type PublicationExpressions = ExpressionBuilder<
  Publications,
  'p' | 'v' | 'c' | 'r' | 'content'
>;

/** The filter as conditions on publications `p` of version `v`, consumer `c`, provider `r` and `content`. */
export function pactConditions(
  where: PublicationExpressions,
  filter: PactFilter,
): Expression<SqlBool>[] {
  const result: Expression<SqlBool>[] = [];
  if (filter.providerId !== undefined) result.push(where('p.provider_id', '=', filter.providerId));
  if (filter.consumerId !== undefined) result.push(where('p.consumer_id', '=', filter.consumerId));
  if (filter.version !== undefined) result.push(where('v.number', '=', filter.version));
  if (filter.sha !== undefined) result.push(where('content.sha', '=', filter.sha));
  if (filter.otherThanSha !== undefined)
    result.push(where('content.sha', '!=', filter.otherThanSha));
  if (filter.beforeVersionId !== undefined) {
    result.push(where('p.consumer_version_id', '<', filter.beforeVersionId));
  }
  return [...result, ...labelConditions(where, filter)];
}

function labelConditions(where: PublicationExpressions, filter: PactFilter): Expression<SqlBool>[] {
  const result: Expression<SqlBool>[] = [];
  const tags = where
    .selectFrom('tags')
    .select('tags.name')
    .whereRef('tags.version_id', '=', 'p.consumer_version_id');
  if (filter.tag !== undefined) result.push(where.exists(tags.where('tags.name', '=', filter.tag)));
  if (filter.untagged === true) result.push(where.not(where.exists(tags)));
  const branches = where
    .selectFrom('branch_versions')
    .innerJoin('branches', 'branches.id', 'branch_versions.branch_id')
    .select('branches.name')
    .whereRef('branch_versions.version_id', '=', 'p.consumer_version_id');
  if (filter.mainBranch === true) {
    result.push(where.exists(branches.whereRef('branches.name', '=', 'c.main_branch')));
  } else if (filter.branch !== undefined) {
    result.push(where.exists(branches.where('branches.name', '=', filter.branch)));
  }
  return result;
}
