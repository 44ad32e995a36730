import type { EvidenceFloor } from '@concordat/domain';
import type { Database } from '../../database/database.ts';
import type { Feature } from '../../feature.ts';
import type { Insights } from '../insights.ts';
import { LedgerStore } from './ledger-store.ts';
import { UsageAnswers } from './usage-ledger.ts';
import { usageRoutes } from './usage-routes.ts';

/** Answers from the ledger; each counts everything that was taken before it was asked for. */
export function usageFeature(
  insights: Insights,
  { db, floor }: { readonly db: Database; readonly floor: EvidenceFloor },
): Feature {
  const answers = new UsageAnswers({
    book: async () => {
      await insights.flush();
      return await insights.book();
    },
    ledger: new LedgerStore(db),
    floor,
  });
  return { routes: usageRoutes(answers, () => new Date()) };
}
