import type { DescribedInteraction, InteractionOutcome } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { verdictsIn } from './interaction-report.ts';
import { promisedIn } from './promised-in.ts';
import { VerifiedInteractionStore } from './verified-interaction-store.ts';

/** More results of one version for one pair are not looked at: each has a content to be read. */
const MOST_RESULTS = 20;

export interface InteractionName {
  readonly description: string;
  readonly providerStates: readonly string[];
}

/** What a result says about each interaction of its pact, and about what belongs to none; empty when the verifier said nothing. */
export async function interactionOutcomes(
  verificationId: number,
  db: Database,
): Promise<
  readonly {
    readonly interaction: InteractionName | undefined;
    readonly isPending: boolean;
    readonly outcome: InteractionOutcome;
  }[]
> {
  const reported = await new VerifiedInteractionStore(db).reported(verificationId);
  const verdicts = reported === undefined ? [] : verdictsIn(reported);
  if (verdicts.every(({ outcome }) => outcome === 'not-reported')) return [];
  return verdicts.map(({ interaction, outcome }) => ({
    interaction: interaction === undefined ? undefined : nameOf(interaction),
    isPending: interaction?.isPending === true,
    outcome,
  }));
}

/**
 * The interactions of a content that all of these versions of its provider have kept, word for word, as part of other contents; none
 * when no version is named.
 */
export async function keptElsewhere(
  row: {
    readonly consumer: string;
    readonly provider: string;
    readonly sha: string;
    readonly wanted: readonly number[];
  },
  db: Database,
): Promise<readonly InteractionName[]> {
  if (row.wanted.length === 0) return [];
  const store = new VerifiedInteractionStore(db);
  const own = promisedIn((await store.contentOf(row)) ?? '');
  const kept: ReadonlySet<string>[] = [];
  for (const providerVersionId of row.wanted) {
    kept.push(await keptBy(store, { ...row, providerVersionId, limit: MOST_RESULTS }));
  }
  return own.filter((each) => kept.every((keys) => keys.has(wordsOf(each)))).map(nameOf);
}

/** The newest result that speaks of an interaction counts. */
async function keptBy(
  store: VerifiedInteractionStore,
  asked: Parameters<VerifiedInteractionStore['resultsBy']>[0],
): Promise<ReadonlySet<string>> {
  const outcomes = new Map<string, boolean>();
  for (const { success, ...result } of await store.resultsBy(asked)) {
    for (const { interaction, outcome } of verdictsIn(result)) {
      const isKept = success === 1 || outcome === 'passed';
      if (interaction === undefined || (!isKept && outcome === 'not-reported')) continue;
      const words = wordsOf(interaction);
      if (!outcomes.has(words)) outcomes.set(words, isKept);
    }
  }
  return new Set([...outcomes].filter(([, isKept]) => isKept).map(([words]) => words));
}

/** Everything the interaction says; ids and places differ between contents. */
function wordsOf(interaction: DescribedInteraction): string {
  return JSON.stringify({ ...interaction, id: undefined, position: undefined });
}

function nameOf({ description, providerStates }: DescribedInteraction): InteractionName {
  return { description, providerStates: providerStates.map(({ name }) => name) };
}
