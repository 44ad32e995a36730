import { type NewOverride, type OverrideResource, overrideSchema } from '@concordat/api';
import { type HubClient, jsonOf, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';

const PAGE_SIZE = 1000;

export interface OverrideFilter {
  readonly pacticipant?: string;
  readonly environment?: string;
}

/** All that are in force, the one that ends first first. */
export async function listOverrides(
  hub: HubClient,
  filter: OverrideFilter,
): Promise<readonly OverrideResource[]> {
  const all: OverrideResource[] = [];
  for (let page = 1; ; page += 1) {
    const { overrides, page: at } = await hub.insights.overrides({
      ...{ ...filter, page, size: PAGE_SIZE },
    });
    all.push(...overrides);
    if (page >= at.totalPages) return all;
  }
}

export async function addOverride(hub: HubClient, wanted: NewOverride): Promise<OverrideResource> {
  const answer = await hub.post('/insights/overrides', wanted);
  if (answer.status !== 201) throw new CliError(`override: ${refusalOf(answer)}`);
  return overrideSchema.parse(jsonOf(answer, 'override'));
}

export async function removeOverride(hub: HubClient, id: string): Promise<void> {
  const answer = await hub.delete(`/insights/overrides/${encodeURIComponent(id)}`);
  if (answer.status !== 204) throw new CliError(`override: ${refusalOf(answer)}`);
}
