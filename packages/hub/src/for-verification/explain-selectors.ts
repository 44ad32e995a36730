import {
  type ConsumerVersionSelector,
  explainMiss,
  type ForVerificationRequest,
  type Miss,
  mergeSelections,
  selectionCriteria,
} from '@concordat/domain';
import type { LabelStore, NamedVersion } from './label-store.ts';
import { selectPacts } from './select-pacts.ts';
import type { ConsumerOf, SelectionStore } from './selection-store.ts';

/** What one selector, or the lack of any, picked and of whom it picked nothing. */
export interface ExplainedSelector {
  readonly selector: ConsumerVersionSelector | undefined;
  readonly matched: readonly {
    readonly consumer: string;
    readonly version: string;
    readonly because: string;
  }[];
  readonly missed: readonly (Miss & { readonly consumer: string })[];
}

export interface ExplainedScope {
  readonly provider: string;
  readonly consumers: readonly ConsumerOf[];
  readonly selections: SelectionStore;
  readonly labels: LabelStore;
}

/** Each selector by itself: what it picks is the same whatever others pick. */
export async function explainSelectors(
  { selectors, providerBranch }: ForVerificationRequest,
  scope: ExplainedScope,
): Promise<readonly ExplainedSelector[]> {
  if (selectors.length === 0) return [await explain(undefined, { ...scope, providerBranch })];
  const explained: ExplainedSelector[] = [];
  for (const selector of selectors) {
    explained.push(await explain(selector, { ...scope, providerBranch }));
  }
  return explained;
}

type Scope = ExplainedScope & { readonly providerBranch: string | undefined };

async function explain(
  selector: ConsumerVersionSelector | undefined,
  scope: Scope,
): Promise<ExplainedSelector> {
  const { consumers, selections, providerBranch, provider } = scope;
  const picked = await selectPacts(selector === undefined ? [] : [selector], {
    store: selections,
    consumers,
    providerBranch,
  });
  const matched = mergeSelections(picked).flatMap(({ pact, reasons }) =>
    reasons.map((reason) => ({
      consumer: pact.consumer.name,
      version: reason.version.number,
      because: selectionCriteria([reason], provider).join(''),
    })),
  );
  const names = new Set(matched.map(({ consumer }) => consumer));
  const missed = await missesOf(selector ?? { latest: true }, names, scope);
  return { selector, matched, missed };
}

async function missesOf(
  selector: ConsumerVersionSelector,
  matched: ReadonlySet<string>,
  scope: Scope,
): Promise<ExplainedSelector['missed']> {
  const { consumers, provider, providerBranch } = scope;
  const { consumer: only } = selector;
  const known = consumers.filter(({ name }) => only === undefined || name === only);
  const missing = known.filter(({ name }) => !matched.has(name));
  const misses: (Miss & { readonly consumer: string })[] = [];
  for (const consumer of missing) {
    const facts = {
      consumer: consumer.name,
      provider,
      isKnown: true,
      mainBranch: consumer.mainBranch ?? undefined,
      providerBranch,
      versions: await versionsNamed(selector, consumer, scope),
    };
    misses.push({ consumer: consumer.name, ...explainMiss(selector, facts) });
  }
  if (only === undefined || known.length > 0) return misses;
  const nobody = { mainBranch: undefined, providerBranch, versions: [], isKnown: false };
  return [{ consumer: only, ...explainMiss(selector, { consumer: only, provider, ...nobody }) }];
}

/** The versions of the consumer that the selector looks at; none has a pact, or it would have been picked. */
async function versionsNamed(
  selector: ConsumerVersionSelector,
  consumer: ConsumerOf,
  scope: Scope,
): Promise<readonly string[]> {
  const own = <T extends NamedVersion>(versions: readonly T[]): readonly T[] =>
    versions.filter(({ consumerId }) => consumerId === consumer.id);
  const { labels } = scope;
  const { tag, latest } = selector;
  if (tag !== undefined) {
    const tagged = own(await labels.tagged(tag));
    return numbers(latest === true ? tagged.slice(0, 1) : tagged);
  }
  const branch = branchNamed(selector, consumer, scope);
  if (branch !== undefined) {
    const heads = own(await labels.branchHeads());
    return numbers(heads.filter(({ label }) => branch === true || label === branch));
  }
  if (!namesPlace(selector)) return [];
  const { environment, deployed, released } = selector;
  const there = own(await labels.placed()).filter(
    ({ label }) => environment === undefined || label === environment,
  );
  return numbers(
    there.filter(({ how }) => (how === 'deployed' ? released !== true : deployed !== true)),
  );
}

function branchNamed(
  { mainBranch, matchingBranch, branch }: ConsumerVersionSelector,
  consumer: ConsumerOf,
  { providerBranch }: Scope,
): string | true | undefined {
  if (mainBranch === true) return consumer.mainBranch ?? undefined;
  return matchingBranch === true ? providerBranch : branch;
}

function namesPlace({
  environment,
  deployed,
  released,
  deployedOrReleased,
}: ConsumerVersionSelector): boolean {
  return [environment, deployed, released, deployedOrReleased].some((each) => each !== undefined);
}

function numbers(versions: readonly NamedVersion[]): readonly string[] {
  return [...new Set(versions.map(({ number }) => number))];
}
