import {
  type AliasResource,
  type AliasSuggestionResource,
  aliasSchema,
  type InsightsClient,
  type NewAlias,
} from '@concordat/api';
import { type HubClient, jsonOf, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';

const PAGE_SIZE = 1000;

/** All aliases, by service. */
export async function listAliases(insights: InsightsClient): Promise<readonly AliasResource[]> {
  const all: AliasResource[] = [];
  for (let page = 1; ; page += 1) {
    const { aliases, page: at } = await insights.aliases({ page, size: PAGE_SIZE });
    all.push(...aliases);
    if (page >= at.totalPages) return all;
  }
}

/** Services whose names nearly are those of pacticipants, the surest first. */
export async function suggestAliases(
  insights: InsightsClient,
): Promise<readonly AliasSuggestionResource[]> {
  const all: AliasSuggestionResource[] = [];
  for (let page = 1; ; page += 1) {
    const { suggestions, page: at } = await insights.aliasSuggestions({ page, size: PAGE_SIZE });
    all.push(...suggestions);
    if (page >= at.totalPages) return all;
  }
}

/** Saying the same twice is no failure. */
export async function addAlias(hub: HubClient, alias: NewAlias): Promise<AliasResource> {
  const answer = await hub.post('/insights/aliases', alias);
  if (answer.status !== 201 && answer.status !== 200) {
    throw new CliError(`alias ${alias.service}: ${refusalOf(answer)}`);
  }
  return aliasSchema.parse(jsonOf(answer, 'alias'));
}

export async function removeAlias(hub: HubClient, service: string): Promise<void> {
  const answer = await hub.delete(`/insights/aliases/${encodeURIComponent(service)}`);
  if (answer.status !== 204) throw new CliError(`alias ${service}: ${refusalOf(answer)}`);
}
