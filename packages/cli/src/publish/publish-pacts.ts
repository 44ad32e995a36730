import { type HubClient, jsonOf, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';
import type { PactFile } from './read-pact.ts';

export interface ConsumerVersion {
  readonly version: string;
  readonly branch?: string;
  readonly tags?: readonly string[];
  readonly buildUrl?: string;
  readonly merge?: boolean;
}

/** One request for each consumer with all its pacts, so that they are published together or not at all. */
export async function publishPacts(
  hub: HubClient,
  pacts: readonly PactFile[],
  version: ConsumerVersion,
): Promise<readonly string[]> {
  const notices: string[] = [];
  for (const consumer of new Set(pacts.map((pact) => pact.consumer))) {
    const own = pacts.filter((pact) => pact.consumer === consumer);
    const answer = await hub.post('/contracts/publish', requestOf(consumer, own, version));
    if (answer.status !== 200) {
      throw new CliError(`The pacts of ${consumer} ${version.version}: ${refusalOf(answer)}`);
    }
    notices.push(...noticesOf(jsonOf(answer, 'Publishing')));
  }
  return notices;
}

function requestOf(
  consumer: string,
  pacts: readonly PactFile[],
  { version, branch, tags = [], buildUrl, merge = false }: ConsumerVersion,
): unknown {
  return {
    pacticipantName: consumer,
    pacticipantVersionNumber: version,
    ...(branch !== undefined && { branch }),
    ...(tags.length > 0 && { tags }),
    ...(buildUrl !== undefined && { buildUrl }),
    contracts: pacts.map((pact) => ({
      consumerName: pact.consumer,
      providerName: pact.provider,
      specification: 'pact',
      contentType: 'application/json',
      content: Buffer.from(pact.text).toString('base64'),
      onConflict: merge ? 'merge' : 'overwrite',
    })),
  };
}

function noticesOf(body: unknown): readonly string[] {
  const { notices = [] } = body as { notices?: readonly { type?: string; text?: string }[] };
  return notices
    .filter(({ type }) => type === 'success' || type === 'warning' || type === 'error')
    .map(({ text = '' }) => text.trim());
}
