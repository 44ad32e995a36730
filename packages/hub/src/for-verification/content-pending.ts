import { pendingState } from '@concordat/domain';
import type { ForVerificationDeps } from './for-verification-routes.ts';
import { ProviderStore } from './provider-store.ts';

/** One content in front of one version of its provider. */
export interface PendingQuestion {
  readonly pactVersionId: number;
  readonly providerId: number;
  readonly providerVersionId: number;
}

/** Whether the content is pending for the provider version, by the newest of its branches; else by what anybody verified. */
export async function contentPending(
  { pactVersionId, providerId, providerVersionId }: PendingQuestion,
  { db, settlesWhatRuns }: ForVerificationDeps,
): Promise<boolean> {
  const providers = new ProviderStore(db);
  if (settlesWhatRuns && (await providers.runsSomewhere(pactVersionId))) return false;
  const successes = await providers.successesByBranch([pactVersionId]);
  const branch = await providers.branchOf(providerVersionId);
  if (branch === undefined) return pendingState(successes, { kind: 'none' }).isPending;
  const line = await providers.branch(providerId, branch);
  return pendingState(successes, { kind: 'branch', line }).isPending;
}
