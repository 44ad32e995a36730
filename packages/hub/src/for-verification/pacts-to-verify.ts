import {
  type ContentSuccess,
  type ForVerificationRequest,
  isWorkInProgress,
  mergeSelections,
  type PendingState,
  type ProviderView,
  pendingState,
  type SelectedPact,
  type Selection,
} from '@concordat/domain';
import type { ProviderFacts, ProviderStore } from './provider-store.ts';
import { needsWhatRuns, selectPacts } from './select-pacts.ts';
import type { SelectionStore } from './selection-store.ts';
import { settleWhatRuns } from './settle-what-runs.ts';

/** One pact to verify with what the verifier is told about it. */
export interface PactToVerify {
  readonly selected: SelectedPact;
  /** Undefined when pending status was not asked for. */
  readonly pending: PendingState | undefined;
  readonly isWip: boolean;
}

export interface PactsToVerify {
  readonly view: ProviderView;
  readonly pacts: readonly PactToVerify[];
}

/** The pacts the selectors pick, then those that are work in progress. */
export async function pactsToVerify(
  request: ForVerificationRequest,
  facts: {
    readonly provider: ProviderFacts;
    readonly providers: ProviderStore;
    readonly selections: SelectionStore;
    /** Whether what is deployed or released is never pending. */
    readonly settlesWhatRuns: boolean;
  },
): Promise<PactsToVerify> {
  const { provider, providers, selections, settlesWhatRuns } = facts;
  const view = await viewOf(request, { provider, providers });
  if (provider.consumers.length === 0) return { view, pacts: [] };
  await selections.readAhead({
    heads: request.wipSince !== undefined && view.kind !== 'none',
    running: needsWhatRuns(request.selectors),
  });
  const picked = await selectPacts(request.selectors, {
    store: selections,
    consumers: provider.consumers,
    providerBranch: request.providerBranch,
  });
  const explicit = mergeSelections(picked);
  const candidates = await wipCandidates(request, { view, selections, explicit });
  const successes = await successesOf([...explicit, ...candidates], view, providers);
  const of = ({ pact }: SelectedPact): readonly ContentSuccess[] =>
    successes.get(pact.pactVersionId) ?? [];
  const wip = candidates.filter((candidate) => isWorkInProgress(of(candidate), view));
  const chosen = explicit.map((selected) => ({
    selected,
    pending: request.includePending ? pendingState(of(selected), view) : undefined,
    isWip: false,
  }));
  return {
    view,
    pacts: [
      ...(settlesWhatRuns ? await settleWhatRuns(chosen, selections) : chosen),
      ...wip.map((selected) => ({
        selected,
        pending: request.includePending ? { isPending: true, pendingTags: [] } : undefined,
        isWip: true,
      })),
    ],
  };
}

async function viewOf(
  { providerBranch, providerTags }: ForVerificationRequest,
  { provider, providers }: { readonly provider: ProviderFacts; readonly providers: ProviderStore },
): Promise<ProviderView> {
  if (providerBranch !== undefined) {
    return { kind: 'branch', line: await providers.branch(provider.id, providerBranch) };
  }
  if (providerTags.length === 0) return { kind: 'none' };
  const lines = [];
  for (const tag of new Set(providerTags)) lines.push(await providers.tag(provider.id, tag));
  return { kind: 'tags', lines };
}

/** Heads of any branch or tag, published after the date and not picked already. */
async function wipCandidates(
  { wipSince }: ForVerificationRequest,
  context: {
    readonly view: ProviderView;
    readonly selections: SelectionStore;
    readonly explicit: readonly SelectedPact[];
  },
): Promise<readonly SelectedPact[]> {
  const { view, selections, explicit } = context;
  if (wipSince === undefined || view.kind === 'none') return [];
  const branches = await selections.branchHeads('all');
  const tags = await selections.tagHeads('all');
  const picked = new Set(explicit.map(({ pact }) => pact.pactVersionId));
  const heads: readonly Selection[] = [
    ...branches.map(({ pact, label }) => ({
      pact,
      reason: { kind: 'branch' as const, branch: label },
    })),
    ...tags.map(({ pact, label }) => ({
      pact,
      reason: { kind: 'latest-tag' as const, tag: label },
    })),
  ];
  return mergeSelections(
    heads.filter(({ pact }) => !picked.has(pact.pactVersionId) && pact.publishedAt > wipSince),
  );
}

async function successesOf(
  selected: readonly SelectedPact[],
  view: ProviderView,
  providers: ProviderStore,
): Promise<ReadonlyMap<number, readonly ContentSuccess[]>> {
  const ids = selected.map(({ pact }) => pact.pactVersionId);
  const successes =
    view.kind === 'tags'
      ? await providers.successesByTag(ids)
      : await providers.successesByBranch(ids);
  const byContent = new Map<number, ContentSuccess[]>();
  for (const success of successes) {
    const held = byContent.get(success.pactVersionId);
    if (held === undefined) byContent.set(success.pactVersionId, [success]);
    else held.push(success);
  }
  return byContent;
}
