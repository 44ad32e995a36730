import type { InteractionVerdict } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { verdictsIn } from './interaction-report.ts';
import { VerifiedInteractionStore } from './verified-interaction-store.ts';

/** What the newest result of a content says about one of its interactions. */
export interface LastVerdict
  extends Pick<
    InteractionVerdict,
    'description' | 'providerStates' | 'mismatches' | 'traceId' | 'outcome'
  > {
  readonly providerVersion: string;
  /** UTC text. */
  readonly verifiedAt: string;
}

/** Interactions that the verifier reported, as the newest result of the content has them; empty while there is none. */
export async function lastVerdicts(
  pact: { readonly consumer: string; readonly provider: string; readonly sha: string },
  db: Database,
): Promise<readonly LastVerdict[]> {
  const newest = await new VerifiedInteractionStore(db).newestResult(pact);
  if (newest === undefined) return [];
  const { providerVersion, verifiedAt } = newest;
  return verdictsIn(newest)
    .filter(({ outcome }) => outcome !== 'not-reported')
    .map(({ description, providerStates, mismatches, traceId, outcome }) => ({
      ...{ description, providerStates, mismatches, traceId, outcome },
      ...{ providerVersion, verifiedAt },
    }));
}
