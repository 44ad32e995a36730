import { type FindingResource, findingSchema } from '@concordat/api';
import { type HubClient, jsonOf, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';

/** Says who lets a finding be, why and until when; for ever without a time. */
export async function acknowledgeFinding(
  hub: HubClient,
  id: string,
  said: {
    readonly by: string | undefined;
    readonly reason: string;
    readonly until: Date | undefined;
  },
): Promise<FindingResource> {
  const { by, reason, until } = said;
  const answer = await hub.put(pathOf(id), {
    ...{ reason, until: until?.toISOString() ?? null },
    ...(by !== undefined && { by }),
  });
  if (answer.status !== 200) throw new CliError(`Not acknowledged: ${refusalOf(answer)}`);
  return findingSchema.parse(jsonOf(answer, 'The acknowledgement'));
}

/** Done as well when nobody had acknowledged it. */
export async function unacknowledgeFinding(hub: HubClient, id: string): Promise<void> {
  const answer = await hub.delete(pathOf(id));
  if (answer.status !== 204) throw new CliError(`Not taken back: ${refusalOf(answer)}`);
}

function pathOf(id: string): string {
  return `/insights/findings/${encodeURIComponent(id)}/acknowledgement`;
}
