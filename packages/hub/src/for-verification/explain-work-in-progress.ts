import {
  type ForVerificationRequest,
  type LeftOut,
  mergeSelections,
  type Selection,
  whyNotWip,
  whyNoWip,
} from '@concordat/domain';
import type { PactsToVerify } from './pacts-to-verify.ts';
import type { SelectionStore } from './selection-store.ts';

export interface ExplainedWork {
  /** Why nothing is looked for; undefined when it is. */
  readonly notLookedFor: string | undefined;
  readonly leftOut: readonly (LeftOut & { readonly consumer: string; readonly version: string })[];
}

/** Why heads of consumer branches and tags that no selector picked are not among the work in progress. */
export async function explainWorkInProgress(
  { wipSince }: ForVerificationRequest,
  context: {
    readonly provider: string;
    readonly selections: SelectionStore;
    readonly answer: PactsToVerify;
  },
): Promise<ExplainedWork> {
  const { provider, selections, answer } = context;
  const notLookedFor = whyNoWip(wipSince, answer.view);
  if (notLookedFor !== undefined || wipSince === undefined) return { notLookedFor, leftOut: [] };
  const included = new Set(answer.pacts.map(({ selected }) => selected.pact.pactVersionId));
  const heads = [...(await selections.branchHeads('all')), ...(await selections.tagHeads('all'))];
  const candidates = mergeSelections(
    heads.map(
      ({ pact, label }): Selection => ({ pact, reason: { kind: 'branch', branch: label } }),
    ),
  );
  const leftOut = candidates
    .filter(({ pact }) => !included.has(pact.pactVersionId))
    .map((candidate) => ({
      consumer: candidate.pact.consumer.name,
      version: candidate.pact.consumerVersion.number,
      ...whyNotWip(candidate, wipSince, { provider, view: answer.view }),
    }));
  return { notLookedFor, leftOut };
}
