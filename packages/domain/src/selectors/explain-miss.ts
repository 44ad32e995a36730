import type { ConsumerVersionSelector } from './consumer-version-selector.ts';

/** Why a selector picks nothing of a consumer. */
export type MissKind =
  | 'unknown-consumer'
  | 'no-main-branch'
  | 'no-such-branch'
  | 'no-such-tag'
  | 'not-running'
  | 'no-pact-in-version'
  | 'no-pact';

export interface Miss {
  readonly kind: MissKind;
  readonly sentence: string;
}

/** What is known about one consumer and the thing the selector looks for. */
export interface MissFacts {
  readonly consumer: string;
  readonly provider: string;
  /** False when no consumer of that name ever had a pact with the provider. */
  readonly isKnown: boolean;
  readonly mainBranch: string | undefined;
  /** Of the verifier, for selectors that match it. */
  readonly providerBranch: string | undefined;
  /** Numbers of the versions that the branch, tag or environment names, whether or not they have a pact with the provider. */
  readonly versions: readonly string[];
}

/** Says why none of the consumer's pacts is picked, and what would help where that is known. */
export function explainMiss(selector: ConsumerVersionSelector, facts: MissFacts): Miss {
  const { consumer, provider, versions } = facts;
  if (!facts.isKnown) {
    return {
      kind: 'unknown-consumer',
      sentence: `${consumer} has published no pact with ${provider}; check how the names are written.`,
    };
  }
  if (selector.mainBranch === true && facts.mainBranch === undefined) {
    return {
      kind: 'no-main-branch',
      sentence: `It is not known which branch is the main branch of ${consumer}: set its mainBranch.`,
    };
  }
  if (versions.length > 0) {
    const [which, verb] = versions.length === 1 ? ['Version', 'has'] : ['Versions', 'have'];
    return {
      kind: 'no-pact-in-version',
      sentence: `${which} ${versions.join(', ')} of ${consumer}, ${placeOf(selector, facts)}, ${verb} published no pact with ${provider}.`,
    };
  }
  return missing(selector, facts);
}

function missing(selector: ConsumerVersionSelector, facts: MissFacts): Miss {
  const { consumer, provider } = facts;
  if (selector.tag !== undefined) {
    const fallback =
      selector.fallbackTag === undefined
        ? ''
        : `, and the fallback tag '${selector.fallbackTag}' picks nothing of it`;
    return {
      kind: 'no-such-tag',
      sentence: `No version of ${consumer} has the tag '${selector.tag}'${fallback}.`,
    };
  }
  const branch = branchOf(selector, facts);
  if (branch !== undefined) {
    const fallback =
      selector.fallbackBranch === undefined ? '' : ', nor the branch to fall back to';
    return {
      kind: 'no-such-branch',
      sentence: `${consumer} has no version on ${branch}${fallback}.`,
    };
  }
  if (isAboutPlaces(selector)) {
    return {
      kind: 'not-running',
      sentence: `No version of ${consumer} is recorded as ${placeOf(selector, facts)}.`,
    };
  }
  return { kind: 'no-pact', sentence: `${consumer} has no pact with ${provider} any more.` };
}

function branchOf(
  { mainBranch, matchingBranch, branch }: ConsumerVersionSelector,
  facts: MissFacts,
): string | undefined {
  if (mainBranch === true) return `its main branch '${facts.mainBranch}'`;
  if (matchingBranch === true) return `a branch '${facts.providerBranch}', like the provider's`;
  if (branch === true) return 'any branch';
  return branch === undefined ? undefined : `a branch '${branch}'`;
}

function placeOf(selector: ConsumerVersionSelector, facts: MissFacts): string {
  const { tag, environment, deployed, released, latest } = selector;
  if (tag !== undefined)
    return latest === true ? `the newest with tag '${tag}'` : `with tag '${tag}'`;
  const branch = branchOf(selector, facts);
  if (branch !== undefined) return `the newest on ${branch}`;
  const how =
    deployed === true ? 'deployed' : released === true ? 'released' : 'deployed or released';
  return environment === undefined ? how : `${how} in ${environment}`;
}

function isAboutPlaces({
  environment,
  deployed,
  released,
  deployedOrReleased,
}: ConsumerVersionSelector): boolean {
  return [environment, deployed, released, deployedOrReleased].some((each) => each !== undefined);
}
