import {
  type InsightsClient,
  InsightsError,
  type OperationUsage,
  type UsageQuery,
} from '@concordat/api';
import { CliError } from '../terminal/cli-error.ts';

const PAGE_SIZE = 100;

/** All operations that fit, from every page the hub has. */
export async function listUsage(
  insights: Pick<InsightsClient, 'usage'>,
  query: UsageQuery,
): Promise<readonly OperationUsage[]> {
  const all: OperationUsage[] = [];
  try {
    for (let page = 1; ; page += 1) {
      const { operations, page: at } = await insights.usage({ ...query, page, size: PAGE_SIZE });
      all.push(...operations);
      if (operations.length === 0 || page >= at.totalPages) return all;
    }
  } catch (error) {
    throw error instanceof InsightsError ? new CliError(error.message, { cause: error }) : error;
  }
}
