import type { ConsumerVersionSelector, Selection } from '@concordat/domain';
import type { ConsumerOf, LabelledPact, SelectionStore } from './selection-store.ts';

/** What the selectors of one request are applied to. */
export interface SelectionScope {
  readonly store: SelectionStore;
  readonly consumers: readonly ConsumerOf[];
  readonly providerBranch: string | undefined;
}

type OfConsumer = { readonly consumer?: string };

/** Applies the selectors in turn; without any, main branches (or what stands for them) and everything that runs. */
export async function selectPacts(
  selectors: readonly ConsumerVersionSelector[],
  scope: SelectionScope,
): Promise<readonly Selection[]> {
  if (selectors.length === 0) return selectByDefault(scope);
  const selections: Selection[] = [];
  const fallbacks: ConsumerVersionSelector[] = [];
  for (const selector of selectors) {
    const narrowed = { ...scope, consumers: consumersOf(selector, scope) };
    selections.push(...(await applySelector(selector, narrowed)));
    if (selector.fallbackTag !== undefined) fallbacks.push(selector);
  }
  for (const selector of fallbacks)
    selections.push(...(await fallBackToTag(selector, selections, scope)));
  return selections;
}

async function selectByDefault(scope: SelectionScope): Promise<readonly Selection[]> {
  const { store, consumers } = scope;
  const named = consumers.flatMap(({ mainBranch }) => mainBranch ?? []);
  const branches = await store.branchesOf(named);
  const hasMain = ({ id, mainBranch }: ConsumerOf): boolean => branches.has(`${id} ${mainBranch}`);
  const main = await selectMainBranches(
    { ...scope, consumers: consumers.filter(hasMain) },
    (consumer) => ({ consumer: consumer.name }),
  );
  const others = consumers.filter((consumer) => !hasMain(consumer));
  const rest = others.length === 0 ? [] : await selectWithoutMainBranch(store, others);
  const running = await selectDeployedOrReleased({ ...scope, of: {} });
  return [...main, ...rest, ...running];
}

/** A tag named like the main branch stands for it; a consumer that has neither gives its latest pact. */
async function selectWithoutMainBranch(
  store: SelectionStore,
  consumers: readonly ConsumerOf[],
): Promise<readonly Selection[]> {
  const names = consumers.flatMap(({ mainBranch }) => mainBranch ?? []);
  const heads = await store.tagHeads([...new Set(names)]);
  const latest = await store.latest();
  return consumers.flatMap((consumer): readonly Selection[] => {
    const tagged = heads.find(
      ({ pact, label }) => pact.consumer.id === consumer.id && label === consumer.mainBranch,
    );
    const of = { consumer: consumer.name };
    if (tagged !== undefined) {
      return [{ pact: tagged.pact, reason: { kind: 'latest-tag', tag: tagged.label, ...of } }];
    }
    const pact = latest.find((each) => each.consumer.id === consumer.id);
    return pact === undefined ? [] : [{ pact, reason: { kind: 'latest', ...of } }];
  });
}

async function applySelector(
  selector: ConsumerVersionSelector,
  scope: SelectionScope,
): Promise<readonly Selection[]> {
  const of: OfConsumer = selector.consumer === undefined ? {} : { consumer: selector.consumer };
  const { environment, tag } = selector;
  if (selector.mainBranch === true) return selectMainBranches(scope, () => of);
  if (selector.matchingBranch === true) {
    const matching = { ...selector, branch: scope.providerBranch ?? '' };
    return selectBranch(matching, { ...scope, of });
  }
  if (selector.branch !== undefined) return selectBranch(selector, { ...scope, of });
  if (tag !== undefined) return selectTag(tag, selector.latest === true, { ...scope, of });
  if (isAboutEnvironments(selector)) return selectRunning(selector, { ...scope, of }, environment);
  const pacts = await scope.store.latest();
  return within(
    pacts.map((pact) => ({ pact, reason: { kind: 'latest', ...of } })),
    scope,
  );
}

/** Whether any of the selectors, or what stands for none, is about what is deployed or released. */
export function needsWhatRuns(selectors: readonly ConsumerVersionSelector[]): boolean {
  return selectors.length === 0 || selectors.some(isAboutEnvironments);
}

function isAboutEnvironments(selector: ConsumerVersionSelector): boolean {
  const { environment, deployed, released, deployedOrReleased } = selector;
  return (
    environment !== undefined ||
    deployed === true ||
    released === true ||
    deployedOrReleased === true
  );
}

async function selectMainBranches(
  scope: SelectionScope,
  of: (consumer: ConsumerOf) => OfConsumer,
): Promise<readonly Selection[]> {
  const mains = new Map(scope.consumers.map((consumer) => [consumer.id, consumer]));
  const names = scope.consumers.flatMap(({ mainBranch }) => mainBranch ?? []);
  const heads = await scope.store.branchHeads([...new Set(names)]);
  return heads.flatMap(({ pact, label }): readonly Selection[] => {
    const consumer = mains.get(pact.consumer.id);
    if (consumer === undefined || consumer.mainBranch !== label) return [];
    return [{ pact, reason: { kind: 'main-branch', branch: label, ...of(consumer) } }];
  });
}

type Scoped = SelectionScope & { readonly of: OfConsumer };

/** A consumer without the branch gives the head of the fallback branch, if one is named and it has that. */
async function selectBranch(
  { branch, fallbackBranch }: ConsumerVersionSelector,
  scope: Scoped,
): Promise<readonly Selection[]> {
  const { store, of } = scope;
  if (branch === true || branch === undefined) {
    return within(asBranches(await store.branchHeads('all'), of), scope);
  }
  const own = within(asBranches(await store.branchHeads([branch]), of), scope);
  if (fallbackBranch === undefined) return own;
  const existing = await store.branchesOf([branch]);
  const lacking = scope.consumers.filter(({ id }) => !existing.has(`${id} ${branch}`));
  const heads = await fallbackHeads(fallbackBranch, { ...scope, consumers: lacking });
  const instead = asBranches(heads, { ...of, insteadOf: branch });
  return [...own, ...within(instead, { ...scope, consumers: lacking })];
}

/** Of the named branch, or of each consumer's own main branch. */
async function fallbackHeads(
  fallback: string | true,
  { store, consumers }: SelectionScope,
): Promise<readonly LabelledPact[]> {
  if (fallback !== true) return store.branchHeads([fallback]);
  const mains = new Map(consumers.map(({ id, mainBranch }) => [id, mainBranch]));
  const names = consumers.flatMap(({ mainBranch }) => mainBranch ?? []);
  const heads = await store.branchHeads([...new Set(names)]);
  return heads.filter(({ pact, label }) => mains.get(pact.consumer.id) === label);
}

function asBranches(
  heads: readonly LabelledPact[],
  of: OfConsumer & { readonly insteadOf?: string },
): readonly Selection[] {
  return heads.map(({ pact, label }) => ({
    pact,
    reason: { kind: 'branch', branch: label, ...of },
  }));
}

async function selectTag(
  tag: string,
  isLatest: boolean,
  scope: Scoped,
): Promise<readonly Selection[]> {
  const { store, of } = scope;
  const found = isLatest ? await store.tagHeads([tag]) : await store.tagged([tag]);
  const kind = isLatest ? 'latest-tag' : 'tag';
  return within(
    found.map(({ pact }) => ({ pact, reason: { kind, tag, ...of } })),
    scope,
  );
}

/** Only when nothing at all, of any consumer, was the latest with the wanted tag. */
async function fallBackToTag(
  { tag, fallbackTag = '', consumer }: ConsumerVersionSelector,
  selections: readonly Selection[],
  scope: SelectionScope,
): Promise<readonly Selection[]> {
  const isFound = selections.some(
    ({ reason }) => reason.kind === 'latest-tag' && reason.tag === tag,
  );
  if (isFound || tag === undefined) return [];
  const of: OfConsumer = consumer === undefined ? {} : { consumer };
  const heads = await scope.store.tagHeads([fallbackTag]);
  return within(
    heads.map(({ pact }) => ({
      pact,
      reason: { kind: 'latest-tag', tag: fallbackTag, insteadOf: tag, ...of },
    })),
    { ...scope, consumers: consumersOf({ ...of }, scope) },
  );
}

async function selectRunning(
  selector: ConsumerVersionSelector,
  scope: Scoped,
  environment: string | undefined,
): Promise<readonly Selection[]> {
  const { deployed, released } = selector;
  const only = deployed === true ? 'deployed' : released === true ? 'released' : undefined;
  const found = await selectDeployedOrReleased(scope, only);
  const there = found.filter(
    ({ reason }) =>
      environment === undefined || ('environment' in reason && reason.environment === environment),
  );
  const isPlain = only === undefined && selector.deployedOrReleased !== true;
  if (!isPlain || environment === undefined) return there;
  return there.map(({ pact }) => ({
    pact,
    reason: { kind: 'environment', environment, ...scope.of },
  }));
}

async function selectDeployedOrReleased(
  scope: Scoped,
  only?: 'deployed' | 'released',
): Promise<readonly Selection[]> {
  const { store, of } = scope;
  const as = (
    kind: 'deployed' | 'released',
    pacts: readonly LabelledPact[],
  ): readonly Selection[] =>
    pacts.map(({ pact, label }) => ({ pact, reason: { kind, environment: label, ...of } }));
  const deployed = only === 'released' ? [] : as('deployed', await store.deployed());
  const released = only === 'deployed' ? [] : as('released', await store.released());
  return within([...deployed, ...released], scope);
}

function consumersOf(
  { consumer }: ConsumerVersionSelector,
  { consumers }: SelectionScope,
): readonly ConsumerOf[] {
  return consumer === undefined ? consumers : consumers.filter(({ name }) => name === consumer);
}

function within(
  selections: readonly Selection[],
  { consumers }: SelectionScope,
): readonly Selection[] {
  const ids = new Set(consumers.map(({ id }) => id));
  return selections.filter(({ pact }) => ids.has(pact.consumer.id));
}
