import { type HubClient, refusalOf } from '../hub-client/hub-client.ts';
import type { InteractionVerification } from './verification.ts';

export interface ProviderVersion {
  readonly provider: string;
  readonly version: string;
  readonly branch: string | undefined;
  readonly tags: readonly string[];
  readonly buildUrl: string | undefined;
}

/** Puts the version on its branch and tags; first of all, as the official verifier does it. Answers why not, if not. */
export async function publishProviderVersion(
  hub: HubClient,
  { provider, version, branch, tags }: ProviderVersion,
): Promise<string | undefined> {
  const pacticipant = `/pacticipants/${encodeURIComponent(provider)}`;
  const number = encodeURIComponent(version);
  const paths = [
    ...(branch === undefined ? [] : [`/branches/${encodeURIComponent(branch)}/versions/${number}`]),
    ...tags.map((tag) => `/versions/${number}/tags/${encodeURIComponent(tag)}`),
  ];
  for (const path of paths) {
    const answer = await hub.put(`${pacticipant}${path}`, {});
    if (answer.status >= 300) return refusalOf(answer);
  }
  return undefined;
}

export interface PublishedResult {
  readonly resultsUrl: string;
  readonly interactions: readonly InteractionVerification[];
  readonly version: ProviderVersion;
}

/** Stores the result of one pact with that of each of its interactions. Answers why not, if not. */
export async function publishResult(
  hub: HubClient,
  { resultsUrl, interactions, version }: PublishedResult,
): Promise<string | undefined> {
  const answer = await hub.post(resultsUrl, {
    success: interactions.every(({ success }) => success),
    providerApplicationVersion: version.version,
    ...(version.buildUrl !== undefined && { buildUrl: version.buildUrl }),
    testResults: interactions.map(testResultOf),
    verifiedBy,
  });
  return answer.status < 300 ? undefined : refusalOf(answer);
}

const verifiedBy = {
  implementation: 'Concordat',
  version: '0.1.0',
  clientLanguage: { name: 'pact-js', version: '16.5.0', testFramework: 'pact_ffi' },
};

function testResultOf(interaction: InteractionVerification): unknown {
  const { id, description, success, mismatches, traceId } = interaction;
  return {
    ...(id !== undefined && { interactionId: id }),
    interactionDescription: description,
    success,
    mismatches,
    traceId,
  };
}
