import {
  type DescribedInteraction,
  type InteractionVerdict,
  interactionVerdicts,
  parseJson,
  readInteractionResults,
} from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { promisedIn } from './promised-in.ts';
import {
  type KeptBy,
  type ReportedResult,
  VerifiedInteractionStore,
} from './verified-interaction-store.ts';

/** What a result says about one interaction; a failed one comes with who kept it last before. */
export type ReportedVerdict = InteractionVerdict<DescribedInteraction> & {
  readonly lastKept: KeptBy | undefined;
};

/** How many failed interactions of a result are looked up in the results before it. */
const LOOKED_UP = 50;

/**
 * What a verification result says about every interaction of its pact, in the pact's order, and then about what belongs to none;
 * read from the test results as they were sent. Empty when there is no such result.
 */
export async function interactionReport(
  verificationId: number,
  db: Database,
): Promise<readonly ReportedVerdict[]> {
  const store = new VerifiedInteractionStore(db);
  const reported = await store.reported(verificationId);
  if (reported === undefined) return [];
  const { consumerId, providerId } = reported;
  const verdicts = verdictsIn(reported);
  const kept = new Map<string, KeptBy | undefined>();
  const failed = verdicts.filter(({ outcome }) => outcome === 'failed').slice(0, LOOKED_UP);
  for (const id of new Set(failed.flatMap((verdict) => verdict.id ?? []))) {
    kept.set(id, await store.lastKept({ id, consumerId, providerId, before: verificationId }));
  }
  return verdicts.map((verdict) => ({
    ...verdict,
    lastKept: verdict.outcome === 'failed' ? kept.get(verdict.id ?? '') : undefined,
  }));
}

/** What a result says about every interaction of its content; an unreadable one says nothing of any. */
export function verdictsIn({
  content,
  testResults,
}: Pick<
  ReportedResult,
  'content' | 'testResults'
>): readonly InteractionVerdict<DescribedInteraction>[] {
  const json = testResults === null ? undefined : parseJson(testResults);
  const results = readInteractionResults(json?.ok === true ? json.value : undefined);
  return interactionVerdicts(promisedIn(content), results);
}
