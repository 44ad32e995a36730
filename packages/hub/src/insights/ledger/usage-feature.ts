import type { EvidenceFloor } from '@concordat/domain';
import type { Database } from '../../database/database.ts';
import type { Feature } from '../../feature.ts';
import { createRouter } from '../../http/app.ts';
import type { Insights } from '../insights.ts';
import type { PromiseBook } from '../promise-book.ts';
import { LedgerStore } from './ledger-store.ts';
import { routeRoutes } from './route-routes.ts';
import { UsageAnswers } from './usage-ledger.ts';
import { usageRoutes } from './usage-routes.ts';

/** Answers from the ledger; each counts everything that was taken before it was asked for. */
export function usageFeature(
  insights: Insights,
  { db, floor }: { readonly db: Database; readonly floor: EvidenceFloor },
): Feature {
  const book = async (): Promise<PromiseBook> => {
    await insights.flush();
    return await insights.book();
  };
  const answers = new UsageAnswers({ book, ledger: new LedgerStore(db), floor });
  const routes = createRouter();
  routes.use(usageRoutes(answers, () => new Date()));
  routes.use(routeRoutes(() => insights.book()));
  return { routes };
}
