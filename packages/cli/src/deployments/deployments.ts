import {
  type DeploymentResource,
  type DeploymentsQuery,
  type InsightsClient,
  type RecordedRunning,
  type RecordRunning,
  recordedRunningSchema,
} from '@concordat/api';
import { type HubClient, jsonOf, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';

const PAGE_SIZE = 200;

/** What runs against what was recorded, from every page the hub has. */
export async function listDeployments(
  insights: InsightsClient,
  query: DeploymentsQuery,
): Promise<readonly DeploymentResource[]> {
  const all: DeploymentResource[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await insights.deployments({ ...query, page, size: PAGE_SIZE });
    all.push(...answer.deployments);
    if (page >= answer.page.totalPages) return all;
  }
}

/** Has the hub record what runs and was never recorded. */
export async function recordRunning(
  hub: HubClient,
  asked: RecordRunning,
): Promise<RecordedRunning> {
  const answer = await hub.post('/insights/deployments/record', asked);
  if (answer.status !== 200) throw new CliError(`record-running: ${refusalOf(answer)}`);
  return recordedRunningSchema.parse(jsonOf(answer, 'record-running'));
}
