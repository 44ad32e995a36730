import type { CallCountStore, CallFilter } from './call-count-store.ts';
import type { EdgeLatencyStore } from './edge-latency-store.ts';
import type { GuardCountStore } from './guard/guard-count-store.ts';
import { guardsByOperation } from './guard/guards-by-operation.ts';
import type { InteractionVerification } from './interaction-resource.ts';
import type { OperationLinkStore } from './operation-link-store.ts';
import type { PromiseBook } from './promise-book.ts';
import type { ObservedPair } from './read-edges.ts';

interface Pair {
  readonly consumer: string;
  readonly provider: string;
}

/** What the newest result of a content says about its interactions. */
export type VerdictsOf = (
  pact: Pair & { readonly sha: string },
) => Promise<readonly InteractionVerification[]>;

interface PairSources {
  readonly counts: CallCountStore;
  readonly latencies: EdgeLatencyStore;
  readonly links: OperationLinkStore;
  readonly guards: GuardCountStore;
  readonly book: PromiseBook;
  readonly verdictsOf: VerdictsOf;
}

/** More contents of a pair are not asked for their results. */
const MOST_CONTENTS = 10;

/** What one pair did, in calls, in the words of live guards and in the last verifications. */
export async function observePair(
  sources: PairSources,
  pair: Pair,
  filter: CallFilter,
): Promise<ObservedPair> {
  const { counts, latencies, links, guards } = sources;
  return {
    operations: await counts.operations(pair, filter),
    latencies: await latencies.operations(pair, filter),
    links: await links.between(pair, filter),
    guards: guardsByOperation(
      await guards.operations(pair, filter),
      await guards.mismatches(pair, filter),
    ),
    verifications: await verificationsOf(sources, pair, filter.environment),
  };
}

async function verificationsOf(
  { book, verdictsOf }: PairSources,
  pair: Pair,
  environment: string | undefined,
): Promise<readonly InteractionVerification[]> {
  const verified = book
    .pactsBetween(pair, environment)
    .filter(({ verification }) => verification !== 'unverified');
  const shas = [...new Set(verified.map(({ sha }) => sha))].slice(0, MOST_CONTENTS);
  const found: InteractionVerification[] = [];
  for (const sha of shas) found.push(...(await verdictsOf({ ...pair, sha })));
  return found;
}
