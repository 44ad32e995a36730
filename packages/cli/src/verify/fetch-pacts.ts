import { type HubClient, jsonOf, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';
import type { VerifyOptions } from './verify-deps.ts';

export type ConsumerVersionSelector = Readonly<Record<string, string | boolean>>;

export interface PactsQuestion {
  readonly provider: string;
  readonly branch: string | undefined;
  readonly tags: readonly string[];
  readonly selectors: readonly ConsumerVersionSelector[];
  readonly pending: boolean;
  /** Date since which work in progress is verified too. */
  readonly wipSince: string | undefined;
}

/** A pact that the hub wants verified. */
export interface PactToVerify {
  readonly name: string;
  readonly consumer: string;
  readonly pending: boolean;
  readonly text: string;
  /** Where its verification results go. */
  readonly resultsUrl: string;
}

/** What Pact's own documentation recommends: the main line, the same branch, and what runs somewhere. */
export function defaultSelectors(branch: string | undefined): readonly ConsumerVersionSelector[] {
  return [
    { mainBranch: true },
    ...(branch === undefined ? [] : [{ matchingBranch: true }]),
    { deployedOrReleased: true },
  ];
}

/** Asks for the pacts and reads each; empty when the hub has none for this provider, or does not know it. */
export async function fetchPacts(
  hub: HubClient,
  question: PactsQuestion,
): Promise<readonly PactToVerify[]> {
  const provider = encodeURIComponent(question.provider);
  const path = `/pacts/provider/${provider}/for-verification`;
  const answer = await hub.post(path, selectionRequest(question));
  if (answer.status === 404) return [];
  if (answer.status !== 200) {
    throw new CliError(`The pacts of ${question.provider}: ${refusalOf(answer)}`);
  }
  const body = jsonOf(answer, `The pacts of ${question.provider}`) as ForVerification;
  return Promise.all((body._embedded?.pacts ?? []).map((item) => fetchPact(hub, item)));
}

/** What the provider's configuration and the options together ask for. */
export function pactsQuestion(
  service: { readonly name: string; readonly branch?: string | undefined },
  options: Pick<VerifyOptions, 'branch' | 'tags' | 'pending' | 'wipSince' | 'selectors'>,
): PactsQuestion {
  const { tags, pending, wipSince, selectors } = options;
  const branch = options.branch ?? service.branch;
  const provider = service.name;
  return { provider, branch, tags, pending, wipSince, selectors: selectors(branch) };
}

/** The body in which a verifier says which pacts it wants. */
export function selectionRequest(question: PactsQuestion): object {
  return {
    includePendingStatus: question.pending,
    consumerVersionSelectors: question.selectors,
    ...(question.tags.length > 0 && { providerVersionTags: question.tags }),
    ...(question.branch !== undefined && { providerVersionBranch: question.branch }),
    ...(question.wipSince !== undefined && { includeWipPactsSince: question.wipSince }),
  };
}

interface ForVerification {
  readonly _embedded?: { readonly pacts?: readonly PactItem[] };
}

interface PactItem {
  readonly verificationProperties?: { readonly pending?: boolean };
  readonly _links: { readonly self: { readonly href: string; readonly name?: string } };
}

async function fetchPact(hub: HubClient, item: PactItem): Promise<PactToVerify> {
  const { href, name = href } = item._links.self;
  const answer = await hub.get(href);
  if (answer.status !== 200) throw new CliError(`${name}: ${refusalOf(answer)}`);
  const pact = jsonOf(answer, name) as {
    readonly consumer?: { readonly name?: string };
    readonly _links?: Readonly<Record<string, { readonly href?: string } | undefined>>;
  };
  const resultsUrl = pact._links?.['pb:publish-verification-results']?.href;
  if (resultsUrl === undefined) {
    throw new CliError(`${name}: the hub does not say where its verification results go.`);
  }
  return {
    name,
    consumer: pact.consumer?.name ?? 'unknown',
    pending: item.verificationProperties?.pending ?? false,
    text: answer.text,
    resultsUrl,
  };
}
