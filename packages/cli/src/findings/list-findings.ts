import type { FindingResource, FindingsQuery, InsightsClient } from '@concordat/api';

const PAGE_SIZE = 100;

/** All findings that fit, from every page the hub has. */
export async function listFindings(
  insights: InsightsClient,
  query: FindingsQuery,
): Promise<readonly FindingResource[]> {
  const all: FindingResource[] = [];
  for (let page = 1; ; page += 1) {
    const { findings, page: at } = await insights.findings({ ...query, page, size: PAGE_SIZE });
    all.push(...findings);
    if (findings.length === 0 || page >= at.totalPages) return all;
  }
}
