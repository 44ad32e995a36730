import type { Database } from '../database/database.ts';
import { interactionReport, type ReportedVerdict } from './interaction-report.ts';

/** What failed in a result, and whether the verifier told of interactions at all. */
export async function failedInteractions(
  verificationId: number,
  db: Database,
): Promise<{
  readonly total: number;
  readonly told: boolean;
  readonly failed: readonly (Pick<
    ReportedVerdict,
    'id' | 'description' | 'providerStates' | 'mismatches' | 'lastKept' | 'traceId'
  > & { readonly isPending: boolean })[];
}> {
  const verdicts = await interactionReport(verificationId, db);
  const failed = verdicts.filter(({ outcome }) => outcome === 'failed');
  return {
    total: verdicts.filter(({ interaction }) => interaction !== undefined).length,
    told: verdicts.some(({ outcome }) => outcome !== 'not-reported'),
    failed: failed.map(({ interaction, ...verdict }) => ({
      ...verdict,
      isPending: interaction?.isPending === true,
    })),
  };
}
